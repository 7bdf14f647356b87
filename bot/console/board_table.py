"""The board as a table: what each cell says, how strongly it is coloured, and which cases stand behind it.

Blue for enough and orange for missing stay apart for every kind of colour blindness, and each cell also says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.console.case_filters import Filters
from domain.notice import Route
from domain.standing import CategoryStanding, UnitStanding

MISSING, NOBODY, WAITING, MENDING, LATE = "差{}", "缺稿{}", "待荐{}", "待改{}", "迟{}"


class Heat(StrEnum):
    """The class of a cell in `pages.css`: no minimum, reached, or a little, much, everything missing."""

    NONE = "h-none"
    ENOUGH = "h-enough"
    LITTLE = "h-1"
    MUCH = "h-2"
    ALL = "h-3"


_DEPTHS = (Heat.LITTLE, Heat.MUCH, Heat.ALL)


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit in one category: the number that counts, what is to be said beside it, where its cases are."""

    category: str
    count: str
    says: tuple[str, ...]
    heat: Heat
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """One unit. `schools` is empty where none has to report; `ticks` are the official routes in their order."""

    unit_id: str
    name: str
    cells: tuple[Cell, ...]
    schools: str
    schools_heat: Heat
    ticks: tuple[bool, ...]
    stamped: bool
    report: str


@dataclass(frozen=True, slots=True)
class Total:
    """All units together in one category."""

    category: str
    minimum: int
    recommended: int
    missing: int
    submitted: int
    mending: int


def rows(standings: Sequence[UnitStanding], routes: Sequence[Route]) -> list[Row]:
    """A row for each unit."""
    return [_row(standing, routes) for standing in standings]


def totals(standings: Sequence[UnitStanding]) -> list[Total]:
    """The sums, category by category. What is missing is what each unit lacks: one's surplus helps no other."""
    columns = zip(*(standing.categories for standing in standings), strict=True)
    return [
        Total(
            category=column[0].category,
            minimum=sum(each.minimum or 0 for each in column),
            recommended=sum(each.recommended for each in column),
            missing=sum(each.missing for each in column),
            submitted=sum(each.submitted for each in column),
            mending=sum(mending(each) for each in column),
        )
        for column in columns
    ]


def mending(standing: CategoryStanding) -> int:
    """What its owners have to mend: found wanting by the check, or returned."""
    return standing.needs_fix + standing.returned


def heat_of(standing: CategoryStanding) -> Heat:
    """The share of the minimum that is missing, in three steps."""
    if standing.minimum is None:
        return Heat.NONE
    if not standing.missing:
        return Heat.ENOUGH
    return _DEPTHS[min((standing.missing * len(_DEPTHS) - 1) // standing.minimum, len(_DEPTHS) - 1)]


def _row(standing: UnitStanding, routes: Sequence[Route]) -> Row:
    count, without = len(standing.schools), len(standing.schools_without)
    return Row(
        unit_id=standing.unit.id,
        name=standing.unit.name,
        cells=tuple(_cell(standing.unit.id, each) for each in standing.categories),
        schools=f"{count - without}/{count}" if count else "",
        schools_heat=(Heat.ALL if without else Heat.ENOUGH) if count else Heat.NONE,
        ticks=tuple(route.id in standing.ticked for route in routes),
        stamped=standing.stamped,
        report=standing.report,
    )


def _cell(unit_id: str, standing: CategoryStanding) -> Cell:
    minimum = "" if standing.minimum is None else f"/{standing.minimum}"
    said = (
        (MISSING, standing.missing),
        (NOBODY, standing.missing_of_alive if standing.missing_of_alive < standing.missing else 0),
        (WAITING, standing.submitted),
        (MENDING, mending(standing)),
        (LATE, standing.late),
    )
    return Cell(
        category=standing.category,
        count=f"{standing.recommended}{minimum}",
        says=tuple(text.format(number) for text, number in said if number),
        heat=heat_of(standing),
        address=Filters(unit=unit_id, category=standing.category).address(),
    )
