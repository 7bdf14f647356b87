"""Days as people write them (5月20号, 五月二十, 5.20, 20号)."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from answers.numerals import NUMBER, number
from domain.notice import Stage
from domain.wording import last_minute, show_day_year

_YEAR = r"(?:(?P<year>\d{4})年?[-./ ]?)?"
_FULL = re.compile(_YEAR + rf"(?P<month>{NUMBER})月(?:份)?(?P<day>{NUMBER})(?:号|日)?(?!个|张|字|%)")
_COUNTED = (
    r"(?!(?:左右|多|来|余)?\s*(?:个?[gmktb](?![a-z])|个?[gmktb][b字]|兆|%|倍|分(?!别)|秒|小时|米|公里|厘米|毫米|cm|mm|km|斤|公斤|吨|元|块|万|千|百|亿"
    r"|个|张|篇|份|件|人|天|页|字|名|位|种|样|幅|副|所|节|条|项|年(?!\d)|月|周|岁|磅|版|帧|寸|级|班|次|遍|折|楼|行距|倍速))"
)
"""What follows a number that is no day: a size, a length, a count (1.3个g, 2-3篇)."""

_SHORT = re.compile(
    r"(?<![\d.])(?<!版本)(?:(?P<year>20\d\d)[./-])?(?P<month>1[0-2]|0?[1-9])[./-](?P<day>3[01]|[12]\d|0?[1-9])(?:号|日)?(?![\d.:])"
    + _COUNTED
)
_MONTH = re.compile(
    rf"(?<![\d第个])(?P<month>{NUMBER})月(?:份)?(?P<part>底|末|初|中旬|上旬|下旬)?(?!\d|[一二三四五六七八九十])"
)
_DAY = re.compile(
    rf"(?<![月第\d])(?P<day>{NUMBER})(?:号|日)(?!字|函|文|标题|方正|黑|仿|宋|楷|公告|楼|线|机|馆|门|桌|柜|教室|房|厅|码|公路|电池)"
)
_BARE_DAY = re.compile(
    r"(?<![\d.月第a-z-])(?P<day>3[01]|[12]\d)(?=(?:再|才|就|前|后|补|去)?(?:交(?!了?\d)|报(?!了?\d)|传|发(?!了?\d)|寄|送)(?:得|不|行|可以|吗|来得及|也|都|上去|上来|算|合适|，|,|\?|$))"
)
"""A day of which only the number is said, right before handing in: 我19交得上不."""

_UNTIL = re.compile(r"(?:日|号)?(?:到|至|-|~|—)+(?P<day>3[01]|[12]\d|[1-9])(?:号|日)?(?![\d.:月字张个/-])")
_NUMBERED = re.compile(r"(?:文号|函|文件)[^,。;]{0,10}$")
_THIS_MONTH = re.compile(r"(?:本|这个?|当)月(?:份)?(?=\d|[一二三十])")
_THIS_MONTH_DAY = re.compile(r"(?:本|这个?|当)月(?:份)?(?P<day>3[01]|[12]\d|[1-9])(?![\d.号日个篇份张])")
_NEXT_MONTH = re.compile(rf"(?:下个?|次)月(?:{NUMBER}(?:号|日)?)?")
"""Which month that is depends on today: see `schedule`."""

_HOLIDAYS = {"六一儿童节": "6月1", "儿童节": "6月1", "六一": "6月1", "劳动节": "5月1", "五一": "5月1"}
_MONTH_END = re.compile(r"(?<![\d一二三四五六七八九十个])月(?:底|末)|(?:这个?|本|当)月[底末]")
_OF_DAYS = re.compile(r"[\d号日月节]|六一|五一")
_FEBRUARY = 2
_LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def may_state_days(text: str) -> bool:
    """Whether anything that every stated day is written with stands in `text`: else none need be looked for."""
    return _OF_DAYS.search(text) is not None


def stated_days(text: str, year: int, month: int) -> tuple[date, ...]:
    """The days named in `text`, in order; `year` and `month` are taken where the text names none."""
    for name, written in _HOLIDAYS.items():
        text = text.replace(name, written)
    text = _NEXT_MONTH.sub(lambda match: "," * len(match.group()), text)
    text = _THIS_MONTH_DAY.sub(lambda match: f"{month}月{match.group('day')}日", text)
    text = _THIS_MONTH.sub(lambda match: "," * len(match.group()), text)
    found: dict[int, date] = {}
    taken: set[int] = set()
    for pattern in (_FULL, _SHORT, _DAY, _BARE_DAY):
        for match in pattern.finditer(text):
            if taken & set(range(*match.span())) or _NUMBERED.search(text[: match.start()]):
                continue
            day = _day(match.groupdict(), year, month)
            if day is not None:
                found[match.start()] = day
                taken.update(range(*match.span()))
                until = _UNTIL.match(text, match.end())
                if until is not None and int(until.group("day")) <= _LAST_DAYS[day.month - 1]:
                    found[until.start("day")] = _end_of_span(day, int(until.group("day")))
                    taken.update(range(*until.span()))
    found |= _months(text, year, month, taken)
    return tuple(found[start] for start in sorted(found))


def _months(text: str, year: int, month: int, taken: set[int]) -> dict[int, date]:
    """The other months named without a day, by their first or, for 底, last day; the end of this month."""
    found = {match.start(): _last_of(year, month) for match in _MONTH_END.finditer(text)}
    for match in _MONTH.finditer(text):
        in_month = None if taken & set(range(*match.span())) else number(match.group("month"))
        if in_month is not None and 1 <= in_month <= len(_LAST_DAYS) and in_month != month:
            late = match.group("part") in {"底", "末"}
            found[match.start()] = _last_of(year, int(in_month)) if late else date(year, int(in_month), 1)
    return found


def _last_of(year: int, month: int) -> date:
    return date(year, month, 28 if month == _FEBRUARY else _LAST_DAYS[month - 1])


def _end_of_span(first: date, day: int) -> date:
    """The end of "5月21到30": in the same month."""
    try:
        return first.replace(day=day)
    except ValueError:
        return first


def _day(groups: dict[str, str | None], year: int, month: int) -> date | None:
    in_month = number(groups.get("month") or str(month))
    in_day = number(groups.get("day") or "")
    if in_month is None or in_day is None or not 1 <= in_month <= len(_LAST_DAYS):
        return None
    if not 1 <= in_day <= _LAST_DAYS[int(in_month) - 1]:
        return None
    in_year = int(groups.get("year") or year)
    try:
        return date(in_year, int(in_month), int(in_day))
    except ValueError:
        assert int(in_month) == _FEBRUARY
        return None


def show(day: date, timezone: ZoneInfo) -> str:
    """A day with its year and weekday: 2023年5月20日（周六）."""
    return show_day_year(datetime.combine(day, time(12), timezone), timezone)


def last_day(stage: Stage, timezone: ZoneInfo) -> date:
    """The last day of a stage, whose `closes_at` is excluded."""
    return last_minute(stage, timezone).date()


def first_day(stage: Stage, timezone: ZoneInfo) -> date:
    """The first day of a stage."""
    return stage.opens_at.astimezone(timezone).date()
