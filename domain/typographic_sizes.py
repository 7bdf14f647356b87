"""Chinese type sizes (字号) and their points, as Word has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*磅")

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
