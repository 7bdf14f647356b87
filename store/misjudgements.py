"""Findings that people hold to be wrong, for the admins to look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.rows import count_changed, insert_unless_known
from store.schema.copies import Misjudgement


def keep(
    session: Session,
    *,
    case_id: int,
    material_id: int,
    category: str,
    finding_key: str,
    finding: Mapping[str, Any],
    person_id: int,
    now: datetime,
) -> int | None:
    """Keep a doubted finding; its number, None when it is kept already."""
    values = {
        "case_id": case_id,
        "material_id": material_id,
        "category": category,
        "finding_key": finding_key,
        "finding": dict(finding),
        "person_id": person_id,
        "said_at": now,
    }
    return insert_unless_known(session, Misjudgement, values)


def newest(session: Session, *, limit: int, offset: int = 0) -> tuple[list[Misjudgement], int]:
    """The open doubted findings, newest first, and how many there are in all."""
    is_open = Misjudgement.closed_at.is_(None)
    total = session.scalar(select(func.count()).select_from(Misjudgement).where(is_open)) or 0
    found = select(Misjudgement).where(is_open).order_by(Misjudgement.id.desc()).limit(limit).offset(offset)
    return list(session.scalars(found)), total


def upheld(session: Session, case_id: int) -> list[Misjudgement]:
    """The findings about this case's files that an admin found to be wrong, oldest first."""
    is_meant = Misjudgement.case_id == case_id, Misjudgement.upheld.is_(True)
    return list(session.scalars(select(Misjudgement).where(*is_meant).order_by(Misjudgement.id)))


def close(session: Session, number: int, *, upheld: bool, now: datetime) -> Misjudgement | None:
    """Close a doubted finding with what was decided; None when there is none open of this number."""
    is_meant = (Misjudgement.id == number, Misjudgement.closed_at.is_(None))
    closing = update(Misjudgement).where(*is_meant).values(closed_at=now, upheld=upheld)
    if not count_changed(session, closing):
        return None
    return session.get_one(Misjudgement, number, populate_existing=True)
