"""A table that somebody sent, as text: what a reader found in a workbook or in a text with separators."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row that holds something. `number` is what the spreadsheet program shows beside it; `formulas` are the places
    (from 0) of cells that compute instead of saying something."""

    number: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class MergedCells:
    """Cells that were made one, as a spreadsheet program names them ("A3:A5"), and the rows they touch."""

    name: str
    first_row: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that hold something, in order. `refused`, in Chinese, says why nothing could be read; `cut` is whether
    there were more rows than are read."""

    rows: tuple[TableRow, ...] = ()
    merged: tuple[MergedCells, ...] = ()
    cut: bool = False
    refused: str = ""
