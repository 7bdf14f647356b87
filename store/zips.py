"""ZIPs that a coordinator sent: listed, put right file by file, submitted once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import audit, blobs
from store.blobs import StoredBlob
from store.schema.intake import Batch, BatchItem

KEPT_FOR = timedelta(hours=24)


def of_message(session: Session, inbox_id: int, position: int) -> Batch | None:
    """What this file of this message was listed as."""
    return session.scalar(select(Batch).where(Batch.inbox_id == inbox_id, Batch.position == position))


def keep(session: Session, batch: Batch, items: Sequence[BatchItem], now: datetime) -> Batch:
    """Keep the list, and every file in it, for a day."""
    session.add(batch)
    session.flush()
    for item in items:
        if item.sha256 is not None:
            blobs.record(session, StoredBlob(item.sha256, item.size), now)
        item.batch_id = batch.id
        session.add(item)
    session.flush()
    return batch


def by_code(session: Session, person_id: int, code: str | None, now: datetime) -> Batch | None:
    """This person's list with this code, or the newest one without, locked until the transaction ends."""
    query = select(Batch).where(Batch.person_id == person_id, Batch.until > now)
    if code is not None:
        query = query.where(Batch.code == code)
    query = query.order_by(Batch.id.desc()).limit(1).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def items_of(session: Session, batch_id: int) -> list[BatchItem]:
    """The files of the list in its order."""
    query = select(BatchItem).where(BatchItem.batch_id == batch_id).order_by(BatchItem.number)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def seal(session: Session, batch: Batch, *, submitted: int, now: datetime) -> None:
    """It has been submitted: nothing of it is changed any more."""
    batch.sealed_at = now
    session.flush()
    detail = {"batch": batch.id, "files": submitted}
    audit.write(session, at=now, actor_id=batch.person_id, act="batch.submitted", detail=detail)
