"""The deadline as the bureau has moved it: for all units, or later for one; which held when, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.notice import Notice
from domain.policy import with_deadline


@dataclass(frozen=True, slots=True)
class DeadlineChange:
    """One decision of the bureau (改期). `number` counts from 1 over the whole campaign.

    `unit_id` None moves the deadline of all units; else it extends that unit's (延期), and `closes_at` None takes the
    extension back. `changed_at` is campaign time."""

    number: int
    unit_id: str | None
    closes_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline in force. `version` is the number of the change that set it, 0 for what the notice printed."""

    closes_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The printed deadline and every change of it, oldest first."""

    printed: datetime
    changes: tuple[DeadlineChange, ...] = ()

    @property
    def revision(self) -> int:
        """The number of the newest change, 0 while there is none."""
        return self.changes[-1].number if self.changes else 0

    def of(self, unit_id: str | None, at: datetime | None = None) -> Deadline:
        """The deadline of the unit that was in force at this instant (aware, campaign time), by default now.

        A unit's own extension holds as long as it is later than everybody's deadline: nobody is worse off by one."""
        known = [change for change in self.changes if at is None or change.changed_at <= at]
        common = _newest(known, None)
        result = Deadline(self.printed, 0)
        if common is not None and common.closes_at is not None:
            result = Deadline(common.closes_at, common.number)
        own = None if unit_id is None else _newest(known, unit_id)
        if own is not None and own.closes_at is not None and own.closes_at > result.closes_at:
            return Deadline(own.closes_at, own.number)
        return result

    def on_time(self, unit_id: str | None, arrived_at: datetime) -> bool:
        """Whether what arrived then is within the deadline that was in force then for that unit (四、遴选流程 1). The
        instant of closing itself is late, nothing is too early. Later changes make no difference."""
        return arrived_at < self.of(unit_id, arrived_at).closes_at

    def extended(self) -> dict[str, Deadline]:
        """The units whose deadline is later than everybody's, by id."""
        common = self.of(None)
        units = dict.fromkeys(change.unit_id for change in self.changes if change.unit_id is not None)
        found = {unit_id: self.of(unit_id) for unit_id in units}
        return {unit_id: deadline for unit_id, deadline in found.items() if deadline.closes_at > common.closes_at}


def printed_deadline(notice: Notice) -> Deadlines:
    """The deadline as long as nobody has moved it."""
    return Deadlines(notice.intake_stage.closes_at)


def notice_with(notice: Notice, deadline: Deadline) -> Notice:
    """The notice for somebody whose deadline this is: itself as long as nobody has moved it."""
    return notice if deadline.version == 0 else with_deadline(notice, deadline.closes_at)


def _newest(changes: Iterable[DeadlineChange], unit_id: str | None) -> DeadlineChange | None:
    return max((each for each in changes if each.unit_id == unit_id), key=lambda each: each.number, default=None)
