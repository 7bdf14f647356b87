"""A broadcast from its draft to its end, and the ledger that says how it ended for each recipient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from domain.chat import OutgoingFile
from domain.roles import Role
from store import audit, outbox, reach
from store.audiences import Member
from store.blobs import StoredBlob, record
from store.rows import changed, count_changed
from store.schema.broadcasts import Batch, BatchState, Broadcast, BroadcastState, Reached, Recipient
from store.schema.campaign import Person
from store.schema.mail import Outbox, OutboxState

BATCH = 1000
"""So many recipients the platform takes in one call (protocol 4.1)."""
DRAFT_FOR = timedelta(minutes=30)
"""Later the preview may not be true any more."""
ACKNOWLEDGE_FOR = timedelta(days=14)
RECALL_FOR = timedelta(hours=24)
# Batches are due by the real clock, which is not known here.
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
_ON_THE_WAY = (BatchState.QUEUED, BatchState.SENDING)
ONLY_BOT = "不在应用可见范围，等对方下次来聊时给"
STOPPED = "群发被停止"
SENT_AGAIN = "已另外补发"


@dataclass(frozen=True, slots=True)
class Writing:
    """What a broadcast consists of. `unit_id` is the unit it may not leave, `words` how its audience was described.

    `follows` is the broadcast whose unreached people it is for."""

    sender_id: int
    unit_id: str | None
    words: str
    text: str
    asks: bool = False
    follows: int | None = None
    file: OutgoingFile | None = None


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody a broadcast has not reached, and why."""

    name: str | None
    unit_id: str | None
    state: Reached
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """How a broadcast stands: people by how it ended for them, `shown` of the away ones have got it since.

    `parts_missed`: so many calls with its file or card have not been taken."""

    people: Counter[Reached]
    shown: int
    acknowledged: int
    batches: Counter[BatchState]
    parts_missed: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing is on its way any more."""
        return not any(self.batches[state] for state in _ON_THE_WAY)

    @property
    def is_being_recalled(self) -> bool:
        """Whether something is still to be taken back."""
        return bool(self.batches[BatchState.RECALL_QUEUED] or self.batches[BatchState.RECALLING])


def draft(session: Session, writing: Writing, members: Sequence[Member], now: datetime) -> Broadcast:
    """Keep text and recipients exactly as they will be shown; nothing goes out before `confirm`."""
    row = Broadcast(
        sender_id=writing.sender_id,
        unit_id=writing.unit_id,
        audience=writing.words,
        text=writing.text,
        asks=writing.asks,
        follows=writing.follows,
        state=BroadcastState.DRAFT,
        total=len(members),
        written_at=now,
    )
    if writing.file is not None:
        record(session, StoredBlob(writing.file.sha256, writing.file.size), now)
    attach(row, writing.file)
    session.add(row)
    session.flush()
    _keep_members(session, row, members)
    return row


def attach(row: Broadcast, file: OutgoingFile | None) -> None:
    """This file goes with it; a draft waits for no other."""
    row.awaits_file_until = None
    if file is not None:
        row.file_sha256, row.file_name, row.file_size = file.sha256, file.name, file.size


def file_of(row: Broadcast) -> OutgoingFile | None:
    """The file that goes with it."""
    if row.file_sha256 is None:
        return None
    return OutgoingFile(row.file_name or "", row.file_sha256, row.file_size or 0)


def await_file(row: Broadcast, now: datetime) -> None:
    """The sender's next file belongs to this draft."""
    row.awaits_file_until = now + DRAFT_FOR


def awaiting_file(session: Session, sender_id: int, now: datetime) -> Broadcast | None:
    """The draft that waits for a file of this person, the latest if there are several."""
    mine = (Broadcast.sender_id == sender_id, Broadcast.state == BroadcastState.DRAFT)
    query = select(Broadcast).where(*mine, Broadcast.awaits_file_until > now)
    return session.scalar(query.order_by(Broadcast.id.desc()).limit(1))


def members_of(session: Session, broadcast_id: int) -> list[Member]:
    """Exactly whom the draft was kept for."""
    query = (
        select(Person.id, Recipient.userid, Person.name, Person.role, Person.unit_id)
        .join(Person, Person.id == Recipient.person_id)
        .where(Recipient.broadcast_id == broadcast_id)
        .order_by(Person.id)
    )
    return [Member(row[0], row[1], row[2], Role(row[3]), row[4]) for row in session.execute(query)]


