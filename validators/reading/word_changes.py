"""Tracked changes that are neither accepted nor rejected: of text, of formatting, of tables."""

from __future__ import annotations

from collections.abc import Iterable

from validators.reading.package import Element
from validators.reading.word_names import w

_CHANGES = tuple(
    w(name)
    for name in (
        *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"),
        *("rPrChange", "pPrChange", "sectPrChange", "numberingChange"),
        *("tblPrChange", "tblPrExChange", "tblGridChange", "trPrChange", "tcPrChange"),
    )
)


def tracked_changes(roots: Iterable[Element]) -> int:
    """How many changes the parts hold, as the program marks them."""
    return sum(1 for root in roots for _ in root.iter(*_CHANGES))
