"""How the units stand, from the rows as they are now: the one query behind chat, picture, export, reminder and page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notice import Notice, Unit
from domain.standing import CategoryStanding, Reported, SchoolStanding, UnitStanding
from store import audit, reports, stamped
from store.counting import Count, SchoolsAsked, count_cases, furthest_of_schools
from store.moves import COUNTED
from store.rows import put_row
from store.schema.campaign import CaseState, RouteTick, school_key

_FIELDS: Mapping[CaseState, str] = {
    CaseState.RECEIVED: "received",
    CaseState.NEEDS_FIX: "needs_fix",
    CaseState.RETURNED: "returned",
    CaseState.SUBMITTED: "submitted",
    **dict.fromkeys(COUNTED, "recommended"),
}
_STEPS = tuple(Reported)
_RANKS: Mapping[CaseState, int] = {
    **dict.fromkeys((CaseState.RECEIVED, CaseState.NEEDS_FIX, CaseState.RETURNED), _STEPS.index(Reported.UNDER_WAY)),
    CaseState.SUBMITTED: _STEPS.index(Reported.SUBMITTED),
    **dict.fromkeys(COUNTED, _STEPS.index(Reported.RECOMMENDED)),
}
_SUBMITTED_OR_COUNTED = frozenset({"submitted", "recommended"})


def standings(session: Session, notice: Notice, unit_id: str | None = None) -> tuple[UnitStanding, ...]:
    """All units of the notice in its order, or the one; a unit the notice does not know gives ()."""
    units = [unit for unit in notice.units if unit_id in {None, unit.id}]
    if not units:
        return ()
    ids = [unit.id for unit in units]
    counts = defaultdict[str, list[Count]](list)
    for count in count_cases(session, ids, [each.code for each in notice.categories], _FIELDS):
        counts[count.unit_id].append(count)
    schools = _schools(session, units, notice)
    numbers, stamped_units = reports.numbers_in_force(session, ids), stamped.units_with(session, ids)
    ticked = defaultdict[str, set[str]](set)
    for tick in session.execute(select(RouteTick.unit_id, RouteTick.route).where(RouteTick.done)):
        ticked[tick.unit_id].add(tick.route)
    return tuple(
        UnitStanding(
            unit=unit,
            categories=_categories(notice, unit, counts[unit.id]),
            schools=tuple(schools[unit.id]),
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


def _schools(session: Session, units: Sequence[Unit], notice: Notice) -> dict[str, list[SchoolStanding]]:
    """The schools that must report through each of these units, in the notice's order, and how far each has come."""
    ids = {unit.id for unit in units}
    listed = [
        (must, unit_id, [school.name for school in must.schools if school.unit == unit_id])
        for must in notice.must_report
        for unit_id in dict.fromkeys(school.unit for school in must.schools if school.unit in ids)
    ]
    asked = [
        SchoolsAsked(unit_id, frozenset(map(school_key, names)), must.categories) for must, unit_id, names in listed
    ]
    found = defaultdict[str, list[SchoolStanding]](list)
    for (must, unit_id, names), come in zip(listed, furthest_of_schools(session, asked, _RANKS), strict=True):
        found[unit_id] += [SchoolStanding(name, must.name, _STEPS[come.get(school_key(name), 0)]) for name in names]
    return found
