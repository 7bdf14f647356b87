"""Numbers as people write them: 3500, 3,500, 三千五, 3千8百, 3.2千, 2万, 两个."""

from __future__ import annotations

import re

DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "仨": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "k": 1000, "w": 10000}

NUMBER = r"(?:\d+(?:\.\d+)?(?:[万千百kw](?![a-z])\d*(?:[百十]\d*)?)*|[零〇一二两俩三仨四五六七八九十百千万]+)"
"""Regular expression of one written number, to be used inside larger patterns (lower-case text)."""

NUMERAL = re.compile(r"[\d零〇一二两俩三仨四五六七八九十百千万]")
"""What every written number begins with: where there is none, no number need be looked for."""

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[零〇一二两俩三仨四五六七八九]|[十百千万kw]")


def number(written: str) -> float | None:
    """The value of a written number, or None when `written` is not one.

    A last digit after a power means the next lower power, as in speech: 三千五 is 3500, 两万三 is 23000."""
    tokens = _TOKEN.findall(written)
    if not tokens or "".join(tokens) != written:
        return None
    total = section = 0.0
    held: float | None = None
    last_power = 1
    for token in tokens:
        power = POWERS.get(token)
        if power is None:
            digit = float(DIGITS[token]) if token in DIGITS else float(token)
            held = digit if held is None or token not in DIGITS else held * 10 + digit
            continue
        if power == POWERS["万"]:
            total += (section + (held or 0.0) or 1.0) * power
            section = 0.0
        else:
            section += (1.0 if held is None else held) * power
        held, last_power = None, power
    if held is not None:
        spoken = len(tokens) > 1 and last_power >= POWERS["百"] and held < POWERS["十"] and tokens[-2] in POWERS
        section += held * last_power / 10 if spoken else held
    return total + section


_VAGUE = re.compile(r"([一二三四五六七八九两])([两二三四五六七八九])([十百千万]?)")
_VAGUE_REST = re.compile(r"([一二两三四五六七八九]|\d)([万千百])([一二三四五六七八九])([二三四五六七八九])([千百十]?)")
"""Where only what follows the first power is vague: 三千七八, 3千七八百."""


def vague(written: str) -> tuple[float, float] | None:
    """The ends of a range named by two neighbouring digits: 三四千 is (3000, 4000), 三五个 (3, 5).

    None for any other number."""
    match = _VAGUE.fullmatch(written)
    if match is None:
        return _vague_rest(written)
    first, second = DIGITS[match.group(1)], DIGITS[match.group(2)]
    power = POWERS.get(match.group(3), 1)
    near = second == first + 1 or (first, second) == (3, 5)
    return (float(first * power), float(second * power)) if near else None


def _vague_rest(written: str) -> tuple[float, float] | None:
    match = _VAGUE_REST.fullmatch(written)
    if match is None or number(match.group(4)) != (number(match.group(3)) or 0) + 1:
        return None
    head = match.group(1) + match.group(2)
    low, high = number(head + match.group(3)), number(head + match.group(4))
    return (low, high) if low is not None and high is not None else None


_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FORMAL_DIGITS = "壹贰叁肆伍陆柒捌玖零一二两三四五六七八九十"
_FORMAL_RUN = re.compile(rf"[{_FORMAL_DIGITS}\d][{_FORMAL_DIGITS}拾佰仟百千万]*[拾佰仟][{_FORMAL_DIGITS}拾佰仟]*")
_TENS = {"廿": "二十", "卅": "三十"}


def in_common_numerals(text: str) -> str:
    """`text` with numbers in the characters of bankers (叁仟贰佰) and 廿, 卅 written as usual. 陆 alone is a name."""
    for said, meant in _TENS.items():
        text = text.replace(said, meant)
    return _FORMAL_RUN.sub(lambda match: match.group().translate(_FORMAL), text)


def shown(value: float) -> str:
    """A number as people read it: no decimals where there are none."""
    return str(int(value)) if value == int(value) else f"{value:g}"
