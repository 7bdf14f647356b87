"""A unit's report (上报): the set frozen in one transaction, reopened by the bureau, and which edition is in force."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store import audit, cases
from store.moves import Move
from store.rows import insert_unless_known
from store.schema.campaign import Case, CaseState
from store.schema.reports import PackageState, UnitReport

_DECIDED = (CaseState.RECOMMENDED, CaseState.SUBMITTED)
# The queue's time is real time, the report's is the campaign's.
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
_OPENED = "reports_made"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a report would decide about now: the recommended cases go on, the submitted ones do not."""

    recommended: tuple[Case, ...]
    submitted: tuple[Case, ...]

    @property
    def digest(self) -> str:
        """Differs as soon as a case is added, taken away or changed."""
        seen = [f"{case.id}:{case.state}:{case.revision}" for case in (*self.recommended, *self.submitted)]
        return hashlib.sha256("\n".join(sorted(seen)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Filing:
    """A report about to be made. `content` is the frozen set as JSON, `arrived_at` when the coordinator's word came."""

    unit_id: str
    number: str
    actor_id: int
    inbox_id: int
    arrived_at: datetime
    on_time: bool
    content: Mapping[str, Any]


def in_force(session: Session, unit_id: str) -> UnitReport | None:
    """The unit's report that has not been reopened."""
    query = select(UnitReport).where(UnitReport.unit_id == unit_id, UnitReport.reopened_at.is_(None))
    return session.scalar(query.execution_options(populate_existing=True))


def latest(session: Session, unit_id: str) -> UnitReport | None:
    """The unit's newest edition, in force or reopened."""
    query = select(UnitReport).where(UnitReport.unit_id == unit_id).order_by(UnitReport.edition.desc())
    return session.scalar(query.limit(1).execution_options(populate_existing=True))


def get(session: Session, report_id: int) -> UnitReport:
    """The report with this id. Raises sqlalchemy.exc.NoResultFound."""
    return session.get_one(UnitReport, report_id)


def by_number(session: Session, number: str) -> UnitReport | None:
    """The report with this receipt number."""
    return session.scalar(select(UnitReport).where(UnitReport.number == number))


def chosen(session: Session, unit_id: str, *, lock: bool = False) -> Chosen:
    """The unit's cases a report decides about, oldest first; `lock` them when it is to be made in this transaction."""
    query = select(Case).where(Case.unit_id == unit_id, Case.state.in_(_DECIDED)).order_by(Case.id)
    if lock:
        session.flush()
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).all()
    return Chosen(
        recommended=tuple(case for case in found if case.state == CaseState.RECOMMENDED),
        submitted=tuple(case for case in found if case.state == CaseState.SUBMITTED),
    )


def file(session: Session, filing: Filing, set_: Chosen, now: datetime) -> UnitReport | None:
    """Make the report and every move it means. None when the unit has one in force: of several presses one gets it.

    The set must have been chosen with its rows locked, in this transaction."""
    edition = (session.scalar(_editions(filing.unit_id)) or 0) + 1
    values = {
        "unit_id": filing.unit_id,
        "edition": edition,
        "number": filing.number,
        "person_id": filing.actor_id,
        "inbox_id": filing.inbox_id,
        "arrived_at": filing.arrived_at,
        "on_time": filing.on_time,
        "content": dict(filing.content),
        "package_state": PackageState.WAITING,
        "attempts": 0,
        "next_try_at": AT_ONCE,
    }
    report_id = insert_unless_known(session, UnitReport, values)
    if report_id is None:
        return None
    for step, moved in ((Move.REPORT, set_.recommended), (Move.PASS_OVER, set_.submitted)):
        for case in moved:
            if not cases.move(
                session, case, step, actor_id=filing.actor_id, now=now, marks=cases.marks_of(case)
            ):  # fmt: skip
                raise RuntimeError("a case was reported without being locked")
    detail = {"unit": filing.unit_id, "edition": edition, "number": filing.number, "cases": len(set_.recommended)}
    audit.write(session, at=now, actor_id=filing.actor_id, act="unit.reported", detail=detail)
    session.info.setdefault(_OPENED, []).append(report_id)
    return get(session, report_id)


def reopen(session: Session, unit_id: str, *, actor_id: int, reason: str, now: datetime) -> UnitReport | None:
    """Take the unit's report back: its cases are recommended again, those passed over submitted again.

    None when there is none in force. Cases that a prize has been given to stay as they are."""
    report = session.scalar(
        select(UnitReport)
        .where(UnitReport.unit_id == unit_id, UnitReport.reopened_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if report is None:
        return None
    report.reopened_at, report.reopened_by, report.reopen_reason = now, actor_id, reason
    session.flush()
    back = {CaseState.REPORTED: Move.REOPEN, CaseState.NOT_SELECTED: Move.RECONSIDER}
    query = select(Case).where(Case.unit_id == unit_id, Case.state.in_(back)).order_by(Case.id).with_for_update()
    for case in session.scalars(query).all():
        step = back[CaseState(case.state)]
        cases.move(session, case, step, actor_id=actor_id, now=now, marks=cases.marks_of(case), reason=reason)
    detail = {"unit": unit_id, "edition": report.edition, "reason": reason}
    audit.write(session, at=now, actor_id=actor_id, act="unit.reopened", detail=detail)
    return report


def numbers_in_force(session: Session, unit_ids: Sequence[str]) -> Mapping[str, str]:
    """The receipt numbers of the reports in force, by unit."""
    query = select(UnitReport.unit_id, UnitReport.number).where(
        UnitReport.unit_id.in_(unit_ids), UnitReport.reopened_at.is_(None)
    )
    return {row.unit_id: row.number for row in session.execute(query)}


def made_here(session: Session) -> tuple[int, ...]:
    """The reports made in this transaction: their packages wait to be made."""
    return tuple(session.info.get(_OPENED, ()))


def _editions(unit_id: str) -> Any:
    return select(func.max(UnitReport.edition)).where(UnitReport.unit_id == unit_id)
