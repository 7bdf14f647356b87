"""What came to nothing: messages given up, and outgoing ones that did not arrive. For whoever looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.chat import MessageKind
from domain.chat_json import incoming_from_json
from store import audit
from store.people import by_lane
from store.schema.campaign import Person
from store.schema.mail import Fetch, FetchState, Inbox, InboxState, Outbox, OutboxState

_NOT_ARRIVED = (OutboxState.REFUSED, OutboxState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A message that was tried as often as is allowed. `arrived_at` is campaign time, `stored` its files that are safe;
    `person` is None for somebody the service does not know. What was written is not told."""

    arrived_at: datetime
    person: Person | None
    kind: MessageKind
    stored: int


@dataclass(frozen=True, slots=True)
class NotArrived:
    """A message to somebody that was refused for good, or of which nobody can say whether it arrived (`unclear`).

    `asked_at` is the campaign time of the message that it answers, None if it answers none."""

    asked_at: datetime | None
    person: Person | None
    unclear: bool


@dataclass(frozen=True, slots=True)
class Failures:
    """The newest of each, how many there are of each in all, and how many texts wait for their person's message."""

    given_up: Sequence[GivenUp]
    not_arrived: Sequence[NotArrived]
    all_given_up: int
    all_not_arrived: int
    held: int


def newest(session: Session, limit: int) -> Failures:
    """At most `limit` of each kind, the newest first."""
    dead = select(Inbox).where(Inbox.state == InboxState.DEAD)
    ended = select(Outbox).where(Outbox.state.in_(_NOT_ARRIVED))
    return Failures(
        given_up=[_given_up(session, row) for row in session.scalars(dead.order_by(Inbox.id.desc()).limit(limit))],
        not_arrived=[
            _not_arrived(session, row) for row in session.scalars(ended.order_by(Outbox.id.desc()).limit(limit))
        ],
        all_given_up=_count(session, dead),
        all_not_arrived=_count(session, ended),
        held=_count(session, select(Outbox).where(Outbox.state == OutboxState.HELD)),
    )


def try_again(session: Session, *, by: int, now: datetime) -> int:
    """Everything that was given up goes to work again, with as many attempts as at first; how many messages.

    What each sender was told before is left as it was: its rows give up their keys, so that the new answer is queued.
    `now` is campaign time; the rows are due at once, by the tick."""
    dead = list(session.scalars(select(Inbox).where(Inbox.state == InboxState.DEAD).with_for_update()))
    for row in dead:
        for told in session.scalars(select(Outbox).where(Outbox.inbox_id == row.id)):
            told.key = f"before:{told.id}:{told.key}"
        row.state, row.attempts, row.next_try_at = InboxState.READY, 0, row.received_at
        audit.write(session, at=now, actor_id=by, act="message.tried_again", detail={"inbox": row.id})
    return len(dead)


def _given_up(session: Session, row: Inbox) -> GivenUp:
    stored = select(func.count()).select_from(Fetch).where(Fetch.inbox_id == row.id, Fetch.state == FetchState.STORED)
    try:
        kind = incoming_from_json(row.message).kind
    except ValueError:  # perhaps that is why it was given up
        kind = MessageKind.UNKNOWN
    return GivenUp(row.campaign_at, by_lane(session, row.lane), kind, session.scalar(stored) or 0)


def _not_arrived(session: Session, row: Outbox) -> NotArrived:
    asked = session.get(Inbox, row.inbox_id) if row.inbox_id is not None else None
    return NotArrived(
        asked.campaign_at if asked is not None else None,
        by_lane(session, row.lane),
        row.state == OutboxState.UNKNOWN,
    )


def _count(session: Session, rows: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0
