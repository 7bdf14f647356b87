"""How instants, spans and sizes are shown to people; `split_bytes` is offered here as well."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from domain.notice import Stage
from domain.split_text import split_bytes

__all__ = [
    "closing_minute",
    "last_minute",
    "show_closing",
    "show_day",
    "show_day_year",
    "show_deadline",
    "show_instant",
    "show_instant_year",
    "show_left",
    "show_moved",
    "show_size",
    "split_bytes",
]

_WEEKDAYS = "一二三四五六日"
_KIB = 1024
_SIZE_UNITS = ("KB", "MB", "GB", "TB")
_MINUTES_OF_HOUR = 60
_HOURS_OF_DAY = 24


def show_day(moment: datetime, tz: tzinfo) -> str:
    """The day in that zone with its weekday: 5月20日（周六）. `moment` is aware."""
    local = moment.astimezone(tz)
    return f"{local.month}月{local.day}日（周{_WEEKDAYS[local.weekday()]}）"


def show_day_year(moment: datetime, tz: tzinfo) -> str:
    """The day with its year: 2023年5月20日（周六）. `moment` is aware."""
    return f"{moment.astimezone(tz).year}年{show_day(moment, tz)}"


def show_instant(moment: datetime, tz: tzinfo) -> str:
    """The day, weekday and minute: 5月20日（周六）23:59. Seconds are cut off. `moment` is aware."""
    local = moment.astimezone(tz)
    return f"{show_day(moment, tz)}{local.hour:02d}:{local.minute:02d}"


def show_instant_year(moment: datetime, tz: tzinfo) -> str:
    """The same with its year: 2023年5月20日（周六）23:59."""
    return f"{moment.astimezone(tz).year}年{show_instant(moment, tz)}"


def last_minute(stage: Stage, tz: tzinfo) -> datetime:
    """The end of a stage as people say it: a stage that closes at midnight ends at 23:59 of the day before."""
    return closing_minute(stage.closes_at, tz)


def closing_minute(closes_at: datetime, tz: tzinfo) -> datetime:
    """The last minute before this instant as people say it: 23:59 of the day before for midnight, else the instant."""
    local = closes_at.astimezone(tz)
    at_midnight = (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    return local - timedelta(minutes=1) if at_midnight else local


def show_deadline(stage: Stage, tz: tzinfo) -> str:
    """The end of a stage for people: 5月20日（周六）23:59."""
    return show_closing(stage.closes_at, tz)


def show_closing(closes_at: datetime, tz: tzinfo) -> str:
    """An end that is itself excluded, for people: 5月20日（周六）23:59 for the midnight after."""
    return show_instant(closing_minute(closes_at, tz), tz)


def show_moved(stage: Stage, tz: tzinfo, by: str) -> str:
    """That somebody (`by`) has moved the end of the stage from where the notice prints it; empty while nobody has."""
    if stage.moved_from is None:
        return ""
    return f"通知印的截止时间，{by}已改到{show_deadline(stage, tz)}，以此为准"


def show_left(left: timedelta) -> str:
    """A span in the two largest fitting units, rounded down: 2天6小时, 3小时5分钟, 12分钟.

    Under a minute is 不到1分钟; nothing left, or less, is 0分钟."""
    minutes = max(0, int(left // timedelta(minutes=1)))
    if minutes == 0:
        return "不到1分钟" if left > timedelta(0) else "0分钟"
    hours, minutes = divmod(minutes, _MINUTES_OF_HOUR)
    days, hours = divmod(hours, _HOURS_OF_DAY)
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{minutes}分钟" if minutes else f"{hours}小时"
    return f"{minutes}分钟"


def show_size(size: int) -> str:
    """A number of bytes for people: 512 字节, 1.8 MB. One decimal under 10, none from 10 on."""
    if size < _KIB:
        return f"{size} 字节"
    value = size / _KIB
    unit = _SIZE_UNITS[0]
    for unit in _SIZE_UNITS:
        if round(value) < _KIB or unit == _SIZE_UNITS[-1]:
            break
        value /= _KIB
    shown = f"{value:.1f}" if round(value, 1) < 10 else f"{value:.0f}"  # noqa: PLR2004 - one decimal below ten
    return f"{shown.removesuffix('.0')} {unit}"