def get(session: Session, broadcast_id: int, sender_id: int | None) -> Broadcast | None:
    """The broadcast, if this person wrote it; `sender_id` None: whoever wrote it (the caller has asked the policy)."""
    row = session.get(Broadcast, broadcast_id, populate_existing=True)
    return row if row is not None and sender_id in {None, row.sender_id} else None


def latest(session: Session, sender_id: int, limit: int) -> list[Broadcast]:
    """What this person has sent, the newest first; drafts are no broadcasts yet."""
    sent = (Broadcast.sender_id == sender_id, Broadcast.confirmed_at.is_not(None))
    return list(session.scalars(select(Broadcast).where(*sent).order_by(Broadcast.id.desc()).limit(limit)))


def cancel(session: Session, row: Broadcast, now: datetime) -> bool:
    """Throw the draft away."""
    return _turn(session, row, BroadcastState.DRAFT, BroadcastState.CANCELLED, now)


def confirm(session: Session, row: Broadcast, now: datetime) -> bool:
    """Let it go out: everything is queued in this transaction. False when it was confirmed, cancelled or is too old."""
    fresh = Broadcast.written_at > now - DRAFT_FOR
    statement = update(Broadcast).where(Broadcast.id == row.id, Broadcast.state == BroadcastState.DRAFT, fresh)
    if not changed(session, statement.values(state=BroadcastState.RUNNING, confirmed_at=now)):
        return False
    _queue_batches(session, row)
    hold_for_away(session, row, _people(session, row.id, Recipient.userid.is_(None)), ONLY_BOT, now)
    if row.follows is not None:  # nobody is to find the same words once more at their next message
        _take_back_held(session, row.follows, SENT_AGAIN, now, only=row.id)
    detail = {"broadcast": row.id, "total": row.total, "audience": row.audience, "unit": row.unit_id}
    audit.write(session, at=now, actor_id=row.sender_id, act="broadcast.confirmed", detail=detail)
    finish_if_over(session, row.id, now)
    return True


def begun(session: Session) -> tuple[int, ...]:
    """The batches that this transaction has queued, to be sent or taken back."""
    return tuple(session.info.get("batches", ()))


def stop(session: Session, row: Broadcast, now: datetime, *, actor_id: int | None, reason: str = STOPPED) -> bool:
    """Send nothing that is not on its way already."""
    if not _turn(session, row, BroadcastState.RUNNING, BroadcastState.STOPPED, now):
        return False
    waiting = select(Batch.id).where(Batch.broadcast_id == row.id, Batch.state == BatchState.QUEUED)
    ids = list(session.scalars(waiting.with_for_update()))
    count_changed(session, update(Batch).where(Batch.id.in_(ids)).values(state=BatchState.STOPPED, ended_at=now))
    planned = update(Recipient).where(Recipient.batch_id.in_(ids), Recipient.state == Reached.PLANNED)
    count_changed(session, planned.values(state=Reached.STOPPED, reason=reason))
    _take_back_held(session, row.id, reason, now)
    audit.write(session, at=now, actor_id=actor_id, act="broadcast.stopped", detail={"broadcast": row.id})
    return True


def recall(session: Session, row: Broadcast, now: datetime, *, actor_id: int) -> int:
    """Take back what went out and stop the rest; how many calls are queued for that. Each looks if it is in time.

    What is on its way at this moment is taken back as soon as it has been accepted."""
    stop(session, row, now, actor_id=actor_id)
    changed(session, update(Broadcast).where(Broadcast.id == row.id).values(recalled_at=now))
    sent = (Batch.state == BatchState.SENT, Batch.platform_id.is_not(None))
    ids = list(session.scalars(select(Batch.id).where(Batch.broadcast_id == row.id, *sent).with_for_update()))
    again = {"state": BatchState.RECALL_QUEUED, "attempts": 0, "next_try_at": _AT_ONCE}
    count_changed(session, update(Batch).where(Batch.id.in_(ids)).values(**again))
    _take_back_held(session, row.id, "群发已撤回", now)
    _note_begun(session, ids)
    audit.write(session, at=now, actor_id=actor_id, act="broadcast.recalled", detail={"broadcast": row.id})
    return len(ids)


