"""The record of what was done, written in the same transaction as the deed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.schema.campaign import Audit


def write(
    session: Session,
    *,
    at: datetime,
    actor_id: int | None,
    act: str,
    case_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one row. `actor_id` None means the service itself. `detail` holds plain JSON values, never secrets."""
    session.add(Audit(at=at, actor_id=actor_id, act=act, case_id=case_id, detail=dict(detail or {})))


def newest(session: Session) -> int:
    """The id of the newest row, 0 while there is none: tells whether anything has been done since."""
    return session.scalar(select(func.max(Audit.id))) or 0


def of_case(session: Session, case_id: int) -> list[Audit]:
    """A case's history, oldest first."""
    return list(session.scalars(select(Audit).where(Audit.case_id == case_id).order_by(Audit.id)))


def newest_of(session: Session, case_ids: Collection[int], act: str) -> Mapping[int, Audit]:
    """For each of these cases the newest row of this act, where there is one."""
    rows = session.scalars(select(Audit).where(Audit.case_id.in_(case_ids), Audit.act == act).order_by(Audit.id))
    return {row.case_id: row for row in rows if row.case_id is not None}
