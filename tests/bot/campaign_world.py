"""A made-up campaign over the real tables: people, cases, a clock that is moved by hand, and what was sent."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from answers import Engine
from bot.config import load_settings
from bot.engines import Engines
from bot.handling import drain_lane
from bot.intake import take
from bot.reminding import remind, still_good
from bot.services import Services, build
from domain.chat import Channel, Incoming, MessageKind
from domain.receipt import RANDOM_BYTES, new_receipt
from domain.roles import Role
from domain.roster import RosterRow
from store import cases, inbox, outbox, people
from store.cases import Arrived
from store.database import Database
from store.moves import Move
from store.roster import import_rows
from store.schema.campaign import Case, CaseState, Person
from store.schema.mail import Inbox, InboxState, Outbox, OutboxKind
from store.schema.reminders import Reminder, ReminderState

_ROOT = Path(__file__).resolve().parents[2]
_PACK = _ROOT / "notices" / "enshi-2023-05"
_MUST = '{ name = "第一示范校", unit = "lichuan" }, { name = "第二示范校", unit = "hefeng" }'


class HandClock:
    """A clock that somebody moves."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def real(self) -> datetime:
        return self.instant

    now = real

    def campaign(self, real: datetime) -> datetime:
        return real


@dataclass
class Sent:
    """A text that left, with its reminders' keys."""

    at: datetime
    lane: str
    text: str
    keys: tuple[tuple[object, ...], ...]
    kinds: frozenset[str]


@dataclass
class World:
    """The campaign, two schedulers of it, and the ledger of what was sent."""

    services: Services
    clock: HandClock
    dice: random.Random
    numbers: int = 0
    ledger: list[Sent] = field(default_factory=list)

    def enrol(self, rows: list[RosterRow]) -> None:
        with self.services.database.begin() as session:
            import_rows(session, rows, by=None, now=self.clock.now())

    def hand_in(self, userid: str, category: str, step: Move) -> int:
        """A case of this person, checked with this outcome."""
        self.numbers += 1
        number, now = self.numbers, self.clock.now()
        with self.services.database.begin() as session:
            owner = people.by_userid(session, userid)
            assert owner is not None
            arrived = Arrived(
                owner_id=owner.id,
                title=f"第{number}号课堂案例",
                category=category,
                name=f"{number}号.docx",
                size=1,
                sha256=f"{number:064d}",
                arrived_at=now,
                on_time=True,
                inbox_id=None,
                position=0,
            )
            case = cases.receive_material(
                session, arrived, lambda kind: new_receipt(kind, number.to_bytes(RANDOM_BYTES)), now
            ).case
            assert cases.move(session, case, step, actor_id=owner.id, now=now)
            return case.id

    def move(self, case_id: int, step: Move) -> bool:
        with self.services.database.begin() as session:
            return cases.move(session, cases.get(session, case_id), step, actor_id=None, now=self.clock.now())

    def write(self, userid: str) -> None:
        """The person says something to the bot."""
        self.numbers += 1
        now = self.clock.now()
        with self.services.database.begin() as session:
            row = Inbox(
                channel=Channel.APP,
                key=f"m{self.numbers}",
                lane=userid,
                message="{}",
                received_at=now,
                campaign_at=now,
                state=InboxState.DONE,
                next_try_at=now,
            )
            session.add(row)

    def say(self, userid: str, words: str) -> str:
        """What the bot answers to these words, by the app's chat."""
        self.numbers += 1
        message = Incoming(Channel.APP, f"m{self.numbers}", MessageKind.TEXT, userid, self.clock.real(), text=words)
        answer = take(self.services, message).text
        drain_lane(self.services, message.lane)
        with self.services.database.read() as session:
            row = inbox.get(session, Channel.APP, message.key)
            texts = session.scalars(select(Outbox.text).where(Outbox.inbox_id == row.id, Outbox.kind == "text"))
            return answer or "\n".join(texts)

    def told(self, userid: str) -> list[str]:
        """The reminders this person has had."""
        return [sent.text for sent in self.ledger if sent.lane == userid]

    def go_to(self, instant: datetime) -> None:
        """Time passes; the scheduler and the sender do what comes up."""
        self.tick()
        while (due := self.next_due()) is not None and due <= instant:
            self.clock.instant = max(due, self.clock.instant)
            self.tick()
            self.deliver()
        self.clock.instant = instant
        self.tick()
        self.deliver()

    def in_state(self, *states: CaseState) -> list[int]:
        with self.services.database.read() as session:
            return list(session.scalars(select(Case.id).where(Case.state.in_(states)).order_by(Case.id)))

    def next_due(self) -> datetime | None:
        """When the next reminder that is planned comes to its time."""
        planned = (Reminder.state == ReminderState.PLANNED, Reminder.due_at > self.clock.now())
        with self.services.database.read() as session:
            return session.scalar(select(func.min(Reminder.due_at)).where(*planned))

    def tick(self, schedulers: int = 2) -> None:
        for _ in range(schedulers):
            remind(self.services)

    def deliver(self) -> None:
        """Send what waits, as the service does: claim, look once more, mark. The platform takes everything."""
        now = self.clock.real()
        with self.services.database.read() as session:
            waiting = outbox.due(session, now, limit=2000)
        if waiting:
            with self.services.database.begin() as session:
                for outbox_id in waiting:
                    self._deliver_one(session, outbox_id, now)

    def _deliver_one(self, session: Session, outbox_id: int, now: datetime) -> None:
        row = outbox.claim(session, outbox_id, "sender", now)
        if row is None or not still_good(self.services, session, row, now):
            return
        outbox.fix_body(row, "{}", now)
        if row.kind == OutboxKind.TEXT:
            self._note(session, row, now)
        outbox.mark_accepted(session, row.id, None, now)

    def _note(self, session: Session, row: Outbox, now: datetime) -> None:
        if row.inbox_id is not None:
            return  # an answer
        carried = session.scalars(select(Reminder).where(Reminder.outbox_id == row.id)).all()
        assert carried, row.key
        keys = tuple(
            (each.campaign, each.stage, each.kind, each.person_id, each.case_id, each.occurrence, each.deadline_version)
            for each in carried
        )
        self.ledger.append(Sent(now, row.lane, row.text, keys, frozenset(each.kind for each in carried)))

    def person(self, userid: str) -> Person:
        with self.services.database.read() as session:
            found = people.by_userid(session, userid)
            assert found is not None
            return found


