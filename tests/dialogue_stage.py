"""A stage for dialogues: real database, notice, engine, sandbox, blobs; what is said goes through the dispatcher."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Protocol

from dialogue_files import FILES, told_facts
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.copying import Copies, until_copied
from bot.engines import Engines
from bot.tables import is_wanted, table_of
from bot.unpacking import is_worth_unpacking, with_files_inside
from domain.chat import Channel, ChatType, Choice, Incoming, MediaRef, MessageKind, OutgoingFile, Reply, with_numbers
from domain.notice import Notice
from domain.roles import Role
from domain.roster import RosterRow
from handlers.contract import Attachment, Context, LostFile, UploadLink
from handlers.dispatch import choose, run, translate
from store import cases, offers, people, reach, supporting
from store.blobs import BlobStore
from store.database import Database
from store.moves import Move
from store.roster import import_rows
from store.schema.campaign import Case, MaterialKind
from store.schema.mail import Inbox, InboxState
from store.schema.reports import StampedTable, UnitReport
from validators.facts import FileFacts
from validators.sandbox import Sandbox

UPLOAD_PAGE = "https://bot.example.edu.cn/upload/ticket"
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
LOST_REASON = "平台没有给出这个文件，请重新发送一次。"


@dataclass(frozen=True)
class Heard:
    """What came back, who said it, which files came with it, and what others were told: texts by userid."""

    handler: str
    text: str
    choices: tuple[Choice, ...]
    told: Mapping[str, str]
    files: tuple[OutgoingFile, ...] = ()


@dataclass(frozen=True)
class StageClock:
    """A clock that stands still."""

    instant: datetime

    def real(self) -> datetime:
        return self.instant

    now = real


@dataclass(repr=False)
class Stage:
    """Everything a dialogue needs. `now` is campaign time."""

    database: Database
    notice: Notice
    engines: Engines
    sandbox: Sandbox
    blobs: BlobStore
    facts: dict[tuple[str, str], FileFacts]
    now: datetime
    numbers: count = field(default_factory=lambda: count(1))
    kept: dict[str, str] = field(default_factory=dict)
    opened: ExitStack = field(default_factory=ExitStack)

    def enrol(self, userid: str, role: str = "teacher", **more: str) -> None:
        """Put somebody on the roster."""
        row = RosterRow(userid, more.get("name"), Role(role), more.get("unit"), more.get("school"))
        with self.database.begin() as session:
            import_rows(session, [row], by=None, now=self.now)

    def say(self, line: Mapping[str, Any]) -> Heard:
        """One message of one person, as the service handles it: one row, one transaction, one answer."""
        message = self._message(line)
        inbox_id = self._accept(message)
        attachments = self._bring(line)
        heard = self._handle(message, inbox_id, attachments, line)
        if line.get("again"):
            repeated = self._handle(message, inbox_id, attachments, line)
            assert repeated.handler == heard.handler
        if "keeps" in line:
            self.kept[line["keeps"]] = CODE.findall(heard.text)[0]
        return heard

    def move(self, receipt: str, step: str) -> None:
        """Somebody else moves the case behind this slot."""
        with self.database.begin() as session:
            case = cases.by_receipt(session, self.receipts()[receipt])
            assert case is not None
            assert cases.move(session, case, Move(step), actor_id=None, now=self.now)

    def receipts(self) -> dict[str, str]:
        """Slots for the receipts given so far: receipt1, receipt2, … in order, report1, scan1; the same with
        a wrong check character, mistypedreceipt1; and for the codes that were kept."""
        numbers = {"receipt": Case.receipt, "report": UnitReport.number, "scan": StampedTable.number}
        with self.database.read() as session:
            found = {
                name: session.scalars(select(each).order_by(each.class_.id)).all() for name, each in numbers.items()
            }
        slots = {f"{name}{place}": each for name, given in found.items() for place, each in enumerate(given, start=1)}
        slots |= {f"mistyped{name}": f"{each[:-1]}{'A' if each[-1] != 'A' else 'B'}" for name, each in slots.items()}
        return slots | self.kept

    def newest(self) -> str:
        """The number of the case that came last."""
        with self.database.read() as session:
            return session.scalars(select(Case.receipt).order_by(Case.id.desc())).first() or ""

    def cases(self) -> list[dict[str, Any]]:
        """All cases as plain values, oldest first."""
        with self.database.read() as session:
            return [
                {
                    "title": case.title,
                    "category": case.category or "",
                    "state": case.state,
                    "unit": case.unit_id or "",
                    "school": case.school or "",
                    "marks": case.marks,
                    "on_time": case.on_time,
                    "versions": len(cases.of_kind(session, case.id, MaterialKind.MAIN)),
                    "supporting": [each.name for each in supporting.of(session, case.id)],
                }
                for case in session.scalars(select(Case).order_by(Case.id))
            ]

    def _message(self, line: Mapping[str, Any]) -> Incoming:
        kind = MessageKind(line.get("kind", "file" if "file" in line else "text"))
        number = next(self.numbers)
        media = (MediaRef(kind, url=f"https://example.invalid/{number}"),) if "file" in line or "loses" in line else ()
        return Incoming(
            channel=Channel(line.get("channel", "aibot")),
            key=f"message-{number}",
            kind=kind,
            sender=line["who"],
            received_at=self.now,
            chat=ChatType(line.get("chat", "single")),
            text=line.get("says", "").format(**self.receipts()) if kind is not MessageKind.BUTTON else "",
            button=line.get("says", "").format(**self.receipts()) if kind is MessageKind.BUTTON else "",
            media=media,
            platform_type=line.get("platform_type", ""),
            task_id=line.get("task", ""),
        )

    def _accept(self, message: Incoming) -> int:
        with self.database.begin() as session:
            row = Inbox(
                channel=message.channel,
                key=message.key,
                lane=message.lane,
                message="{}",
                received_at=self.now,
                campaign_at=self.now,
                state=InboxState.WORKING,
                next_try_at=self.now,
            )
            session.add(row)
            session.flush()
            return row.id

    def _bring(self, line: Mapping[str, Any]) -> tuple[Attachment, ...]:
        if "file" not in line:
            return ()
        with self.blobs.receive() as writer:
            writer.write(FILES[line["file"]]())
        assert writer.stored is not None
        name, kind = line.get("name", "案例.docx"), MessageKind(line.get("kind", "file"))
        path = self.blobs.path(writer.stored.sha256)
        stored = writer.stored
        known = (stored.sha256, name)
        if known not in self.facts:
            told = told_facts(line["file"], name, stored.size, stored.sha256)
            self.facts[known] = told or self.sandbox.read(path, name)
        facts, role = self.facts[known], self._role(line)
        table = table_of(self.sandbox, path, name) if is_wanted(facts, name, role) else None
        brought = Attachment(0, kind, name, stored.size, stored.sha256, path, facts, table)
        if is_worth_unpacking(facts, role):
            brought = with_files_inside(brought, self.sandbox, self.blobs, self.opened)
        return (brought,)

    def _role(self, line: Mapping[str, Any]) -> Role:
        with self.database.read() as session:
            actor = people.known_actor(session, Channel(line.get("channel", "aibot")), line["who"])
            return Role.TEACHER if actor is None else actor.role

    def _handle(
        self, message: Incoming, inbox_id: int, attachments: tuple[Attachment, ...], line: Mapping[str, Any]
    ) -> Heard:
        lost = (LostFile(0, message.kind, line["loses"] or None, LOST_REASON),) if "loses" in line else ()
        copies = Copies(
            self.sandbox,
            self.notice,
            database=self.database,
            blobs=self.blobs,
            clock=StageClock(self.now),
            known={each.sha256: each.facts for each in attachments},
        )
        attempt = partial(self._attempt, message, inbox_id, attachments, lost)
        return until_copied(copies, attempt, lambda: None)

    def _attempt(
        self,
        message: Incoming,
        inbox_id: int,
        attachments: tuple[Attachment, ...],
        lost: tuple[LostFile, ...],
        copies: Copies,
        *,
        last: bool,
    ) -> Heard:
        with self.database.begin() as session:
            actor = people.actor_for(session, message.channel, message.sender)
            known = self.engines.known(session, None if message.chat is ChatType.GROUP else actor.unit_id)
            context = Context(
                notice=known.notice,
                engine=known.engine,
                deadlines=known.deadlines,
                session=session,
                actor=actor,
                now=self.now,
                arrived_at=self.now,
                inbox_id=inbox_id,
                randomness=lambda size: hashlib.sha256(f"{message.key}".encode()).digest()[:size],
                attachments=attachments,
                lost_files=lost,
                keep=self._keep,
                upload_link=lambda: UploadLink(UPLOAD_PAGE, self.now + timedelta(days=1), 2 << 30),
                copy=copies.look_up(session),
            )
            translated = translate(message, session, self.now, inbox_id)
            handler = choose(translated, context)
            replies = run(handler, translated, context)
            copies.demand(last=last)
            own = [reply for reply in replies if reply.to is None]
            choices = own[-1].choices if own else ()
            if own and message.chat is ChatType.SINGLE:
                offers.remember(session, message.lane, choices, self.now)
            told = self._tell_others(session, replies)
        files = tuple(file for reply in own for file in reply.files)
        return Heard(handler.name, "\n\n".join(reply.text for reply in own), choices, told, files)

    def _keep(self, name: str, content: bytes) -> OutgoingFile:
        with self.blobs.receive() as writer:
            writer.write(content)
        assert writer.stored is not None
        return OutgoingFile(name, writer.stored.sha256, writer.stored.size)

    def _tell_others(self, session: Session, replies: list[Reply]) -> dict[str, str]:
        told: dict[str, str] = {}
        for reply in replies:
            if reply.to is not None:
                assert reply.cause, "what is told to others needs a cause"
                lane = reach.lane_of(session, reply.to)
                if reply.choices:
                    offers.remember(session, lane, reply.choices, self.now)
                told[lane] = with_numbers(reply)
        return told


class OpenStage(Protocol):
    """Opens the stage at an instant, with the notice of the pack or another one."""

    def __call__(self, now: datetime, other: Notice = ...) -> Stage: ...
