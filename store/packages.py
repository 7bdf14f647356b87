"""Every state move of the packages of reports: ZIPs that a worker makes after the report itself is safe."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from store.blobs import StoredBlob, record
from store.rows import changed, count_changed
from store.schema.reports import PackageState, UnitReport

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
_WAIT = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


def claim(session: Session, report_id: int, owner: str, now: datetime, lease: timedelta = LEASE) -> UnitReport | None:
    """Take the package's lease if it is due and nobody makes it."""
    mine = changed(
        session,
        update(UnitReport)
        .where(UnitReport.id == report_id, _is_due(now))
        .values(
            package_state=PackageState.WORKING,
            attempts=UnitReport.attempts + 1,
            lease_owner=owner,
            lease_until=now + lease,
        ),
    )
    return session.get(UnitReport, report_id, populate_existing=True) if mine else None


def renew(session: Session, report_id: int, owner: str, until: datetime) -> bool:
    """The work goes on: hold the lease until then. False if it was lost."""
    return changed(session, update(UnitReport).where(*_mine(report_id, owner)).values(lease_until=until))


def finish(session: Session, report_id: int, owner: str, made: StoredBlob, now: datetime) -> bool:
    """The package is stored. False if the lease was lost: then somebody else says so."""
    record(session, made, now)
    values = {"package_state": PackageState.MADE, "package_sha256": made.sha256, "package_size": made.size}
    return changed(session, update(UnitReport).where(*_mine(report_id, owner)).values(**values, **_FREE))


def put_back(session: Session, row: UnitReport, owner: str, now: datetime) -> bool:
    """It failed: try again later, and after the last try not any more. True when it was given up."""
    given_up = row.attempts >= MAX_ATTEMPTS
    state = PackageState.FAILED if given_up else PackageState.WAITING
    wait = _WAIT[min(row.attempts, len(_WAIT)) - 1]
    values = {"package_state": state, "next_try_at": now + wait}
    return changed(session, update(UnitReport).where(*_mine(row.id, owner)).values(**values, **_FREE)) and given_up


def due(session: Session, now: datetime, limit: int = 20) -> list[int]:
    """Ids of reports whose package may be made now."""
    return list(session.scalars(select(UnitReport.id).where(_is_due(now)).order_by(UnitReport.id).limit(limit)))


def return_leases(session: Session, now: datetime) -> int:
    """Packages whose process died may be made again. Returns how many."""
    ended = UnitReport.package_state == PackageState.WORKING, UnitReport.lease_until <= now
    values = {"package_state": PackageState.WAITING, "next_try_at": now}
    return count_changed(session, update(UnitReport).where(*ended).values(**values, **_FREE))


_FREE: dict[str, None] = {"lease_owner": None, "lease_until": None}


def _mine(report_id: int, owner: str) -> tuple[ColumnElement[bool], ...]:
    return (
        UnitReport.id == report_id,
        UnitReport.lease_owner == owner,
        UnitReport.package_state == PackageState.WORKING,
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        (UnitReport.package_state == PackageState.WAITING) & (UnitReport.next_try_at <= now),
        (UnitReport.package_state == PackageState.WORKING) & (UnitReport.lease_until <= now),
    )