def open_world(folder: Path, start: datetime, seed: int, database_url: str = "") -> World:
    """A campaign with schools that have to report, and nobody in it yet."""
    pack = folder / "pack"
    pack.mkdir()
    for file in _PACK.iterdir():
        text = file.read_bytes()
        if file.name == "notice.toml":
            text = re.sub(r"(?m)^schools = \[\]", f"schools = [{_MUST}]", text.decode(), count=1).encode()
        (pack / file.name).write_bytes(text)
    settings = load_settings(
        wecom_corp_id="ww0123456789abcdef",
        wecom_agent_id=1000002,
        wecom_app_secret="secret-of-the-simulated-app",
        wecom_app_token="token",
        wecom_app_aes_key="A" * 43,
        wecom_api_base="http://127.0.0.1:9/cgi-bin/",
        data_dir=folder / "data",
        database_url=database_url,
        notice=pack,
        _env_file=None,
    )
    clock = HandClock(start)
    return World(replace(build(settings), clock=clock), clock, random.Random(seed))


def another_world(world: World, database_url: str, engine: Engine, start: datetime) -> World:
    """A campaign like this one in a database of its own, with nobody in it."""
    clock, services = HandClock(start), world.services
    engines = Engines(services.notice, engine)
    made = replace(services, database=Database(database_url), engines=engines, clock=clock)
    return World(made, clock, random.Random(1))


def configure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands of `python -m bot` work on this campaign."""
    settings = world.services.settings
    monkeypatch.setenv("WECOM_CORP_ID", settings.wecom_corp_id or "")
    monkeypatch.setenv("WECOM_AGENT_ID", str(settings.wecom_agent_id))
    monkeypatch.setenv("WECOM_APP_SECRET", "secret-of-the-simulated-app")
    monkeypatch.setenv("WECOM_APP_TOKEN", "token")
    monkeypatch.setenv("WECOM_APP_AES_KEY", "A" * 43)
    monkeypatch.setenv("WECOM_API_BASE", settings.wecom_api_base)
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("DATABASE_URL", world.services.database.url)
    monkeypatch.setenv("NOTICE", str(settings.notice))


def people_of(units: tuple[str, ...], teachers: int) -> list[RosterRow]:
    """Two coordinators and so many teachers in each unit, some of schools that have to report; three admins."""
    rows = [RosterRow(f"admin-{number}", f"管理员{number}", Role.ADMIN, None) for number in range(3)]
    for unit in units:
        rows += [RosterRow(f"{unit}-c{n}", f"协调员{n}", Role.COORDINATOR, unit) for n in range(2)]
        for number in range(teachers):
            school = "第一示范校" if number < 2 else "某某中学"
            rows.append(RosterRow(f"{unit}-t{number}", f"教师{number}", Role.TEACHER, unit, school))
    return rows
