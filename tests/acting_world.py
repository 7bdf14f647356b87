"""The pages of the console on a real database, without a server: people who are signed in, cases as they may stand."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from answers import Engine
from bot.config import load_settings
from bot.engines import Engines
from bot.nudge import Waiting
from bot.services import Services, build
from bot.web import create_app
from domain.notice import Severity, Unit, UnitKind
from domain.receipt import RANDOM_BYTES, new_receipt
from domain.roles import Role
from domain.roster import RosterRow
from simulator.settings import PlatformSettings
from store import audit, cases, checks, people, sessions
from store.cases import Arrived
from store.moves import Move
from store.roster import import_rows
from store.schema.campaign import Audit, Case, CaseState
from store.schema.mail import Outbox, OutboxKind
from validators.json_codec import to_json
from validators.report import Finding, Report, Status, verdict_of

DIRECT = "direct-school"
_FIELD = re.compile(r'name="(csrf|once|sign)" value="([\w-]+)"')
_SECRET = "k" * 32
_TO: dict[CaseState, tuple[Move, ...]] = {
    CaseState.NEEDS_FIX: (Move.FAIL,),
    CaseState.SUBMITTED: (Move.SUBMIT,),
    CaseState.RETURNED: (Move.SUBMIT, Move.RETURN),
    CaseState.RECOMMENDED: (Move.SUBMIT, Move.RECOMMEND),
    CaseState.WITHDRAWN: (Move.SUBMIT, Move.WITHDRAW),
}


def finding(message: str) -> Finding:
    """Something that must be mended."""
    return Finding("A01", "text.count", Severity.ERROR, Status.WRONG, message, "请修改。", "3500", "20", None, "")


@dataclass
class World:
    """One installation as its web process sees it. `nudged` is what it left to do for others.

    Tests may share one: `begin` forgets what was done and told so far."""

    services: Services
    nudged: list[Waiting] = field(default_factory=list)
    numbers: count = field(default_factory=lambda: count(1))
    done_before: int = 0
    told_before: int = 0
    shared: Flask | None = None

    def begin(self) -> None:
        """From now on only what follows counts."""
        self.nudged.clear()
        self.shared = None
        with self.services.database.read() as session:
            self.done_before = audit.newest(session)
            self.told_before = session.scalar(select(func.max(Outbox.id))) or 0

    def app(self) -> Flask:
        """A web process of its own, which has counted nobody's requests yet."""
        return create_app(replace(self.services, nudge=self.nudged.append))

    def enrol(self, userid: str, role: Role, unit: str | None, name: str, phone: str | None = None) -> int:
        """Put somebody on the roster; the number of the person."""
        now = self.services.clock.now()
        with self.services.database.begin() as session:
            import_rows(session, [RosterRow(userid, name, role, unit, None, phone)], by=None, now=now)
            person = people.by_userid(session, userid)
            assert person is not None
            return person.id

    def client(self, userid: str, app: Flask | None = None) -> FlaskClient:
        """A browser in which this person is signed in."""
        cookie = f"cookie-{next(self.numbers)}"
        with self.services.database.begin() as session:
            person = people.by_userid(session, userid)
            assert person is not None
            sessions.sign_in(session, cookie=cookie, person_id=person.id, now=self.services.clock.real())
        self.shared = self.shared or self.app()
        client = (app or self.shared).test_client()
        client.set_cookie("session", cookie)
        return client

    def case(
        self,
        owner: str,
        state: CaseState,
        title: str = "",
        *,
        category: str | None = "B2",
        findings: tuple[str, ...] = (),
        name: str = "",
        waits: bool = False,
    ) -> str:
        """A case of this person in this state; its receipt number. Its file is stored and was checked. With a title
        they have used it is the next version, or one that `waits` to be confirmed."""
        services, now, number = self.services, self.services.clock.now(), next(self.numbers)
        title, name = title or f"第{number}个案例", name or f"案例{number}.docx"
        with services.blobs.receive() as writer:
            writer.write(f"{title} {number}".encode())
        assert writer.stored is not None
        stored = writer.stored
        with services.database.begin() as session:
            person = people.by_userid(session, owner)
            assert person is not None
            arrived = Arrived(
                person.id, title, category, name, stored.size, stored.sha256, now, True, None, 0, school=person.school
            )
            randomness = hashlib.sha256(str(number).encode()).digest()[:RANDOM_BYTES]
            received = cases.receive_material(
                session, arrived, lambda code: new_receipt(code, randomness), now, lambda *_: waits
            )
            case = received.case
            found = tuple(finding(message) for message in findings)
            for code in ("B1", "B2"):
                report = Report(code, verdict_of(found), found, ("字数（4120）",))
                values = {"material_id": received.material.id, "category": code, "rules_digest": "1", "now": now}
                checks.record(session, verdict=report.verdict, report=to_json(report), **values)
            for step in _TO.get(state, ()):
                assert cases.move(session, case, step, actor_id=person.id, now=now)
            return case.receipt

    def state(self, receipt: str) -> str:
        """Where the case stands."""
        return self.row(receipt).state

    def row(self, receipt: str) -> Case:
        """The case as it is now."""
        with self.services.database.read() as session:
            case = cases.by_receipt(session, receipt)
            assert case is not None
            return case

    def acts(self, *names: str) -> list[str]:
        """What the record holds, in order; only these acts where some are named."""
        with self.services.database.read() as session:
            since = select(Audit.act).where(Audit.id > self.done_before).order_by(Audit.id)
            found = session.scalars(since).all()
        return [act for act in found if not names or act in names]

    def told(self) -> list[tuple[str, str]]:
        """What was queued for people: to whom, and the text; cards behind it left out."""
        with self.services.database.read() as session:
            since = select(Outbox).where(Outbox.id > self.told_before, Outbox.kind == OutboxKind.TEXT)
            since = since.order_by(Outbox.id)
            return [(row.lane, row.text) for row in session.scalars(since)]


