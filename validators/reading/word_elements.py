"""Walking the tree of a Word part as it is shown: deleted text and fallbacks passed over, wrappers looked through."""

from __future__ import annotations

from collections.abc import Iterator

from validators.reading.package import Element
from validators.reading.word_names import ALTERNATE, CHOICE, FALLBACK, w
from validators.reading.word_styles import child, value

_P, _TBL, _TR, _TC = w("p"), w("tbl"), w("tr"), w("tc")
_HOLDERS = frozenset({_P, _TBL, _TC, _TR})
NOT_SHOWN = frozenset({w("del"), w("moveFrom"), w("rt"), w("instrText"), w("delText"), w("pPr"), w("rPr"), FALLBACK})
_HIDES_TEXT = NOT_SHOWN - {w("pPr"), w("rPr")}  # properties are no place for text, which then is astray
_MOST_COLUMNS = 100


def looked_through(element: Element) -> Element:
    """The element whose children count: of alternatives, only the first choice is shown."""
    if element.tag != ALTERNATE:
        return element
    chosen = element.find(CHOICE)
    return () if chosen is None else chosen


def is_shown(element: Element) -> bool:
    """Whether nothing above an element keeps it from being shown."""
    inner = element
    for outer in element.iterancestors():
        if outer.tag in _HIDES_TEXT or (inner.tag == CHOICE and inner is not outer.find(CHOICE)):
            return False
        if outer.tag == _TR and child(outer.find(w("trPr")), "del") is not None:
            return False
        inner = outer
    return True


def rows_of(table: Element) -> Iterator[Element]:
    """The rows of a table without those of the tables in its cells; rows that a tracked change deletes are left out."""
    for row in _through(table, _TR):
        if child(row.find(w("trPr")), "del") is None:
            yield row


def cells_of(row: Element) -> Iterator[tuple[int, Element]]:
    """The cells of a row, each with the column it begins in, from 0."""
    column = 0
    for cell in _through(row, _TC):
        yield column, cell
        column += columns_of(cell)


def columns_of(cell: Element) -> int:
    """How many columns of the grid a cell covers."""
    span = value(child(cell.find(w("tcPr")), "gridSpan"))
    return min(int(span), _MOST_COLUMNS) if span.isdecimal() and int(span) > 0 else 1


def _through(parent: Element, wanted: str) -> Iterator[Element]:
    for element in parent:
        if element.tag == wanted:
            yield element
        elif element.tag not in NOT_SHOWN and element.tag not in _HOLDERS and len(element):
            yield from _through(looked_through(element), wanted)