def finish_if_over(session: Session, broadcast_id: int, now: datetime) -> bool:
    """Note the end when the last batch has ended. True for exactly one caller."""
    pending = select(Batch.id).where(Batch.broadcast_id == broadcast_id, Batch.state.in_(_ON_THE_WAY)).limit(1)
    if session.scalar(pending) is not None:
        return False
    running = update(Broadcast).where(Broadcast.id == broadcast_id, Broadcast.state == BroadcastState.RUNNING)
    return changed(session, running.values(state=BroadcastState.DONE, ended_at=now))


def ledger(session: Session, broadcast_id: int) -> Ledger:
    """How it stands now, counted from the rows."""
    mine = Recipient.broadcast_id == broadcast_id
    people = session.execute(select(Recipient.state, func.count()).where(mine).group_by(Recipient.state))
    batches = session.execute(
        select(Batch.state, func.count()).where(Batch.broadcast_id == broadcast_id).group_by(Batch.state)
    )
    shown = select(func.count()).where(Outbox.key.startswith(_key(broadcast_id)), Outbox.state == OutboxState.SHOWN)
    ended_badly = Batch.state.in_((BatchState.REFUSED, BatchState.UNKNOWN))
    missed = select(func.count()).where(Batch.broadcast_id == broadcast_id, Batch.after_id.is_not(None), ended_badly)
    acknowledged = select(func.count()).where(mine, Recipient.acknowledged_at.is_not(None))
    return Ledger(
        people=Counter({Reached(state): count for state, count in people}),
        shown=session.scalar(shown) or 0,
        acknowledged=session.scalar(acknowledged) or 0,
        batches=Counter({BatchState(state): count for state, count in batches}),
        parts_missed=session.scalar(missed) or 0,
    )


def unreached(session: Session, broadcast_id: int, *, offset: int, limit: int) -> tuple[list[Unreached], int]:
    """One page of those who have certainly or perhaps not got it, and the number of all."""
    missed = (Reached.REFUSED, Reached.UNKNOWN, Reached.AWAY, Reached.STOPPED)
    query = (
        select(Person.name, Person.unit_id, Recipient.state, Recipient.reason)
        .join(Person, Person.id == Recipient.person_id)
        .where(Recipient.broadcast_id == broadcast_id, Recipient.state.in_(missed), ~_shown())
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(Recipient.person_id).offset(offset).limit(limit))
    return [Unreached(row[0], row[1], Reached(row[2]), row[3] or "") for row in rows], total


def missed_people(session: Session, broadcast_id: int) -> list[int]:
    """Whom a follow-up is for: those it has certainly not reached. Who may have got it is not written to again, nor who
    has seen it at a later message, nor who has been sent it again already."""
    missed = Recipient.state.in_((Reached.REFUSED, Reached.AWAY, Reached.STOPPED))
    query = select(Recipient.person_id).where(Recipient.broadcast_id == broadcast_id, missed, ~_shown())
    again = select(Recipient.person_id).join(Broadcast, Broadcast.id == Recipient.broadcast_id)
    confirmed = again.where(Broadcast.follows == broadcast_id, Broadcast.confirmed_at.is_not(None))
    on_its_way = Recipient.state.in_((Reached.PLANNED, Reached.ACCEPTED, Reached.UNKNOWN))
    sent = set(session.scalars(confirmed.where(or_(on_its_way, _shown()))))
    return [each for each in session.scalars(query.order_by(Recipient.person_id)) if each not in sent]


def asked_of(session: Session, person_id: int, now: datetime) -> Broadcast | None:
    """The newest broadcast of the last two weeks that waits for this person's "收到"."""
    got = (Reached.ACCEPTED, Reached.UNKNOWN, Reached.AWAY, Reached.REFUSED)
    query = (
        select(Broadcast)
        .join(Recipient, Recipient.broadcast_id == Broadcast.id)
        .where(Recipient.person_id == person_id, Recipient.acknowledged_at.is_(None), Recipient.state.in_(got))
        .where(Broadcast.asks, Broadcast.confirmed_at > now - ACKNOWLEDGE_FOR)
    )
    return session.scalar(query.order_by(Broadcast.id.desc()).limit(1))


def was_sent(session: Session, broadcast_id: int, person_id: int) -> bool:
    """Whether this person is in the ledger of a broadcast that has been confirmed."""
    row = session.get(Broadcast, broadcast_id)
    return (
        row is not None
        and row.confirmed_at is not None
        and session.get(Recipient, (broadcast_id, person_id)) is not None
    )


