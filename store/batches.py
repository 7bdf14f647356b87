"""Every state move of a broadcast's batches: claimed for one try, sent with fixed bytes, ended, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from store.rows import changed, count_changed
from store.schema.broadcasts import Batch, BatchState, Reached, Recipient
from store.schema.campaign import Person

LEASE = timedelta(minutes=2)
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


def return_leases(session: Session, now: datetime) -> None:
    """What a dead process was doing is done again: the same bytes go out, which the platform recognises."""
    for queued, working in _WORKING.items():
        over = update(Batch).where(Batch.state == working, Batch.lease_until <= now)
        count_changed(session, over.values(state=queued, lease_owner=None, lease_until=None, next_try_at=now))


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
    """Who is still to get it, in the order they came."""
    query = (
        select(Person.id, Recipient.userid, Person.unit_id, Person.left_at)
        .join(Person, Person.id == Recipient.person_id)
        .where(Recipient.batch_id == batch_id, Recipient.state == Reached.PLANNED)
    )
    rows = session.execute(query.order_by(Person.id))
    return [Receiver(row[0], row[1] or "", row[2], row[3] is not None) for row in rows]


def leave_out(session: Session, batch_id: int, people: list[int], reason: str) -> None:
    """These people of the batch get nothing after all."""
    mine = update(Recipient).where(Recipient.batch_id == batch_id, Recipient.person_id.in_(people))
    count_changed(session, mine.values(state=Reached.STOPPED, reason=reason))


def fix_body(row: Batch, body: str, now: datetime) -> None:
    """Fix what goes over the wire before the first try."""
    row.body = body
    row.first_try_at = now


def wait(session: Session, batch_id: int, until: datetime, reason: str | None, *, tried: bool) -> bool:
    """Not now: it is due again at `until`. `tried` False gives the attempt back."""
    less = 0 if tried else 1
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
