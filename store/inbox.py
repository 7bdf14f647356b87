"""Every state move of inbox rows, and the lanes that keep one sender's messages in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from store.rows import changed, count_changed, insert_unless_known
from store.schema.mail import Inbox, InboxState, Lane

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
_RETRY_AFTER = (timedelta(seconds=10), timedelta(seconds=60))
_FINAL = (InboxState.DONE, InboxState.DEAD)


# Built once: on the way of a callback building a statement costs as much as running it.
_BY_KEY = select(Inbox).where(Inbox.channel == bindparam("channel"), Inbox.key == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified callback about to become a row. `message` is its JSON text, `lane` its sender's queue.

    `stream_id` names the stream it is answered in, `handler` who has answered it already and `reply` with what.
    """

    channel: str
    key: str
    lane: str
    message: str
    received_at: datetime
    campaign_at: datetime
    stream_id: str | None = None
    handler: str | None = None
    reply: str | None = None


def get(session: Session, channel: str, key: str) -> Inbox:
    """The row of this upstream message. Raises sqlalchemy.exc.NoResultFound."""
    return session.scalars(_BY_KEY, {"channel": channel, "key": key}).one()


def accept(session: Session, arrival: Arrival, state: InboxState) -> int | None:
    """Insert the row unless this message is known. Returns the new row's id, None if the message is known.

    Of several processes that accept the same message at once exactly one gets an id (unique index).
    """
    values = {
        "channel": arrival.channel,
        "key": arrival.key,
        "lane": arrival.lane,
        "message": arrival.message,
        "received_at": arrival.received_at,
        "campaign_at": arrival.campaign_at,
        "state": state,
        "attempts": 0,
        "next_try_at": arrival.received_at,
        "handler": arrival.handler,
        "reply": arrival.reply,
        "stream_id": arrival.stream_id,
    }
    return insert_unless_known(session, Inbox, values)


def answer(session: Session, inbox_id: int, *, handler: str, reply: str) -> None:
    """The message has been answered at once, after its row was written."""
    values = {"state": InboxState.DONE, "handler": handler, "reply": reply}
    session.execute(update(Inbox).where(Inbox.id == inbox_id).values(values))


def await_files(session: Session, inbox_id: int) -> None:
    """Its files are fetched before the message may be handled."""
    session.execute(update(Inbox).where(Inbox.id == inbox_id).values(state=InboxState.FETCHING))


def finish(row: Inbox, *, handler: str) -> None:
    """The message has had its effect."""
    row.state = InboxState.DONE
    row.handler = handler
    row.error = None
    row.lease_owner = row.lease_until = None


def make_ready(session: Session, inbox_id: int, now: datetime) -> bool:
    """All files of the message are home or given up: it may be handled. True if the row was waiting for that."""
    return changed(
        session,
        update(Inbox)
        .where(Inbox.id == inbox_id, Inbox.state == InboxState.FETCHING)
        .values(state=InboxState.READY, next_try_at=now),
    )


def lane_of(session: Session, inbox_id: int) -> str:
    """The lane this message waits in."""
    return session.get_one(Inbox, inbox_id).lane


def message_of(session: Session, inbox_id: int) -> str:
    """The JSON of this message."""
    return session.get_one(Inbox, inbox_id).message


def claim(session: Session, lane: str, owner: str, now: datetime, lease: timedelta = LEASE) -> Inbox | None:
    """Take the lane's oldest unfinished message if it is due, else None.

    The lane's lease is taken first, by compare-and-swap, so no two rows of one sender are ever worked on at once.
    """
    _ensure_lane(session, lane)
    if not changed(
        session,
        update(Lane)
        .where(Lane.lane == lane, or_(Lane.lease_until.is_(None), Lane.lease_until <= now))
        .values(lease_owner=owner, lease_until=now + lease),
    ):
        return None
    oldest = session.scalar(
        select(Inbox).where(Inbox.lane == lane, Inbox.state.not_in(_FINAL)).order_by(Inbox.id).limit(1)
    )
    if oldest is None or oldest.state == InboxState.FETCHING or oldest.next_try_at > now:
        release_lane(session, lane, owner)
        return None
    oldest.state = InboxState.WORKING
    oldest.attempts += 1
    oldest.lease_owner = owner
    oldest.lease_until = now + lease
    return oldest


