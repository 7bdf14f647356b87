"""Numbers that have to be worked out: 比4500多300, 2800再加600, 4600删了700, 不对是3300, 3、4千."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from answers.comparison import Reading
from answers.numerals import NUMBER, number, vague

_LEAST = 500
"""Of smaller numbers none is the length of a piece, and nothing is worked out from them."""

_SOME = {"百把": (100, 200), "百来": (100, 200), "百十": (100, 200), "几百": (200, 900), "几十": (20, 90)}
_STEP = rf"(?:大概|大约|约|将近|差不多|个)?({'|'.join(_SOME)}|{NUMBER})(?:多|来)?(?:个)?字?"
_BASE = rf"({NUMBER})(?:多|来)?(?:个)?字?"
_MORE = rf"比{_BASE}(?:还|又|都)?(?:多|超)(?:了|出|出来|写)*{_STEP}"
_LESS = rf"比{_BASE}(?:还|又|都)?(?:少|差|缺)(?:了|写)*{_STEP}|(?:离|距离?){_BASE}[^,。;?\d]{{0,3}}(?:差|少|缺){_STEP}"
_SHORT_OF = rf"(?:差|少|缺){_STEP}(?:就|才|不)?(?:到|够|满|达到){_BASE}"
_ADDED = (
    rf"{_BASE}[^,。;?\d]{{0,6}},?(?:我|后来|后面|然后|准备|打算|想)*(?:再|又|还)[^,。;?\d]{{0,3}}"
    rf"(?:加|补|添|写|扩|增加|凑)(?:了|上|写)*{_STEP}"
)
_CUT = rf"{_BASE}[^,。;?\d]{{0,6}},?(?:我|后来|又|再|已经|准备|打算)*(?:删|砍|减|压|精简|去)(?:了|掉|去)+{_STEP}"
_BECAME = (
    rf"{_BASE}[^,。;?\d]{{0,8}},?[^,。;?\d]{{0,4}}(?:删|砍|减|压|压缩|缩|精简|改|加|补|扩|扩充|写|凑)(?:到|成|为)了?"
    rf"(?:大概|大约|约|只有|只剩)?({NUMBER})(?:来|多)?(?:个)?字?"
)
_CORRECTED = (
    rf"{_BASE}[^,。;?\d]{{0,6}},?(?:不对|错了|哦不|噢不|说错|写错|打错|记错)[^。;?\d]{{0,6}}({NUMBER})(?:个)?字?"
    rf"|不是{_BASE},?(?:而|应该|应|其实|实际|实际上)?是({NUMBER})(?:个)?字?"
)
_EITHER = r"(?<!\d)([1-9])[、\-~到至]([2-9])([千百k])字?"
_PATTERNS = tuple(
    (re.compile(pattern), way)
    for pattern, way in (
        (_MORE, 1),
        (_LESS, -1),
        (_ADDED, 1),
        (_CUT, -1),
        (_BECAME, 0),
        (_CORRECTED, 0),
    )
)
_SHORT_OF_PATTERN = re.compile(_SHORT_OF)
_EITHER_PATTERN = re.compile(_EITHER)
_TOGETHER = re.compile(
    rf"({NUMBER})张[^,。;?\d]{{0,6}},?(?:再|又|外|另)?(?:加了?|放了?|添了?|插了?|外有?|有|和|跟|、)?[^,。;?\d]{{0,5}}?({NUMBER})张"
)
_WHOLE = re.compile(r"(?:现在|一共|总共|共|合计|加起来|就是|等于|算)[^,。;?\d]{0,4}$")
_APART = re.compile(r"还是|或|要不|另一篇|那篇|[a-z]\d|到|至|最多|只能|删|减|去掉|拼|合成|改成|换成|剩")
_TWO = 2
_NUMBERS = re.compile(NUMBER)


@dataclass(frozen=True, slots=True)
class Result:
    """A number worked out from what stands at `start` to `end`: `reading` holds all it may be."""

    start: int
    end: int
    reading: Reading


def lengths_worked_out(text: str) -> tuple[Result, ...]:
    """The lengths that a plain text states by a sum, a difference, a change or a correction, in order."""
    if len(_NUMBERS.findall(text)) < _TWO and not any(some in text for some in _SOME):
        return ()
    found = sorted(_lengths(text), key=lambda result: (result.start, -result.end))
    kept: list[Result] = []
    for result in found:
        if not kept or result.start >= kept[-1].end:
            kept.append(result)
    return tuple(kept)


def _lengths(text: str) -> Iterator[Result]:
    for pattern, sign in _PATTERNS:
        for match in pattern.finditer(text):
            first, second = (part for part in match.groups() if part is not None)
            yield from _of(match, first, second, sign)
    for match in _SHORT_OF_PATTERN.finditer(text):
        yield from _of(match, match.group(2), match.group(1), -1)
    for match in _EITHER_PATTERN.finditer(text):
        power = number("1" + match.group(3)) or 1
        low, high = int(match.group(1)) * power, int(match.group(2)) * power
        if low < high and high >= _LEAST:
            yield Result(*match.span(), Reading(low, high))


def _of(match: re.Match[str], first: str, second: str, sign: int) -> Iterator[Result]:
    """The result of one match: `first` and `sign` times `second`, or `second` alone where sign is 0."""
    base, step = number(first), _SOME.get(second) or vague(second) or _exactly(second)
    if base is None or step is None or base < _LEAST:
        return
    if sign == 0:
        if step[1] >= _LEAST:
            yield Result(*match.span(), Reading(*step))
        return
    ends = sorted((base + sign * step[0], base + sign * step[1]))
    if ends[0] > 0:
        yield Result(*match.span(), Reading(ends[0], ends[1]))


def _exactly(written: str) -> tuple[float, float] | None:
    value = number(written)
    return None if value is None else (value, value)


def pictures_together(text: str) -> Result | None:
    """Two numbers of pictures that go together (照片4张截图3张): their sum; None where the whole is stated, or each
    stands for itself."""
    match = _TOGETHER.search(text)
    if match is None or _APART.search(match.group()) or _WHOLE.search(text[: match.start(2)]):
        return None
    first, second = number(match.group(1)), number(match.group(2))
    later = re.search(rf"(?:现在|一共|总共|共|合计)[^,。;?\d]{{0,4}}{NUMBER}张", text)
    if first is None or second is None or later is not None:
        return None
    return Result(*match.span(), Reading(first + second, first + second))
