"""Chinese type sizes (字号) and their points, as Word has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*磅")
_SAME = 0.01

SIZES: Mapping[str, float] = MappingProxyType(
    {
        "初号": 42,
        "小初": 36,
        "一号": 26,
        "小一": 24,
        "二号": 22,
        "小二": 18,
        "三号": 16,
        "小三": 15,
        "四号": 14,
        "小四": 12,
        "五号": 10.5,
        "小五": 9,
        "六号": 7.5,
        "小六": 6.5,
        "七号": 5.5,
        "八号": 5,
    }
)


def points_of(name: str) -> float | None:
    """The points of a size by its name (四号) or its points (14磅), None for any other words."""
    found = _POINTS.fullmatch(name)
    return float(found[1]) if found else SIZES.get(name)


def size_words(points: float) -> str:
    """A size as people in an office say it, with its points: 小四(12磅), or 21磅 where there is no name for it."""
    name = next((name for name, worth in SIZES.items() if abs(worth - points) < _SAME), "")
    return f"{name}({points:g}磅)" if name else f"{points:g}磅"