def fields(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the last form of a page that asks once more."""
    return dict(_FIELD.findall(page.text))


def send(client: FlaskClient, path: str, **said: str) -> TestResponse:
    """Open the page, fill in its form, send it."""
    return client.post(path, data=fields(client.get(path)) | said)


def answer(client: FlaskClient, sent: TestResponse) -> str:
    """What the page that follows says has become of it, without the frame that all pages have."""
    assert sent.status_code == 303, sent.text
    return client.get(sent.headers["Location"]).text.partition("<main")[2]


def open_world(database_url: str, folder: Path) -> World:
    """An installation with one directly managed school beside the counties; campaign time stands still."""
    platform, clock = PlatformSettings(), folder / "clock.txt"
    folder.mkdir(parents=True, exist_ok=True)
    clock.write_text("2023-05-06T09:00:00+08:00", encoding="utf-8")
    settings = load_settings(
        wecom_corp_id=platform.corp_id,
        wecom_agent_id=platform.agent_id,
        wecom_app_secret=platform.app_secret,
        wecom_app_token=platform.app_token,
        wecom_app_aes_key=platform.app_aes_key,
        wecom_api_base="http://127.0.0.1:9/cgi-bin/",
        public_url="http://127.0.0.1:8",
        secret_key=_SECRET,
        data_dir=folder,
        database_url=database_url,
        wecom_bot_token=platform.bot_token,
        wecom_bot_aes_key=platform.bot_aes_key,
        bot_clock=f"@{clock}",
        _env_file=None,
    )
    services = build(settings)
    school = Unit(DIRECT, "州直属某中学", UnitKind.DIRECT_SCHOOL, ())
    notice = replace(services.notice, units=(*services.notice.units, school))
    return World(replace(services, notice=notice, engines=Engines(notice, Engine(notice))))
