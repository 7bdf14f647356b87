"""When a reminder is due: the same instant whoever computes it, a few minutes off the round's own time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from domain.reminders import ReminderPlan, Round
from domain.wording import closing_minute

_MINUTE = timedelta(minutes=1)


def due_at(plan: ReminderPlan, a_round: Round, closes_at: datetime, tz: tzinfo, who: str) -> datetime:
    """When the round reaches `who`: one of its minutes, the same whoever computes it."""
    return pick(minutes_of(plan, a_round, closes_at, tz), f"{a_round.id}:{who}")


def minutes_of(plan: ReminderPlan, a_round: Round, closes_at: datetime, tz: tzinfo) -> tuple[datetime, ...]:
    """The minutes a round is spread over, so that not everybody is written to at once: never in quiet hours, nor on
    the hour and half hour; before the deadline unless the round comes after it. At least one."""
    return spread(plan, _base(plan, a_round, closes_at, tz), tz, before=None if a_round.is_after else closes_at)


def spread(plan: ReminderPlan, base: datetime, tz: tzinfo, before: datetime | None = None) -> tuple[datetime, ...]:
    """The minutes after `base` in which something may be sent, as many as a round may take; at least one."""
    minutes = (base + number * _MINUTE for number in range(1, plan.spread_minutes + 1))
    fit = tuple(each for each in minutes if plan.may_send(each, tz) and (before is None or each < before))
    return fit or (plan.quiet_ends(base, tz) + _MINUTE,)


def pick(minutes: Sequence[datetime], who: str) -> datetime:
    """The minute of `who`."""
    number = int.from_bytes(hashlib.sha256(who.encode()).digest()[:8], "big")
    return minutes[number % len(minutes)]


def _base(plan: ReminderPlan, a_round: Round, closes_at: datetime, tz: tzinfo) -> datetime:
    if a_round.days is not None:
        day = closing_minute(closes_at, tz).date() - timedelta(days=a_round.days)
        base = plan.quiet_ends(datetime.combine(day, a_round.at, tz), tz)
        if a_round.is_after:
            return base
        if base + _MINUTE >= closes_at:  # the last day ends before that time
            base = closes_at - (plan.spread_minutes + 1) * _MINUTE
    else:
        base = closes_at - timedelta(hours=a_round.hours or 0)
    return _before_quiet(plan, base, tz)


def _before_quiet(plan: ReminderPlan, base: datetime, tz: tzinfo) -> datetime:
    """The base, or in or close to quiet hours so much earlier that all of the round fits in front of them."""
    last = base + plan.spread_minutes * _MINUTE
    if not plan.is_quiet(base, tz) and not plan.is_quiet(last, tz):
        return base
    local = (base if plan.is_quiet(base, tz) else last).astimezone(tz)
    begin = datetime.combine(local.date(), plan.quiet_from, tz)
    if begin > local:
        begin -= timedelta(days=1)
    return begin - (plan.spread_minutes + 1) * _MINUTE
