"""Messages to one member that have to wait, one after the other, because much has gone to them just now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from store.rows import changed
from store.schema.mail import Outbox, OutboxKind, OutboxState

_WAIT = (
    update(Outbox)
    .where(Outbox.id == bindparam("outbox"), Outbox.state == OutboxState.QUEUED)
    .values(next_try_at=bindparam("until"))
)


def queued_behind(session: Session, row: Outbox, now: datetime) -> list[int]:
    """The ids of this message and of those that are due to the same person after it without having been asked for."""
    told = or_(Outbox.inbox_id.is_(None), Outbox.kind != OutboxKind.TEXT)
    mine = (Outbox.lane == row.lane, Outbox.state == OutboxState.QUEUED, Outbox.body.is_(None), told)
    behind = select(Outbox.id).where(*mine, Outbox.id > row.id, Outbox.next_try_at <= now).order_by(Outbox.id)
    return [row.id, *session.scalars(behind)]


def wait_in_turn(session: Session, claimed_id: int, turns: Sequence[tuple[int, datetime]]) -> None:
    """Each of these messages waits until its time. That the claimed one was claimed for nothing is no try."""
    mine = update(Outbox).where(Outbox.id == claimed_id, Outbox.state == OutboxState.SENDING)
    tries = case((Outbox.attempts > 1, Outbox.attempts - 1), else_=1)
    changed(
        session, mine.values(state=OutboxState.QUEUED, attempts=tries, route=None, lease_owner=None, lease_until=None)
    )
    for outbox_id, until in turns:
        changed(session, _WAIT, {"outbox": outbox_id, "until": until})
