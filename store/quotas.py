"""How the units stand, from the rows as they are now: the one query behind chat, picture, export, reminder and page."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notice import Notice, Unit
from domain.standing import CategoryStanding, Reported, SchoolStanding, UnitStanding
from store import audit, reports, stamped
from store.counting import Count, count_cases
from store.moves import COUNTED
from store.rows import put_row
from store.schema.campaign import Case, CaseState, RouteTick

_FIELDS: Mapping[CaseState, str] = {
    CaseState.RECEIVED: "received",
    CaseState.NEEDS_FIX: "needs_fix",
    CaseState.RETURNED: "returned",
    CaseState.SUBMITTED: "submitted",
    **dict.fromkeys(COUNTED, "recommended"),
}
_SUBMITTED_OR_COUNTED = frozenset({"submitted", "recommended"})
_NOT_LETTERS = re.compile(r"[\W_]+")


def standings(session: Session, notice: Notice, unit_id: str | None = None) -> tuple[UnitStanding, ...]:
    """All units of the notice in its order, or the one; a unit the notice does not know gives ()."""
    units = [unit for unit in notice.units if unit_id in {None, unit.id}]
    if not units:
        return ()
    ids = [unit.id for unit in units]
    counts = defaultdict[str, list[Count]](list)
    for count in count_cases(session, ids, [each.code for each in notice.categories], _FIELDS):
        counts[count.unit_id].append(count)
    reported = _reported(session, notice, unit_id)
    numbers, stamped_units = reports.numbers_in_force(session, ids), stamped.units_with(session, ids)
    ticked = defaultdict[str, set[str]](set)
    for tick in session.execute(select(RouteTick.unit_id, RouteTick.route).where(RouteTick.done)):
        ticked[tick.unit_id].add(tick.route)
    return tuple(
        UnitStanding(
            unit=unit,
            categories=_categories(notice, unit, counts[unit.id]),
            schools=_schools(notice, unit, reported),
            ticked=frozenset(ticked[unit.id]),
            report=numbers.get(unit.id, ""),
            stamped=unit.id in stamped_units,
        )
        for unit in units
    )


def tick_route(session: Session, unit_id: str, route: str, *, done: bool, actor_id: int, now: datetime) -> None:
    """Note that the unit has gone an official route (已上传平台, 已发邮箱), or that it has not after all."""
    put_row(session, RouteTick, {"unit_id": unit_id, "route": route, "done": done, "person_id": actor_id, "at": now})
    detail = {"unit": unit_id, "route": route, "done": done}
    audit.write(session, at=now, actor_id=actor_id, act="unit.route", detail=detail)


def _categories(notice: Notice, unit: Unit, counts: Iterable[Count]) -> tuple[CategoryStanding, ...]:
    minimums = {quota.category: quota.minimum for quota in notice.quotas if quota.unit_kind == unit.kind}
    found: dict[str | None, dict[str, int]] = {each.code: defaultdict(int) for each in notice.categories}
    for count in counts:
        numbers, name = found.get(count.category), _FIELDS.get(count.state)
        if numbers is None or name is None:
            continue
        numbers[name] += count.cases
        numbers["late"] += count.late if name in _SUBMITTED_OR_COUNTED else 0
    return tuple(CategoryStanding(each.code, minimums.get(each.code), **found[each.code]) for each in notice.categories)


def _reported(session: Session, notice: Notice, unit_id: str | None) -> dict[tuple[str, str], Reported]:
    """How far each school has come, by unit and plain name; asked only where some school has to report."""
    if not any(must.schools for must in notice.must_report):
        return {}
    query = select(Case.unit_id, Case.school, Case.state).where(Case.unit_id.is_not(None), Case.school.is_not(None))
    if unit_id is not None:
        query = query.where(Case.unit_id == unit_id)
    steps = list(Reported)
    found: dict[tuple[str, str], Reported] = {}
    for unit, school, state in session.execute(query.distinct()):
        step, key = _step(CaseState(state)), (unit or "", _plain(school or ""))
        found[key] = max(found.get(key, Reported.NOTHING), step, key=steps.index)
    return found


def _step(state: CaseState) -> Reported:
    if state in COUNTED:
        return Reported.RECOMMENDED
    if state is CaseState.SUBMITTED:
        return Reported.SUBMITTED
    return Reported.UNDER_WAY if state in _FIELDS else Reported.NOTHING


def _schools(notice: Notice, unit: Unit, reported: Mapping[tuple[str, str], Reported]) -> tuple[SchoolStanding, ...]:
    return tuple(
        SchoolStanding(school.name, must.name, reported.get((unit.id, _plain(school.name)), Reported.NOTHING))
        for must in notice.must_report
        for school in must.schools
        if school.unit == unit.id
    )


def _plain(name: str) -> str:
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", name)).casefold()
