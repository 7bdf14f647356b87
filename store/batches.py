"""Every state move of a broadcast's batches: claimed for one try, sent with fixed bytes, ended, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from store.outbox import DUPLICATE_WINDOW, Route
from store.rows import changed, count_changed
from store.schema.broadcasts import Batch, BatchKind, BatchState, Reached, Recipient
from store.schema.campaign import Person
from store.schema.mail import Outbox

LEASE = timedelta(minutes=2)
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
_MANY_PUSHES = 20
_MANY_BROADCASTS = 2
MAX_ATTEMPTS = 12
_WORKING: Mapping[BatchState, BatchState] = {
    BatchState.QUEUED: BatchState.SENDING,
    BatchState.RECALL_QUEUED: BatchState.RECALLING,
}


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody of a batch, as their row is now."""

    person_id: int
    userid: str
    unit_id: str | None
    has_left: bool


def due(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """Batches to be sent or taken back now."""
    waiting = (Batch.state.in_(tuple(_WORKING)), Batch.next_try_at <= now)
    return list(session.scalars(select(Batch.id).where(*waiting).order_by(Batch.id).limit(limit)))


def due_of(session: Session, broadcast_id: int, now: datetime) -> tuple[int, ...]:
    """What follows behind the texts of this broadcast, and what is to be taken back of it, as far as it is due now."""
    behind = Batch.after_id.is_not(None) | (Batch.state == BatchState.RECALL_QUEUED)
    waiting = (Batch.broadcast_id == broadcast_id, Batch.state.in_(tuple(_WORKING)), Batch.next_try_at <= now, behind)
    return tuple(session.scalars(select(Batch.id).where(*waiting).order_by(Batch.id)))


def return_leases(session: Session, now: datetime) -> None:
    """What a dead process was doing is done again while the platform's duplicate check covers it; the same bytes go
    out, which it recognises. After that it is not known whether they have arrived, and they do not go again."""
    count_changed(
        session,
        update(Batch)
        .where(Batch.state == BatchState.SENDING, Batch.lease_until <= now, Batch.body.is_not(None))
        .values(unclear=True),
    )
    for queued, working in _WORKING.items():
        over = update(Batch).where(Batch.state == working, Batch.lease_until <= now)
        count_changed(session, over.values(state=queued, lease_owner=None, lease_until=None, next_try_at=now))


def is_out_of_time(row: Batch, now: datetime) -> bool:
    """Whether the platform would no longer see that the bytes are the same as before."""
    return row.first_try_at is not None and now >= row.first_try_at + DUPLICATE_WINDOW


def claim(session: Session, batch_id: int, owner: str, now: datetime, lease: timedelta = LEASE) -> Batch | None:
    """Take the batch for one try, None when it is not due or somebody else has it."""
    turned = case(*((Batch.state == queued, working.value) for queued, working in _WORKING.items()))
    mine = update(Batch).where(Batch.id == batch_id, Batch.state.in_(tuple(_WORKING)), Batch.next_try_at <= now)
    values = {"attempts": Batch.attempts + 1, "lease_owner": owner, "lease_until": now + lease}
    if not changed(session, mine.values(state=turned, **values)):
        return None
    return session.get(Batch, batch_id, populate_existing=True)


def renew(session: Session, batch_id: int, owner: str, until: datetime) -> None:
    """The work goes on."""
    count_changed(
        session, update(Batch).where(Batch.id == batch_id, Batch.lease_owner == owner).values(lease_until=until)
    )


def receivers(session: Session, batch_id: int) -> list[Receiver]:
    """Who is still to get the text of this batch, in the order they came."""
    return _receivers(session, batch_id, Reached.PLANNED)


def receivers_behind(session: Session, row: Batch) -> list[Receiver]:
    """Who got the text that this file or card goes behind, and has not left since."""
    got = [] if row.after_id is None else _receivers(session, row.after_id, Reached.ACCEPTED)
    return [each for each in got if not each.has_left]


def _receivers(session: Session, batch_id: int, state: Reached) -> list[Receiver]:
    query = (
        select(Person.id, Recipient.userid, Person.unit_id, Person.left_at)
        .join(Person, Person.id == Recipient.person_id)
        .where(Recipient.batch_id == batch_id, Recipient.state == state)
    )
    rows = session.execute(query.order_by(Person.id))
    return [Receiver(row[0], row[1] or "", row[2], row[3] is not None) for row in rows]


def leave_out(session: Session, batch_id: int, people: list[int], reason: str) -> None:
    """These people of the batch get nothing after all."""
    mine = update(Recipient).where(Recipient.batch_id == batch_id, Recipient.person_id.in_(people))
    count_changed(session, mine.values(state=Reached.STOPPED, reason=reason))


def split_off(session: Session, row: Batch, people: list[int], until: datetime) -> None:
    """These people get it in a batch of their own, not before `until`."""
    own = Batch(broadcast_id=row.broadcast_id, state=BatchState.QUEUED, attempts=0, next_try_at=until)
    session.add(own)
    session.flush()
    mine = update(Recipient).where(Recipient.batch_id == row.id, Recipient.person_id.in_(people))
    count_changed(session, mine.values(batch_id=own.id))


def crowded(session: Session, row: Batch, now: datetime) -> frozenset[str]:
    """The lanes to which the app has pushed so much in the last minute that one more broadcast might be dropped in
    silence: the platform takes 30 a minute (protocol 4.3). Beside what is paced for each member (`bot.pacing`) that
    leaves two broadcasts, each with a file and a card."""
    since = now - timedelta(minutes=1)
    recent = (Outbox.route == Route.APP, Outbox.ended_at > since)
    query = select(Outbox.lane).where(*recent).group_by(Outbox.lane).having(func.count() >= _MANY_PUSHES)
    busy = frozenset(session.scalars(query))
    others = (Batch.broadcast_id != row.broadcast_id, Batch.kind == BatchKind.TEXT, Batch.first_try_at > since)
    recently = session.scalar(select(func.count(Batch.broadcast_id.distinct())).where(*others)) or 0
    if recently < _MANY_BROADCASTS:
        return busy
    got = select(Recipient.userid).join(Batch, Batch.id == Recipient.batch_id).where(*others)
    many = got.group_by(Recipient.userid).having(func.count() >= _MANY_BROADCASTS)
    return busy | {userid for userid in session.scalars(many) if userid}


def put_behind(session: Session, row: Batch, kind: BatchKind) -> int:
    """Queue a file or card for those who got the text of this batch, or of the one it stands behind itself."""
    behind = Batch(
        broadcast_id=row.broadcast_id,
        kind=kind,
        after_id=row.after_id or row.id,
        state=BatchState.QUEUED,
        attempts=0,
        next_try_at=_AT_ONCE,
    )
    session.add(behind)
    session.flush()
    return behind.id


def forget_body(session: Session, batch_id: int) -> None:
    """The platform has lost the uploaded file: the message is put together anew."""
    changed(session, update(Batch).where(Batch.id == batch_id).values(body=None))


def fix_body(row: Batch, body: str, now: datetime) -> None:
    """Fix what goes over the wire before the first try."""
    row.body = body
    row.first_try_at = now


def wait(
    session: Session,
    batch_id: int,
    until: datetime,
    reason: str | None = None,
    *,
    tried: bool = True,
    unclear: bool = False,
) -> bool:
    """Not now: it is due again at `until`. `tried` False gives the attempt back; `unclear`: it may have arrived."""
    less = 0 if tried else 1
    if unclear:
        changed(session, update(Batch).where(Batch.id == batch_id).values(unclear=True))
    for queued, working in _WORKING.items():
        mine = update(Batch).where(Batch.id == batch_id, Batch.state == working)
        freed = {"state": queued, "lease_owner": None, "lease_until": None, "next_try_at": until, "reason": reason}
        if changed(session, mine.values(attempts=Batch.attempts - less, **freed)):
            return True
    return False


def end(
    session: Session,
    batch_id: int,
    state: BatchState,
    now: datetime,
    *,
    platform_id: str | None = None,
    reason: str | None = None,
) -> bool:
    """The batch is over in this state. False when somebody else has ended it."""
    working = Batch.state.in_((BatchState.SENDING, BatchState.RECALLING))
    values = {"state": state, "lease_owner": None, "lease_until": None, "ended_at": now, "reason": reason}
    if platform_id is not None:
        values["platform_id"] = platform_id
    return changed(session, update(Batch).where(Batch.id == batch_id, working).values(**values))


def to_be_recalled(session: Session, batch_id: int, now: datetime) -> None:
    """It was accepted after its broadcast was to be taken back."""
    sent = update(Batch).where(Batch.id == batch_id, Batch.state == BatchState.SENT)
    count_changed(session, sent.values(state=BatchState.RECALL_QUEUED, attempts=0, next_try_at=now))


def note(session: Session, batch_id: int, reached: Reached, reason: str | None = None) -> None:
    """How it ended for everybody of the batch for whom it has not ended yet."""
    planned = update(Recipient).where(Recipient.batch_id == batch_id, Recipient.state == Reached.PLANNED)
    count_changed(session, planned.values(state=reached, reason=reason))


def note_refused(session: Session, batch_id: int, userids: list[str], reason: str) -> list[int]:
    """These members cannot be reached by the app, whatever the platform accepted; their person ids."""
    mine = (Recipient.batch_id == batch_id, Recipient.userid.in_(userids), Recipient.state == Reached.PLANNED)
    people = list(session.scalars(select(Recipient.person_id).where(*mine)))
    refused = update(Recipient).where(Recipient.batch_id == batch_id, Recipient.person_id.in_(people))
    count_changed(session, refused.values(state=Reached.REFUSED, reason=reason))
    return people
