"""Reminders as data: which kinds there are, when each round goes out, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

_UNPUNCTUAL = frozenset({0, 30})  # minutes at which everybody's machines send


class ReminderKind(StrEnum):
    """What a person is reminded of. UNIT and CLOSING_UNIT go to coordinators, CASE and SCHOOL to whoever writes cases,
    DIGEST, ESCALATION and CLOSING to admins, MOVED to everybody whose deadline was moved."""

    UNIT = "unit"
    CASE = "case"
    SCHOOL = "school"
    DIGEST = "digest"
    ESCALATION = "escalation"
    CLOSING_UNIT = "closing_unit"
    CLOSING = "closing"
    MOVED = "moved"


AFTER = frozenset({ReminderKind.CLOSING_UNIT, ReminderKind.CLOSING})
"""The kinds that make sense only when the deadline has passed."""

MUTABLE = frozenset({ReminderKind.CASE, ReminderKind.SCHOOL})
"""The kinds a person may switch off: what a unit owes its coordinator cannot forget."""


@dataclass(frozen=True, slots=True)
class Round:
    """One time at which reminders go out: `days` before the last day at `at`, after it where negative; or `hours`
    before the deadline. Exactly one of both is set."""

    id: str
    name: str
    kinds: tuple[ReminderKind, ...]
    days: int | None = None
    at: time = time(9)
    hours: int | None = None

    @property
    def is_after(self) -> bool:
        """Whether it comes when the deadline has passed."""
        return self.days is not None and self.days < 0


@dataclass(frozen=True, slots=True)
class ReminderText:
    """How a kind is called and said. A line one of whose slots has nothing to say is left out."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """All about reminders that a notice decides. Nothing is sent from `quiet_from` to `quiet_until`, local times.

    A round is spread over `spread_minutes`. A case is idle when nobody has touched it for `idle`; a coordinator is
    silent who has not written for `silent`."""

    quiet_from: time
    quiet_until: time
    spread_minutes: int
    idle: timedelta
    silent: timedelta
    rounds: tuple[Round, ...]
    texts: Mapping[ReminderKind, ReminderText]

    def is_quiet(self, moment: datetime, tz: tzinfo) -> bool:
        """Whether nobody may be disturbed at this instant (aware)."""
        clock = moment.astimezone(tz).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until

    def may_send(self, moment: datetime, tz: tzinfo) -> bool:
        """Whether a reminder may go out at this instant: neither in quiet hours nor on the hour or half hour."""
        return not self.is_quiet(moment, tz) and moment.astimezone(tz).minute not in _UNPUNCTUAL

    def quiet_begins(self, moment: datetime, tz: tzinfo) -> datetime:
        """When the next quiet hours begin; the instant itself while they last."""
        if self.is_quiet(moment, tz):
            return moment
        local = moment.astimezone(tz)
        begin = datetime.combine(local.date(), self.quiet_from, tz)
        return begin if begin > local else begin + timedelta(days=1)

    def quiet_ends(self, moment: datetime, tz: tzinfo) -> datetime:
        """When the quiet hours of this instant are over; the instant itself outside of them."""
        if not self.is_quiet(moment, tz):
            return moment
        local = moment.astimezone(tz)
        end = datetime.combine(local.date(), self.quiet_until, tz)
        return end if end > local else end + timedelta(days=1)
