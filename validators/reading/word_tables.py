"""Which conditional formats of a table style apply to which cell: first row, last column, bands, corners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from validators.reading.package import Element
from validators.reading.word_names import w
from validators.reading.word_styles import Region, Styles, child, number, value

_BITS = {
    "firstRow": 0x0020,
    "lastRow": 0x0040,
    "firstColumn": 0x0080,
    "lastColumn": 0x0100,
    "noHBand": 0x0200,
    "noVBand": 0x0400,
}
_ON = frozenset({"1", "true", "on"})


@dataclass(frozen=True, slots=True)
class TableLook:
    """How one table uses its style: `options` are those of w:tblLook that are on, bands are so many rows or columns."""

    style_id: str
    options: frozenset[str]
    row_band: int
    column_band: int
    placed: bool

    def region(self, row: int, rows: int, column: int, *, last: bool) -> Region:
        """The region of a cell: its row of so many rows, its column, and whether it is the last of its row."""
        if not self.placed:
            return Region(self.style_id)
        at = {
            "firstRow": "firstRow" in self.options and row == 0,
            "lastRow": "lastRow" in self.options and row == rows - 1 and row > 0,
            "firstCol": "firstColumn" in self.options and column == 0,
            "lastCol": "lastColumn" in self.options and last and column > 0,
        }
        conditions = ["wholeTable", *self._bands(row, column, at)]
        conditions += [name for name, applies in at.items() if applies]
        conditions += [corner for corner, (one, other) in _CORNERS.items() if at[one] and at[other]]
        return Region(self.style_id, tuple(conditions))

    def _bands(self, row: int, column: int, at: Mapping[str, bool]) -> list[str]:
        found = []
        if "noVBand" not in self.options and not (at["firstCol"] or at["lastCol"]):
            place = column - ("firstColumn" in self.options)
            found.append(f"band{1 + place // self.column_band % 2}Vert")
        if "noHBand" not in self.options and not (at["firstRow"] or at["lastRow"]):
            place = row - ("firstRow" in self.options)
            found.append(f"band{1 + place // self.row_band % 2}Horz")
        return found


_CORNERS = {
    "nwCell": ("firstRow", "firstCol"),
    "neCell": ("firstRow", "lastCol"),
    "swCell": ("lastRow", "firstCol"),
    "seCell": ("lastRow", "lastCol"),
}


def look_of(table: Element, styles: Styles) -> TableLook:
    """How a w:tbl uses its style."""
    properties = table.find(w("tblPr"))
    style_id = value(child(properties, "tblStyle"))
    return TableLook(
        style_id=style_id,
        options=_options(child(properties, "tblLook")),
        row_band=max(1, number(child(properties, "tblStyleRowBandSize"), 1)),
        column_band=max(1, number(child(properties, "tblStyleColBandSize"), 1)),
        placed=styles.has_conditions(style_id),
    )


def _options(look: Element | None) -> frozenset[str]:
    if look is None:
        return frozenset({"noHBand", "noVBand"})
    try:
        bits = int(look.get(w("val")) or "0", 16)
    except ValueError:
        bits = 0
    stated = {name: look.get(w(name)) for name in _BITS}
    return frozenset(
        name for name, bit in _BITS.items() if (bits & bit if stated[name] is None else stated[name] in _ON)
    )
