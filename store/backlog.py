"""How much waits, and for how long: what whoever runs the service watches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from store import fetches, inbox, outbox
from store.schema.mail import Fetch, FetchState, Inbox, InboxState, Outbox, OutboxState

_OPEN = (InboxState.FETCHING, InboxState.READY, InboxState.WORKING)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Counts of rows by state, every state named; the age in seconds of the oldest message that is not handled."""

    oldest_seconds: float
    lanes: int
    inbox: dict[str, int]
    fetches: dict[str, int]
    outbox: dict[str, int]


def measure(session: Session, now: datetime) -> Waiting:
    """Look at the rows; `now` is real time."""
    oldest, lanes = session.execute(
        select(func.min(Inbox.received_at), func.count(Inbox.lane.distinct())).where(Inbox.state.in_(_OPEN))
    ).one()
    return Waiting(
        oldest_seconds=max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0,
        lanes=lanes,
        inbox=_counts(session, Inbox.state, InboxState),
        fetches=_counts(session, Fetch.state, FetchState),
        outbox=_counts(session, Outbox.state, OutboxState),
    )


def overdue(session: Session, before: datetime) -> int:
    """How many rows were due at `before` (real time) and are still where they were: nobody works on them."""
    left = len(inbox.due_lanes(session, before)) + len(fetches.due(session, before)) + len(outbox.due(session, before))
    for table, state in ((Inbox, InboxState.WORKING), (Outbox, OutboxState.SENDING)):
        abandoned = select(func.count()).select_from(table).where(table.state == state, table.lease_until <= before)
        left += session.scalar(abandoned) or 0
    return left


def _counts(session: Session, state: InstrumentedAttribute[str], states: Iterable[Any]) -> dict[str, int]:
    found = dict(session.execute(select(state, func.count()).group_by(state)).all())
    return {str(each): found.get(str(each), 0) for each in states}
