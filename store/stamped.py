"""Stamped summary tables (盖章扫描版) that coordinators sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import audit
from store.blobs import StoredBlob, record
from store.schema.reports import StampedTable


@dataclass(frozen=True, slots=True)
class Scan:
    """A safely stored file about to become a unit's stamped table."""

    unit_id: str
    number: str
    name: str
    size: int
    sha256: str
    arrived_at: datetime
    on_time: bool
    inbox_id: int
    position: int


def keep(session: Session, scan: Scan, *, actor_id: int, now: datetime) -> tuple[StampedTable, bool]:
    """Note the file. Returns it and whether it is new: the same message or the same bytes again are what they were."""
    same = select(StampedTable).where(StampedTable.unit_id == scan.unit_id, StampedTable.sha256 == scan.sha256)
    known = session.scalar(same.limit(1))
    if known is not None:
        return known, False
    record(session, StoredBlob(scan.sha256, scan.size), now)
    row = StampedTable(
        unit_id=scan.unit_id,
        number=scan.number,
        person_id=actor_id,
        sha256=scan.sha256,
        name=scan.name,
        size=scan.size,
        arrived_at=scan.arrived_at,
        on_time=scan.on_time,
        inbox_id=scan.inbox_id,
        position=scan.position,
    )
    session.add(row)
    session.flush()
    detail = {"unit": scan.unit_id, "number": scan.number, "sha256": scan.sha256, "size": scan.size}
    audit.write(session, at=now, actor_id=actor_id, act="unit.stamped_table", detail=detail)
    return row, True


def of(session: Session, unit_id: str) -> Sequence[StampedTable]:
    """The unit's stamped tables, oldest first: several photos may be several pages."""
    return session.scalars(select(StampedTable).where(StampedTable.unit_id == unit_id).order_by(StampedTable.id)).all()


def by_number(session: Session, number: str) -> StampedTable | None:
    """The stamped table with this receipt number."""
    return session.scalar(select(StampedTable).where(StampedTable.number == number))


def units_with(session: Session, unit_ids: Collection[str]) -> frozenset[str]:
    """Which of these units have sent one."""
    query = select(StampedTable.unit_id).where(StampedTable.unit_id.in_(unit_ids)).distinct()
    return frozenset(session.scalars(query))
