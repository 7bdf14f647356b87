"""Workbooks (.xlsx): cells that hold what they say, columns with widths, rows written as they come.

openpyxl is loaded when the first workbook is made, not when the service starts: it would be a tenth of that time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook

_MOST_SIGNS = 32_000
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def new_workbook() -> Workbook:
    """An empty workbook whose rows are written as they come and not kept."""
    from openpyxl import Workbook  # noqa: PLC0415 - see above

    return Workbook(write_only=True)


def add_sheet(book: Workbook, name: str, columns: Mapping[str, int], freeze: str = "B2") -> Any:
    """A sheet of a write-only workbook with a bold head: the columns' names and their widths in signs."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - see above

    sheet = book.create_sheet(name)
    for number, width in enumerate(columns.values(), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = freeze
    sheet.append([cell(sheet, title, bold=True) for title in columns])
    return sheet


def cell(sheet: Any, value: object, *, bold: bool = False) -> Any:
    """A cell that holds what it says: a text that begins with = is a text, never a formula."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - see above
    from openpyxl.styles import Font  # noqa: PLC0415 - see above

    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    made = WriteOnlyCell(sheet, _ILLEGAL.sub("\ufffd", value)[:_MOST_SIGNS])
    made.data_type = "s"
    if bold:
        made.font = Font(bold=True)
    return made
