"""A whole installation: the stand-in platform, the web server, the jobs, and the people of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from answers import Engine
from bot.config import Settings, load_settings
from bot.jobs import Jobs
from bot.services import Services, build
from bot.serving import listening, working
from domain.notice_loader import load_notice
from domain.roles import Role
from domain.roster import RosterRow
from simulator.platform import Person, Platform
from simulator.server import SimulatorServer
from store.roster import import_rows
from store.schema.mail import Inbox, InboxState, Outbox, OutboxState

TEACHER, COORDINATOR, ADMIN, OUTSIDER = "lc-teacher-1", "lc-coordinator", "bureau-admin", "lc-teacher-9"
PEOPLE = (
    Person(TEACHER, "利川市 教师一", "利川市"),
    Person("es-teacher-1", "恩施市 教师一", "恩施市"),
    Person(COORDINATOR, "利川市 协调员", "利川市"),
    Person(ADMIN, "州教育局 管理员", "州教育局"),
    Person(OUTSIDER, "利川市 教师九", "利川市", in_app_scope=False),
    Person("hidden-1", "利川市 教师八", "利川市", bot_userid="woAJ2GCAAAXtWyujaWJHDDGi0mACas1w"),
)
ROSTER = (
    RosterRow(TEACHER, "利川市 教师一", Role.TEACHER, "lichuan", "利川市某中学"),
    RosterRow("es-teacher-1", "恩施市 教师一", Role.TEACHER, "enshi", "恩施市某小学"),
    RosterRow(COORDINATOR, "利川市 协调员", Role.COORDINATOR, "lichuan"),
    RosterRow(ADMIN, "州教育局 管理员", Role.ADMIN, None),
    RosterRow(OUTSIDER, "利川市 教师九", Role.TEACHER, "lichuan", "利川市某小学"),
)


@dataclass
class Backend:
    """Where the rows and the queue of one installation lie."""

    database_url: str
    redis_url: str
    data_dir: Path


@dataclass
class Installation:
    """One running service and the platform it talks to."""

    platform: Platform
    services: Services
    backend: Backend
    settings: Settings

    def wait(self, predicate: Callable[[], object], timeout: float = 20) -> object:
        """Wait for something to become true on the platform or in the database."""
        return self.platform.wait_for(predicate, timeout)

    def last(self, userid: str, channel: str = "bot") -> str:
        """The text this person saw last from the bot, "" while there is none."""
        shown = [
            message.text
            for message in self.platform.chat(userid, channel)
            if message.author != "person" and not message.card
        ]
        return shown[-1] if shown else ""

    def answer(self, userid: str, channel: str = "bot", timeout: float = 30) -> str:
        """The last thing the bot said to this person once everything is handled and no stream grows any more."""

        def done() -> str:
            shown = [
                message
                for message in self.platform.chat(userid, channel)
                if message.author != "person" and not message.card
            ]
            return shown[-1].text if self.settled() and shown and all(m.finished for m in shown) else ""

        return str(self.wait(done, timeout))

    def outgoing_ended(self) -> bool:
        """Whether no outgoing message is queued or being sent."""
        with self.services.database.read() as session:
            open_rows = (
                select(func.count())
                .select_from(Outbox)
                .where(Outbox.state.in_((OutboxState.QUEUED, OutboxState.SENDING)))
            )
            return session.scalar(open_rows) == 0

    def settled(self) -> bool:
        """Whether every inbox row has reached its end."""
        with self.services.database.read() as session:
            open_rows = (
                select(func.count()).select_from(Inbox).where(Inbox.state.not_in((InboxState.DONE, InboxState.DEAD)))
            )
            return session.scalar(open_rows) == 0

    def violations(self) -> list[object]:
        """Breaches of the protocol the platform has noticed."""
        return list(self.platform.ledger.violations())


def settings_for(sim: SimulatorServer, backend: Backend, **overrides: object) -> Settings:
    """Settings of an installation that talks to this platform."""
    platform = sim.settings
    values: dict[str, object] = {
        "wecom_corp_id": platform.corp_id,
        "wecom_agent_id": platform.agent_id,
        "wecom_app_secret": platform.app_secret,
        "wecom_app_token": platform.app_token,
        "wecom_app_aes_key": platform.app_aes_key,
        "wecom_bot_token": platform.bot_token,
        "wecom_bot_aes_key": platform.bot_aes_key,
        "wecom_bot_id": platform.bot_id,
        "wecom_api_base": sim.api_base,
        "data_dir": backend.data_dir,
        "database_url": backend.database_url,
        "redis_url": backend.redis_url,
        "bot_clock": "2023-05-06T09:00:00+08:00",
        "_env_file": None,
    }
    return load_settings(**(values | overrides))


def engine_for(settings: Settings) -> Engine | None:
    """One for all that answer from the notice we come with; None for any other notice."""
    return _engine(settings.notice) if settings.notice == Settings.model_fields["notice"].default else None


@cache
def _engine(notice: Path) -> Engine:
    return Engine(load_notice(notice))


def seed(services: Services) -> None:
    """The roster of the tests."""
    with services.database.begin() as session:
        import_rows(session, ROSTER, by=None, now=services.clock.real())


@contextmanager
def install(sim: SimulatorServer, backend: Backend, **overrides: object) -> Iterator[Installation]:
    """Start everything, register the callbacks, stop everything."""
    settings = settings_for(sim, backend, **overrides)
    with working(settings, engine_for(settings)) as services:
        seed(services)
        with listening(services, "127.0.0.1", 0) as port:
            connect(sim.platform, port)
            yield Installation(sim.platform, services, backend, settings)


@contextmanager
def web_only(sim: SimulatorServer, backend: Backend, **overrides: object) -> Iterator[Installation]:
    """A web process without workers: what it accepts stays in the rows."""
    settings = settings_for(sim, backend, **overrides)
    jobs = Jobs(settings)
    services = build(settings, jobs.nudge, engine_for(settings))
    jobs.bind(services)
    seed(services)
    try:
        with listening(services, "127.0.0.1", 0) as port:
            connect(sim.platform, port)
            yield Installation(sim.platform, services, backend, settings)
    finally:
        jobs.stop()
        services.close()


def connect(platform: Platform, port: int) -> None:
    """Tell the platform where the callbacks are."""
    platform.set_callback("app", f"http://127.0.0.1:{port}/wecom/app")
    platform.set_callback("bot", f"http://127.0.0.1:{port}/wecom/aibot")
