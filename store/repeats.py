"""What the platform would take for the same message sent twice: it holds the same bytes as one of just before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from store.outbox import DUPLICATE_WINDOW
from store.schema.broadcasts import Batch, BatchKind
from store.schema.mail import Outbox


def was_said(session: Session, row: Outbox, userid: str, body: str, now: datetime) -> bool:
    """Whether another message to this member went out with these bytes, within the time in which the platform drops
    the second of two that are alike. Their private chats may be known under two names."""
    alike = (
        Outbox.lane.in_({row.lane, userid.lower()}),
        Outbox.id != row.id,
        Outbox.first_try_at > now - DUPLICATE_WINDOW,
        Outbox.body == body,
    )
    return bool(session.scalar(select(exists().where(*alike))))


def was_broadcast(session: Session, row: Batch, body: str, now: datetime) -> bool:
    """The same of the file behind another broadcast to the same people."""
    alike = (
        Batch.kind == BatchKind.FILE,
        Batch.id != row.id,
        Batch.first_try_at > now - DUPLICATE_WINDOW,
        Batch.body == body,
    )
    return bool(session.scalar(select(exists().where(*alike))))
