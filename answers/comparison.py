"""What the words around a number make of it: 不到 3500, 5000 多, 至少 5 张, 超了 200 字."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from answers.numerals import POWERS

_VERBS = (
    r"(?:(?:改|变|调整?|提高?|放宽|升|加|降)[成为到]|要求|要|得|只能|必须|需要|可以|能|写到|写|放|配|插|是|为|报|有"
    r"|字数|大概|大约|了|的|也|都)*$"
)
_NOT_BELOW = re.compile(r"(?:不少于|不低于|不小于|不得少于|不能少于|不能低于|不得低于)$")
_NOT_ABOVE = re.compile(
    r"(?:(?:不能|不得|不可以|不可|不许|不准|没有|没|不)(?:超过|多于|大于|高于|超出)|(?:不能|不得|不可以|不要|没|不)超)$"
)
_BELOW = re.compile(r"(?:少于|低于|小于|达不到|(?:没有|没能|没|未|不)(?:写|达|凑|到|够|满|足|过)*)了?$")
_ABOVE = re.compile(r"(?:超过|多于|大于|高于|超出了|不止)了?$")
_DIFFERENCE_OVER = re.compile(
    r"(?:(?:上限|最高|最多|要求|规定|标准)[^,。;?\d]{0,5}(?:多|超|高)|超了|超出|多了|多出|多写了|(?:^|[,。;?])(?:就|只|才|也就)?多|超|超标)(?:大概|大约|约|有)?$"
)
_DIFFERENCE_UNDER = re.compile(
    r"(?:(?:下限|最低|最少|底线|要求|规定|标准)[^,。;?\d]{0,5}(?:少|低)了?|还差|只差|就差|差了|相差|差|少了|少写了|缺了|缺|还少)(?:大概|大约|约|有)?$"
)
_ABOUT = re.compile(r"(?:(?<!大)小(?=$)|逼近|差不多|大概|大约|约|接近|将近|快|几乎|左右)(?:有|是|写了|写)?$")
_LOWER = re.compile(
    rf"(?:(?:必须|一定要|非要|得|要)(?:写|达|凑)?(?:满|够|到|达到)|最少|至少|起码|下限|最低|最小|{_NOT_BELOW.pattern[:-1]}){_VERBS}"
)
_UPPER = re.compile(rf"(?:最多|至多|顶多|上限|最高|最大|控制在|{_NOT_ABOVE.pattern[:-1]}){_VERBS}")
_AFTER_BELOW = re.compile(
    r"(?:以下|(?:都|还|也)?(?:不到|没到|没写到|没有达到|没达到|达不到|不足|没有(?!问题|关系|事|超)))"
)
_AFTER_ABOVE = re.compile(r"(?:挂零|冒头|有余|开外|过一点|多一点|多点|出头|多(?!少|出|余))")
_AFTER_FROM = re.compile(r"(?:以上|往上|及以上|或以上|或者以上)")
_AFTER_UP_TO = re.compile(r"(?:以内|之内|及以下|封顶|往下)")
_AFTER_ABOUT = re.compile(r"(?:左右|上下|的样子)")
_AFTER_LOWER = re.compile(r"(?:起步|打底|保底|起(?=[,。?吧步]|$))")
_ITS = r"(?:[a-z]\d?(?:类|案例)?的?)?"  # 是c类的上限
_IS_LOWER = re.compile(rf"(?:就|也)?(?:是|算|为){_ITS}(?:下限|最低|最少|底线|起步)")
_IS_UPPER = re.compile(rf"封顶|(?:就|也)?(?:是|算|为){_ITS}(?:上限|最高|最多|封顶|顶)")
_BEFORE, _BEHIND = 14, 10
"""So many characters around a number are looked at."""

_LITTLE_MORE = 1.2
_LARGE = 1000
"""超5000字 says more than that many; 超200字 says by how many."""


class Side(StrEnum):
    """Which limit a number is claimed to be, if any."""

    NONE = ""
    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a stated number means: everything from `low` to `high` (equal for the number itself). `side` is the limit it
    is claimed to be; `about` tells that it was only estimated; `difference` is +1 or -1 where the number says by how
    much something is over or short."""

    low: float
    high: float
    side: Side = Side.NONE
    about: bool = False
    difference: int = 0

    @property
    def exact(self) -> bool:
        """Whether one number is meant."""
        return self.low == self.high

    def outside(self, least: float | None, most: float | None) -> bool:
        """Whether nothing that is meant lies within the limits; a range that only touches a limit does not count."""
        if self.exact:
            return (least is not None and self.low < least) or (most is not None and self.low > most)
        return (least is not None and self.high <= least) or (most is not None and self.low >= most)

    def inside(self, least: float | None, most: float | None) -> bool:
        """Whether all that is meant lies within the limits."""
        return (least is None or self.low >= least) and (most is None or self.high <= most)


def reading(  # noqa: PLR0911 - one return for each way of putting it
    text: str, start: int, end: int, value: float, high: float | None = None
) -> Reading:
    """How `value`, written with its unit at `text[start:end]`, is meant.

    `high` is the end of a stated range (三四千)."""
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _BEHIND]
    side = Side.LOWER if _LOWER.search(before) or _AFTER_LOWER.match(after) else Side.NONE
    side = Side.LOWER if _IS_LOWER.match(after) else side
    side = Side.UPPER if _UPPER.search(before) or _IS_UPPER.match(after) else side
    if high is not None:
        return Reading(value, high, side)
    large = value >= _LARGE
    if _NOT_BELOW.search(before) or _AFTER_FROM.match(after):
        return Reading(value, math.inf, side)
    if _NOT_ABOVE.search(before) or _AFTER_UP_TO.match(after):
        return Reading(-math.inf, value, side)
    if _BELOW.search(before) or _AFTER_BELOW.match(after):
        return Reading(-math.inf, value, side)
    if _ABOVE.search(before) or (before.endswith(("超", "超出", "超了")) and large):
        return Reading(value, math.inf, side)
    if _DIFFERENCE_OVER.search(before) and side is Side.NONE:
        return Reading(value, value, side, difference=1)
    if _DIFFERENCE_UNDER.search(before):
        return Reading(value, value, side, difference=-1)
    if after.startswith("出头"):
        return Reading(value, value * _LITTLE_MORE, side)
    more = _little_more(text[start:end], after, value)
    if more:
        return Reading(value, value + more, side)
    about = bool(_ABOUT.search(before) or _AFTER_ABOUT.match(after) or re.search(r"[来把]", text[start:end]))
    return Reading(value, value, side, about=about)


def _little_more(written: str, after: str, value: float) -> float:
    """By how much a number may be exceeded: 三千零几十 by less than 100, 5000多 by less than 1000; else 0."""
    some = re.search(r"几([十百千])", written)
    if some:
        return POWERS[some.group(1)] * 10
    return _step(value) if re.search(r"[多余](?!少)", written) or _AFTER_ABOVE.match(after) else 0.0


def _step(value: float) -> float:
    """How far "N 多" reaches: 5000多 below 6000, 3600多 below 3700."""
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return step
