"""Files that were only checked (预检): counted nowhere, turned into a case by their owner or gone after a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import blobs
from store.blobs import StoredBlob
from store.schema.intake import Precheck

KEPT_FOR = timedelta(hours=24)


def keep(
    session: Session,
    *,
    person_id: int,
    inbox_id: int,
    position: int,
    code: str,
    blob: StoredBlob,
    looked: Mapping[str, Any],
    now: datetime,
) -> Precheck:
    """Keep the file and what was found about it for a day. The same message again gives back what was made first."""
    made = of_message(session, inbox_id, position)
    if made is not None:
        return made
    blobs.record(session, blob, now)
    made = Precheck(
        person_id=person_id,
        code=code,
        inbox_id=inbox_id,
        position=position,
        sha256=blob.sha256,
        looked=dict(looked),
        made_at=now,
        until=now + KEPT_FOR,
    )
    session.add(made)
    session.flush()
    return made


def of_message(session: Session, inbox_id: int, position: int) -> Precheck | None:
    """What this file of this message was kept as."""
    return session.scalar(select(Precheck).where(Precheck.inbox_id == inbox_id, Precheck.position == position))


def by_code(session: Session, person_id: int, code: str, now: datetime) -> Precheck | None:
    """This person's file with this code while it is kept, locked until the transaction ends."""
    query = select(Precheck).where(Precheck.person_id == person_id, Precheck.code == code, Precheck.until > now)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def latest(session: Session, person_id: int, now: datetime) -> Precheck | None:
    """The file this person had checked last, if it is kept still."""
    query = select(Precheck).where(Precheck.person_id == person_id, Precheck.until > now)
    return session.scalar(query.order_by(Precheck.id.desc()).limit(1))


def became_case(session: Session, precheck: Precheck, case_id: int) -> None:
    """The owner has submitted it."""
    precheck.case_id = case_id
    session.flush()
