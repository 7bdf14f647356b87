"""Moving the deadline, and who knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.deadlines import DeadlineChange, Deadlines
from store import audit
from store.rows import insert_unless_known, put_row
from store.schema.deadlines import DeadlineAck
from store.schema.deadlines import DeadlineChange as Row

REVISION = select(func.coalesce(func.max(Row.id), 0))  # built once: every callback asks this
_CHANGES = select(Row.id, Row.unit_id, Row.closes_at, Row.changed_at).order_by(Row.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change somebody has confirmed. `number` is one more than the newest they had seen; `before` is the deadline
    they want moved to `closes_at` (None: the unit's extension ends)."""

    number: int
    unit_id: str | None
    closes_at: datetime | None
    before: datetime
    reason: str


def revision(session: Session) -> int:
    """The number of the newest change, 0 while there is none."""
    return session.connection().scalar(REVISION) or 0


def load(session: Session, printed: datetime) -> Deadlines:
    """All changes, behind the deadline that the notice printed."""
    return Deadlines(printed, tuple(DeadlineChange(*row) for row in session.execute(_CHANGES)))


def change(session: Session, wanted: Wanted, *, actor_id: int | None, now: datetime) -> bool:
    """Move the deadline from now (campaign time) on. False when somebody has changed it since `wanted` was shown.

    Whether the actor may is decided by the caller through domain.policy; None means the command line."""
    if wanted.number != revision(session) + 1:
        return False
    values = {
        "id": wanted.number,
        "unit_id": wanted.unit_id,
        "closes_at": wanted.closes_at,
        "before": wanted.before,
        "reason": wanted.reason,
        "person_id": actor_id,
        "changed_at": now,
    }
    if insert_unless_known(session, Row, values) is None:
        return False
    detail = {
        "number": wanted.number,
        "unit": wanted.unit_id,
        "from": wanted.before.isoformat(),
        "to": None if wanted.closes_at is None else wanted.closes_at.isoformat(),
        "reason": wanted.reason,
    }
    audit.write(session, at=now, actor_id=actor_id, act="deadline.changed", detail=detail)
    return True


def newest_for(session: Session, unit_id: str | None) -> int:
    """The number of the newest change, with `unit_id` of those that concern that unit; 0 while there is none."""
    newest = select(func.max(Row.id))
    if unit_id is not None:
        newest = newest.where(or_(Row.unit_id.is_(None), Row.unit_id == unit_id))
    return session.scalar(newest) or 0


def get(session: Session, number: int) -> Row | None:
    """The change with this number."""
    return session.get(Row, number)


def acknowledge(session: Session, number: int, person_id: int, now: datetime) -> None:
    """The person knows of the change."""
    put_row(session, DeadlineAck, {"change_id": number, "person_id": person_id, "at": now})


def acknowledged(session: Session, number: int) -> frozenset[int]:
    """Who has said that they know of it, by person_id."""
    return frozenset(session.scalars(select(DeadlineAck.person_id).where(DeadlineAck.change_id == number)))
