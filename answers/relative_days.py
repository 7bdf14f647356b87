"""Days named from today on: 明天, 下周一, 这个月底, 下个月3号."""

from __future__ import annotations

import re
from datetime import date, timedelta

from answers.numerals import NUMBER, number

_AHEAD = (("大后天", 3), ("后天", 2), ("明天", 1), ("明日", 1), ("今天", 0), ("今日", 0), ("今晚", 0), ("现在", 0))
_NEXT_MONTH = re.compile(rf"(?:下个?|次)月(?P<day>{NUMBER})?(?:号|日)?(?P<end>底|末)?")
_WEEKDAY = re.compile(r"(?P<next>(?:下个?)*)(?:这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_MONTH_DAYS = 31


def relative_days(text: str, today: date, last: date) -> tuple[date, ...]:
    """The day that a plain `text` names by words like 明天; none when it names none.

    下周 alone means its end where that is still in time (`last` is the last day on which something can be done), and no
    day where only a part of it is."""
    if any(word in text for word in ("月底", "月末")) and "下" not in text:
        return (_next_month(today) - timedelta(days=1),)
    month = _NEXT_MONTH.search(text)
    if month is not None:
        first = _next_month(today)
        if month.group("end"):
            return (_next_month(first) - timedelta(days=1),)
        return (first + timedelta(days=int(min(number(month.group("day") or "1") or 1, _MONTH_DAYS)) - 1),)
    week = _WEEKDAY.search(text)
    if week is not None:
        monday = today + timedelta(days=7 * week.group("next").count("下") - today.weekday())
        day = monday + timedelta(days=min("一二三四五六日天".index(week.group("day")), 6))
        return (day if day >= today else day + timedelta(days=7),)
    if "下周" in text or "下个星期" in text or "下星期" in text:
        monday = today + timedelta(days=7 - today.weekday())
        return (monday,) if monday > last else tuple(day for day in (monday + timedelta(days=6),) if day <= last)
    return next(((today + timedelta(days=ahead),) for word, ahead in _AHEAD if word in text), ())


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
