"""Values with separators (CSV): UTF-8 with or without a mark, UTF-16 as Excel writes it, or GB18030; commas or tabs."""

from __future__ import annotations

import codecs
import csv
import io
from typing import IO

from domain.table import Table, TableRow
from validators.facts import Trouble
from validators.reading.trouble import UnreadableError, over_limit

MOST_BYTES = 20 * 1024 * 1024
MOST_COLUMNS = 50
MOST_SIGNS = 500
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = ",\t;，"
_HEAD = 4096
_NOT_TEXT = "这个文件不是文字，读不成表格。请在 Excel 或 WPS 里“另存为 .xlsx”再发。"


def read_separated(file: IO[bytes], most_rows: int) -> Table:
    """The table. A row's number is its place among the rows, as a spreadsheet program shows it. Raises
    UnreadableError."""
    text = _decoded(file)
    rows: list[TableRow] = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)), start=1):
            cells = tuple(value.strip()[:MOST_SIGNS] for value in values[:MOST_COLUMNS])
            if not any(cells):
                continue
            if len(rows) == most_rows:
                return Table(tuple(rows), cut=True)
            formulas = tuple(place for place, cell in enumerate(cells) if cell.startswith("="))
            rows.append(TableRow(number, cells, formulas))
    except csv.Error as error:  # a value of more than 128 KB: a quotation mark that is never closed
        raise UnreadableError(Trouble.OTHER_KIND, _NOT_TEXT) from error
    return Table(tuple(rows))


def _decoded(file: IO[bytes]) -> str:
    file.seek(0)
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise over_limit("表格超过 20 MB")
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableError(Trouble.OTHER_KIND, _NOT_TEXT)


def _separator(text: str) -> str:
    """The sign that stands most often in the first lines."""
    head = text[:_HEAD]
    return max(_SEPARATORS, key=head.count)