def renew(session: Session, row: Inbox, owner: str, until: datetime) -> bool:
    """The work goes on: hold message and lane until then. False if the lease was lost."""
    session.execute(update(Lane).where(Lane.lane == row.lane, Lane.lease_owner == owner).values(lease_until=until))
    return changed(
        session,
        update(Inbox)
        .where(Inbox.id == row.id, Inbox.state == InboxState.WORKING, Inbox.lease_owner == owner)
        .values(lease_until=until),
    )


def count_no_death(session: Session, inbox_id: int) -> None:
    """An attempt lost its lease although its process lives (a machine that hardly breathes): it was nobody's death, and
    must not bring the message nearer to being given up."""
    session.execute(
        update(Inbox)
        .where(Inbox.id == inbox_id, Inbox.state.not_in(_FINAL), Inbox.attempts > 1)
        .values(attempts=Inbox.attempts - 1)
    )


def still_mine(session: Session, inbox_id: int, owner: str) -> Inbox | None:
    """The row, locked for this transaction together with its lane, if `owner` still holds its lease.

    Everybody locks the lane before the row: in another order a renewal and the end of the work would wait for each
    other, and the database would break one of them off.
    """
    lane = select(Inbox.lane).where(Inbox.id == inbox_id).scalar_subquery()
    session.execute(select(Lane.lane).where(Lane.lane == lane).with_for_update())
    return session.scalar(
        select(Inbox)
        .where(Inbox.id == inbox_id, Inbox.state == InboxState.WORKING, Inbox.lease_owner == owner)
        .with_for_update()
    )


def put_back(row: Inbox, error: str, now: datetime) -> bool:
    """Handling failed: try again later, or give up after the last attempt. Returns True when given up (`dead`)."""
    row.error = error
    row.lease_owner = row.lease_until = None
    if row.attempts >= MAX_ATTEMPTS:
        row.state = InboxState.DEAD
        return True
    row.state = InboxState.READY
    row.next_try_at = now + _RETRY_AFTER[min(row.attempts, len(_RETRY_AFTER)) - 1]
    return False


def release_lane(session: Session, lane: str, owner: str) -> None:
    """Let the next message of this sender be claimed."""
    session.execute(
        update(Lane).where(Lane.lane == lane, Lane.lease_owner == owner).values(lease_owner=None, lease_until=None)
    )


def return_leases(session: Session, now: datetime) -> int:
    """Rows whose worker died go back to `ready`. Returns how many."""
    return count_changed(
        session,
        update(Inbox)
        .where(Inbox.state == InboxState.WORKING, Inbox.lease_until <= now)
        .values(state=InboxState.READY, next_try_at=now, lease_owner=None, lease_until=None),
    )


def due_lanes(session: Session, now: datetime, limit: int = 200) -> list[str]:
    """Lanes whose oldest unfinished message may be handled now."""
    earlier = aliased(Inbox)
    return list(
        session.scalars(
            select(Inbox.lane)
            .where(
                Inbox.state == InboxState.READY,
                Inbox.next_try_at <= now,
                ~exists().where(earlier.lane == Inbox.lane, earlier.id < Inbox.id, earlier.state.not_in(_FINAL)),
            )
            .order_by(Inbox.id)
            .limit(limit)
        )
    )


def _ensure_lane(session: Session, lane: str) -> None:
    if session.get(Lane, lane) is not None:
        return
    try:
        with session.begin_nested():
            session.add(Lane(lane=lane))
    except IntegrityError:
        session.expire_all()