def has_acknowledged(session: Session, broadcast_id: int, person_id: int) -> bool:
    """Whether this person's having read it is noted."""
    mine = session.get(Recipient, (broadcast_id, person_id))
    return mine is not None and mine.acknowledged_at is not None


def acknowledge(session: Session, broadcast_id: int, person_id: int, now: datetime) -> None:
    """Note that this person has read it; the first time counts."""
    mine = (Recipient.broadcast_id == broadcast_id, Recipient.person_id == person_id)
    statement = update(Recipient).where(*mine, Recipient.acknowledged_at.is_(None))
    changed(session, statement.values(acknowledged_at=now))


def hold_for_away(session: Session, row: Broadcast, people: Iterable[int], reason: str, now: datetime) -> None:
    """No push reaches these people: the text waits for their next message."""
    for person_id in people:
        lane = reach.lane_of(session, person_id)
        outbox.put_held(session, key=f"{_key(row.id)}{person_id}", lane=lane, text=row.text, reason=reason, now=now)
        mine = (Recipient.broadcast_id == row.id, Recipient.person_id == person_id)
        count_changed(session, update(Recipient).where(*mine).values(state=Reached.AWAY, reason=reason))


def _keep_members(session: Session, row: Broadcast, members: Sequence[Member]) -> None:
    """The ledger, and the calls it will take: identical texts go to a thousand people each."""
    lines: list[dict[str, object]] = []
    pushed = [each for each in members if each.userid is not None]
    for start in range(0, len(pushed), BATCH):
        batch = Batch(broadcast_id=row.id, state=BatchState.DRAFT, attempts=0, next_try_at=_AT_ONCE)
        session.add(batch)
        session.flush()
        lines += [_line(row, each, batch.id) for each in pushed[start : start + BATCH]]
    lines += [_line(row, each, None) for each in members if each.userid is None]
    if lines:
        session.execute(insert(Recipient), lines)


def _line(row: Broadcast, member: Member, batch_id: int | None) -> dict[str, object]:
    return {
        "broadcast_id": row.id,
        "person_id": member.person_id,
        "userid": member.userid,
        "state": Reached.PLANNED,
        "batch_id": batch_id,
    }


def _queue_batches(session: Session, row: Broadcast) -> None:
    drafted = (Batch.broadcast_id == row.id, Batch.state == BatchState.DRAFT)
    ids = list(session.scalars(select(Batch.id).where(*drafted).order_by(Batch.id)))
    count_changed(session, update(Batch).where(*drafted).values(state=BatchState.QUEUED))
    _note_begun(session, ids)


def _people(session: Session, broadcast_id: int, condition: ColumnElement[bool]) -> list[int]:
    query = select(Recipient.person_id).where(Recipient.broadcast_id == broadcast_id, condition)
    return list(session.scalars(query.order_by(Recipient.person_id)))


def _shown() -> ColumnElement[bool]:
    """Whether the recipient has seen the text that waited for their next message."""
    number, person = cast(Recipient.broadcast_id, String), cast(Recipient.person_id, String)
    key = literal("broadcast:").concat(number).concat(":to:").concat(person)
    return exists().where(Outbox.key == key, Outbox.state.in_((OutboxState.SHOWN, OutboxState.ACCEPTED)))


def _take_back_held(
    session: Session, broadcast_id: int, reason: str, now: datetime, *, only: int | None = None
) -> None:
    """Say to nobody what still waits; with `only` to nobody who is in that broadcast."""
    held = update(Outbox).where(Outbox.key.startswith(_key(broadcast_id)), Outbox.state == OutboxState.HELD)
    if only is not None:
        person = literal(_key(broadcast_id)).concat(cast(Recipient.person_id, String))
        held = held.where(Outbox.key.in_(select(person).where(Recipient.broadcast_id == only)))
    count_changed(session, held.values(state=OutboxState.REFUSED, reason=reason, ended_at=now))


def _turn(session: Session, row: Broadcast, before: BroadcastState, after: BroadcastState, now: datetime) -> bool:
    statement = update(Broadcast).where(Broadcast.id == row.id, Broadcast.state == before)
    return changed(session, statement.values(state=after, ended_at=now))


def _note_begun(session: Session, ids: Iterable[int]) -> None:
    session.info.setdefault("batches", []).extend(ids)


def _key(broadcast_id: int) -> str:
    return f"broadcast:{broadcast_id}:to:"
