"""Ends as an admin writes them: 5月25日18点, 25号下午6点半, 2023-05-25 18:00, 5月25日 for the whole day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from answers.numerals import NUMBER, number

_DAY = re.compile(
    rf"(?:(?P<year>\d{{4}})\s*[年./-]\s*)?(?:(?P<month>{NUMBER})\s*[月./-]\s*)?(?P<day>{NUMBER})\s*[日号]?"
    r"\s*(?:[(（](?:周|星期)[一二三四五六日天][)）])?"
)
_TIME = re.compile(
    rf"\s*的?(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上|晚|夜里)?\s*"
    rf"(?P<hour>{NUMBER})\s*(?:[点时](?:整|(?P<half>半)|(?P<said>{NUMBER})分?)?|:(?P<minute>\d{{2}}))"
)
_END_OF_DAY = re.compile(r"\s*(?:全天|当天|一整天|之?前|为止|结束|截止)")
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "晚", "夜里"})
_NOON = 12
_HOURS_OF_DAY = 24
_MINUTES_OF_HOUR = 60
_HALF = 30
_LAST_MINUTE = 23, 59


@dataclass(frozen=True, slots=True)
class Written:
    """An end that somebody wrote: the instant (aware) from which on it is too late, and the words behind it."""

    closes_at: datetime
    rest: str


def written_end(text: str, near: datetime, tz: tzinfo) -> Written | None:
    """The end at the beginning of `text` (plain form); None if there is none. A year or month left out is that of
    `near`. A day without a time, and 23:59, mean the whole day."""
    found = _DAY.match(text)
    day = None if found is None else _day(found, near.astimezone(tz))
    if found is None or day is None:
        return None
    said = _TIME.match(text, found.end())
    if said is None:
        end = _END_OF_DAY.match(text, found.end())
        return Written(_at(day, _HOURS_OF_DAY, 0, tz), text[end.end() if end else found.end() :])
    clock = _clock(said)
    return None if clock is None else Written(_at(day, *clock, tz), text[said.end() :])


def _day(found: re.Match[str], near: datetime) -> date | None:
    parts = [found["year"] or str(near.year), found["month"] or str(near.month), found["day"]]
    if found["year"] is not None and found["month"] is None:
        return None
    values = [number(part) for part in parts]
    try:
        return date(*(int(value) for value in values if value is not None))
    except (TypeError, ValueError):
        return None


def _clock(said: re.Match[str]) -> tuple[int, int] | None:
    hour = number(said["hour"])
    minute = _HALF if said["half"] else number(said["said"] or said["minute"] or "零")
    if hour is None or minute is None or hour != int(hour) or minute != int(minute):
        return None
    hours = int(hour) + (_NOON if said["part"] in _AFTERNOON and hour < _NOON else 0)
    if hours > _HOURS_OF_DAY or minute >= _MINUTES_OF_HOUR or (hours == _HOURS_OF_DAY and minute):
        return None
    return (_HOURS_OF_DAY, 0) if (hours, int(minute)) == _LAST_MINUTE else (hours, int(minute))


def _at(day: date, hours: int, minutes: int, tz: tzinfo) -> datetime:
    days, hours = divmod(hours, _HOURS_OF_DAY)
    return datetime.combine(day + timedelta(days=days), time(hours, minutes), tz)
