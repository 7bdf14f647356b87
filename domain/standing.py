"""How a unit stands: what it owes, what it has, category by category, and what its schools and its routes are at."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from domain.notice import Unit
from domain.policy import missing


@dataclass(frozen=True, slots=True)
class CategoryStanding:
    """Cases of one unit and category. `minimum` is None where the notice sets none.

    `received` waits for an answer of its owner, `needs_fix` and `returned` to be mended, `submitted` for the
    coordinator; `recommended` has been recommended or has come further: only that counts towards the minimum
    (三、案例限额). `late` came after the deadline, among those submitted or counted."""

    category: str
    minimum: int | None = None
    received: int = 0
    needs_fix: int = 0
    returned: int = 0
    submitted: int = 0
    recommended: int = 0
    late: int = 0

    @property
    def missing(self) -> int:
        """How many are still owed, 0 where there is no minimum."""
        return 0 if self.minimum is None else missing(self.minimum, self.recommended)

    @property
    def alive(self) -> int:
        """All cases that may still count or do so already."""
        return self.received + self.needs_fix + self.returned + self.submitted + self.recommended

    @property
    def missing_of_alive(self) -> int:
        """How many would still be owed if everything alive were recommended."""
        return 0 if self.minimum is None else missing(self.minimum, self.alive)


class Reported(StrEnum):
    """How far a school that has to report has come; each is further than the one before."""

    NOTHING = "nothing"
    UNDER_WAY = "under_way"
    SUBMITTED = "submitted"
    RECOMMENDED = "recommended"


@dataclass(frozen=True, slots=True)
class SchoolStanding:
    """A school that has to report (必报), `must` being the notice's name for its kind, and how far it has come."""

    name: str
    must: str
    reported: Reported


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """One unit. `ticked` are the ids of the official routes its coordinator has marked as done; `report` is the number
    of its report (上报), empty while there is none; `stamped` whether its stamped table has come."""

    unit: Unit
    categories: tuple[CategoryStanding, ...]
    schools: tuple[SchoolStanding, ...] = ()
    ticked: frozenset[str] = field(default_factory=frozenset)
    report: str = ""
    stamped: bool = False

    def of(self, category: str) -> CategoryStanding:
        """The standing in this category. Raises StopIteration for one the notice does not have."""
        return next(each for each in self.categories if each.category == category)

    @property
    def owes(self) -> tuple[CategoryStanding, ...]:
        """The categories in which something is missing."""
        return tuple(each for each in self.categories if each.missing)

    @property
    def schools_without(self) -> tuple[SchoolStanding, ...]:
        """Schools that have to report and have not even submitted."""
        return tuple(each for each in self.schools if each.reported in {Reported.NOTHING, Reported.UNDER_WAY})
