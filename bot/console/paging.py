"""Lists in pages: which page this is, and where the ones before and after it stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_PAGE = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages count from 1; the addresses are empty at the ends of the list."""

    number: int
    count: int
    before: str
    after: str


def page_number(written: str) -> int:
    """The page an address asks for, the first for anything that is no page number."""
    return int(written) if _PAGE.fullmatch(written) else 1


def pages_of(number: int, total: int, a_page: int, address: Callable[[int], str]) -> Pages:
    """Page `number` of `total` lines, so many on `a_page`; from beyond the end the way leads back to the last page."""
    count = max(1, -(-total // a_page))
    before = address(min(number - 1, count)) if number > 1 else ""
    return Pages(number, count, before, address(number + 1) if number < count else "")
