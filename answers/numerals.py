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
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "k": 1000, "w": 10000}

NUMBER = r"(?:\d+(?:\.\d+)?(?:[万千百kw](?![a-z])\d*(?:[百十]\d*)?)*|[零〇一二两俩三四五六七八九十百千万]+)"
"""Regular expression of one written number, to be used inside larger patterns (lower-case text)."""

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[零〇一二两俩三四五六七八九]|[十百千万kw]")


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


_VAGUE = re.compile(r"([一二三四五六七八九两])([二三四五六七八九])([十百千万]?)")


def vague(written: str) -> tuple[float, float] | None:
    """The ends of a range named by two neighbouring digits: 三四千 is (3000, 4000), 三五个 (3, 5).

    None for any other number."""
    match = _VAGUE.fullmatch(written)
    if match is None:
        return None
    first, second = DIGITS[match.group(1)], DIGITS[match.group(2)]
    power = POWERS.get(match.group(3), 1)
    near = second == first + 1 or (first, second) == (3, 5)
    return (float(first * power), float(second * power)) if near else None


def shown(value: float) -> str:
    """A number as people read it: no decimals where there are none."""
    return str(int(value)) if value == int(value) else f"{value:g}"
