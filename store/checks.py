"""Check results: one row for a material, a category and a set of rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.schema.campaign import CheckResult


def record(
    session: Session,
    *,
    material_id: int,
    category: str,
    verdict: str,
    report: Mapping[str, Any],
    rules_digest: str,
    now: datetime,
) -> CheckResult:
    """Keep a result. The same material, category and rules again: the row is brought up to date, not doubled."""
    known = session.scalar(
        select(CheckResult).where(
            CheckResult.material_id == material_id,
            CheckResult.category == category,
            CheckResult.rules_digest == rules_digest,
        )
    )
    if known is None:
        known = CheckResult(material_id=material_id, category=category, rules_digest=rules_digest)
        session.add(known)
    known.verdict = verdict
    known.report = dict(report)
    known.checked_at = now
    session.flush()
    return known


def latest(session: Session, material_id: int, category: str) -> CheckResult | None:
    """The newest result of this material as a case of `category`."""
    query = select(CheckResult).where(CheckResult.material_id == material_id, CheckResult.category == category)
    return session.scalars(query.order_by(CheckResult.checked_at.desc(), CheckResult.id.desc()).limit(1)).first()


def categories(session: Session, material_id: int) -> list[str]:
    """The categories this material has been checked for."""
    query = select(CheckResult.category).where(CheckResult.material_id == material_id).distinct()
    return sorted(session.scalars(query))
