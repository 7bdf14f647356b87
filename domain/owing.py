"""What a unit still owes, in the words that reminders are filled with."""

from __future__ import annotations

from dataclasses import dataclass

from domain.notice import Intake, Notice
from domain.standing import UnitStanding

_NOT_REPORTED = "推荐的案例还没有上报"
_NOT_STAMPED = "盖章的汇总表还没有收到"
_NOT_DONE = "“{label}”没有勾选"


@dataclass(frozen=True, slots=True)
class Owed:
    """What is missing: by category (`gaps`), what waits for a recommendation, what its authors have to mend, schools
    that have to report and have not, and what else has to be done."""

    gaps: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    mending: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether the coordinator has anything left to do: what only its authors can mend is missing as well."""
        return bool(self.gaps or self.waiting or self.schools or self.undone)


def owed_by(notice: Notice, standing: UnitStanding) -> Owed:
    """What the unit owes now."""
    return Owed(
        gaps=tuple(f"{each.category} {each.missing}个" for each in standing.owes),
        waiting=tuple(f"{each.category} {each.submitted}个" for each in standing.categories if each.submitted),
        mending=tuple(
            f"{each.category} {each.needs_fix + each.returned}个"
            for each in standing.owes
            if each.needs_fix + each.returned
        ),
        schools=tuple(school.name for school in standing.schools_without),
        undone=_undone(notice, standing),
    )


def gaps_of(standing: UnitStanding) -> str:
    """The unit with what it lacks, on one line: 某县（A1 1、C 2）; empty when it lacks nothing."""
    parts = [f"{each.category} {each.missing}" for each in standing.owes]
    if standing.schools_without:
        parts.append(f"必报学校 {len(standing.schools_without)}")
    return f"{standing.unit.name}（{'、'.join(parts)}）" if parts else ""


def _undone(notice: Notice, standing: UnitStanding) -> tuple[str, ...]:
    """What follows the recommendations: reporting, the stamped table, the official routes. Nothing is asked for as long
    as nothing is recommended."""
    if not any(each.recommended for each in standing.categories):
        return ()
    undone = [_NOT_REPORTED] if not standing.report else []
    if standing.report and not standing.stamped:
        undone.append(_NOT_STAMPED)
    if notice.intake is Intake.ASSISTANT:
        routes = (route for route in notice.routes if route.done_label and route.id not in standing.ticked)
        undone += [_NOT_DONE.format(label=route.done_label) for route in routes]
    return tuple(undone)
