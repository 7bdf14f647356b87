"""What the rows themselves can prove of our promises: each function finds the rows that break one. Nothing is written.

All are given the real time `now` and let young rows be: what is a moment old may still be under way."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, exists, func, or_, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.chat import MessageKind
from domain.chat_json import incoming_from_json
from domain.deadlines import Deadlines
from domain.receipt import is_valid_receipt
from store.schema.broadcasts import Batch, BatchState, Broadcast, BroadcastState, Reached, Recipient
from store.schema.campaign import Blob, Case, Material
from store.schema.mail import Fetch, FetchState, Inbox, InboxState, Outbox, OutboxState, Stream
from store.schema.reminders import Reminder, ReminderState
from store.schema.reports import PackageState, StampedTable, UnitReport
from store.schema.root import Base
from store.schema.web import WebAnswer

STUCK_AFTER = timedelta(hours=2)
UNENDED_AFTER = timedelta(days=1)
_NOT_WORKED_ON = (InboxState.FETCHING, InboxState.READY)
_ON_THEIR_WAY = (OutboxState.QUEUED, OutboxState.SENDING)
_CALLS_ON_THEIR_WAY = (BatchState.QUEUED, BatchState.SENDING, BatchState.RECALL_QUEUED, BatchState.RECALLING)
# To these nothing need be said; a press may have been answered by its card.
_MAY_BE_SILENT = frozenset({MessageKind.ENTER, MessageKind.BUTTON, MessageKind.FEEDBACK, MessageKind.NOTIFICATION})
_LEASED: tuple[tuple[str, Any, ColumnElement[bool]], ...] = (
    ("消息", Inbox, Inbox.state == InboxState.WORKING),
    ("取文件", Fetch, Fetch.state == FetchState.WORKING),
    ("发消息", Outbox, Outbox.state == OutboxState.SENDING),
    ("群发", Batch, Batch.state.in_((BatchState.SENDING, BatchState.RECALLING))),
    ("上报材料包", UnitReport, UnitReport.package_state == PackageState.WORKING),
)


def damage(session: Session) -> Iterator[tuple[str]]:
    """What SQLite says of its own file, and which rows name one that is not there; PostgreSQL sees to that itself."""
    if session.get_bind().dialect.name != "sqlite":
        return
    try:
        yield from ((str(line),) for line in session.scalars(text("pragma quick_check")) if line != "ok")
        loose = Counter(str(row[0]) for row in session.execute(text("pragma foreign_key_check")))
        yield from ((f"{table}: {count}",) for table, count in loose.items())
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        yield (str(error.orig),)


def unhandled(session: Session, now: datetime) -> list[tuple[int, datetime]]:
    """Messages nobody has worked on for hours: number and real time of arrival (P1)."""
    query = select(Inbox.id, Inbox.received_at).where(Inbox.state.in_(_NOT_WORKED_ON))
    return _rows(session, query.where(Inbox.received_at < now - STUCK_AFTER).order_by(Inbox.id))


def dead(session: Session) -> list[tuple[int, datetime]]:
    """Messages that were given up and that no admin has set going again (P1)."""
    return _rows(session, select(Inbox.id, Inbox.received_at).where(Inbox.state == InboxState.DEAD).order_by(Inbox.id))


def unanswered(session: Session, now: datetime) -> Iterator[tuple[int, datetime]]:
    """Messages that are done and were given no answer of any kind (P2)."""
    ended = select(Stream.id).where(Stream.inbox_id == Inbox.id, Stream.finished.is_(True))
    sent = select(Outbox.id).where(Outbox.inbox_id == Inbox.id)
    shown = select(WebAnswer.inbox_id).where(WebAnswer.inbox_id == Inbox.id)
    query = select(Inbox.id, Inbox.received_at, Inbox.message).where(
        Inbox.state == InboxState.DONE,
        Inbox.received_at < now - STUCK_AFTER,
        func.coalesce(Inbox.reply, "") == "",
        *(~exists(each) for each in (ended, sent, shown)),
    )
    for number, received_at, message in session.execute(query.order_by(Inbox.id)):
        if incoming_from_json(message).kind not in _MAY_BE_SILENT:
            yield number, received_at


def left_leases(session: Session, now: datetime) -> list[tuple[str, int, datetime]]:
    """Work whose process is gone and that nobody took up: what it is, its number, when its lease ran out (P1)."""
    found: list[tuple[str, int, datetime]] = []
    for what, table, working in _LEASED:
        late = select(table.id, table.lease_until).where(working, table.lease_until < now - STUCK_AFTER)
        found += [(what, *row) for row in session.execute(late.order_by(table.id))]
    return found


def unended(session: Session, now: datetime) -> list[tuple[str, int, datetime]]:
    """What should have gone out a day ago and has no end: what it is, its number, since when it is due (P7)."""
    due = now - UNENDED_AFTER
    single = select(Outbox.id, Outbox.created_at).where(Outbox.state.in_(_ON_THEIR_WAY), Outbox.created_at < due)
    calls = select(Batch.id, Batch.next_try_at).where(Batch.state.in_(_CALLS_ON_THEIR_WAY), Batch.next_try_at < due)
    return [
        *(("消息", *row) for row in session.execute(single.order_by(Outbox.id))),
        *(("群发分批", *row) for row in session.execute(calls.order_by(Batch.id))),
    ]


def forgotten_recipients(session: Session) -> list[tuple[int, int]]:
    """Broadcasts that are over and how many of their people have no end (P7)."""
    query = select(Recipient.broadcast_id, func.count()).join(Broadcast, Broadcast.id == Recipient.broadcast_id)
    query = query.where(Broadcast.state == BroadcastState.DONE, Recipient.state == Reached.PLANNED)
    return _rows(session, query.group_by(Recipient.broadcast_id))


def unsent_reminders(session: Session) -> list[tuple[int]]:
    """Reminders that count as sent without a message that carries them (P6)."""
    query = select(Reminder.id).where(Reminder.state == ReminderState.SENT, Reminder.outbox_id.is_(None))
    return _rows(session, query.order_by(Reminder.id))


def wrong_numbers(session: Session) -> list[tuple[str]]:
    """Receipt numbers of cases, reports and stamped tables whose check character is wrong (P3)."""
    return [(number,) for number in _numbers(session) if not is_valid_receipt(number)]


def repeated_numbers(session: Session) -> list[tuple[str]]:
    """Receipt numbers that stand for more than one thing (P3)."""
    return [(number,) for number, count in Counter(_numbers(session)).items() if count > 1]


def cases_without_file(session: Session) -> list[tuple[str]]:
    """Cases that have a receipt and no file (P3)."""
    query = select(Case.receipt).where(~exists().where(Material.case_id == Case.id))
    return _rows(session, query.order_by(Case.id))


def unstored(session: Session) -> Iterator[tuple[str, int]]:
    """Rows that name bytes of which there is no row, or one of another size: table, number of rows (P3)."""
    for table, sha256, size in _naming_blobs():
        lost = select(func.count()).select_from(table).outerjoin(Blob, Blob.sha256 == sha256).where(sha256.is_not(None))
        wrong = Blob.sha256.is_(None) if size is None else or_(Blob.sha256.is_(None), Blob.size != size)
        if count := session.scalar(lost.where(wrong)):
            yield table.name, count


def reported_without_bytes(session: Session) -> Iterator[tuple[str, str]]:
    """Reports that froze a file whose bytes have no row: number of the report, receipt of the case (P3)."""
    for number, content in session.execute(select(UnitReport.number, UnitReport.content).order_by(UnitReport.id)):
        for file in content["files"]:
            held = session.scalar(select(Blob.size).where(Blob.sha256 == file["sha256"]))
            if held != file["size"]:
                yield number, file["receipt"]


def misjudged_in_time(session: Session, deadlines: Deadlines) -> Iterator[tuple[str, datetime]]:
    """Cases whose mark does not follow from their arrival under any deadline that was in force then (P4). A case may
    have come before its unit was known: so the strictest of all units is asked, and the most generous."""
    units = {None, *(change.unit_id for change in deadlines.changes)}
    for receipt, arrived_at, on_time in session.execute(select(Case.receipt, Case.first_arrived_at, Case.on_time)):
        if on_time not in {deadlines.on_time(unit, arrived_at) for unit in units}:
            yield receipt, arrived_at


def blobs(session: Session) -> list[tuple[str, int]]:
    """Hash and size in bytes of everything that has to lie in the blob store."""
    return _rows(session, select(Blob.sha256, Blob.size).order_by(Blob.sha256))


def is_wanted(session: Session, sha256: str) -> bool:
    """Whether the row of these bytes is there now: a precheck may have been forgotten meanwhile."""
    return session.scalar(select(Blob.sha256).where(Blob.sha256 == sha256)) is not None


def receipts_of(session: Session, sha256: str) -> list[str]:
    """The cases these bytes belong to, so that a fault tells whose file it is."""
    query = select(Case.receipt).join(Material, Material.case_id == Case.id).where(Material.sha256 == sha256)
    return sorted(set(session.scalars(query)))


def _rows(session: Session, query: Executable) -> list[Any]:
    return [tuple(row) for row in session.execute(query)]


def _numbers(session: Session) -> Iterable[str]:
    columns: tuple[InstrumentedAttribute[str], ...] = (Case.receipt, UnitReport.number, StampedTable.number)
    for column in columns:
        yield from session.scalars(select(column).order_by(column))


def _naming_blobs() -> Iterator[tuple[Any, Any, Any]]:
    """Every table with a column for a blob's hash, that column, and the column of its size if the row has one."""
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table is Blob.__table__:
                size = key.parent.name.replace("sha256", "size")
                yield table, key.parent, table.c.get(size)
    yield Fetch.__table__, Fetch.__table__.c.sha256, Fetch.__table__.c.size
