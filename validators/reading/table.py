"""Tables that people send, as text: a workbook's first sheet, or values with separators in whatever encoding.

Runs in the sandbox. Reads cell by cell from the XML of the sheet, so that a million rows that are only formatted cost
nothing to keep, and tells what a table must not hide: hidden rows, merged cells, formulas.
"""

from __future__ import annotations

from typing import IO

from domain.table import Table
from validators.facts import FileKind, Trouble
from validators.reading.kind import sniff
from validators.reading.separated import read_separated
from validators.reading.trouble import UnreadableError
from validators.reading.workbook import read_workbook

_TEXT = frozenset({FileKind.TEXT, FileKind.UNKNOWN, FileKind.EMPTY})  # GB18030 is no kind of its own
_SENTENCES = {
    FileKind.ENCRYPTED: "这个表格加了密码，我打不开。请去掉密码后重新发送。",
    FileKind.EMPTY: "这个文件是空的。请确认能正常打开，再重新发送。",
    FileKind.LOCK_FILE: "这是打开表格时产生的临时文件，不是表格本身。请关掉表格后发送原来的文件。",
    FileKind.BROKEN_ZIP: "这个表格文件没有传完或已损坏。请确认能正常打开，再重新发送。",
    FileKind.ODF_OTHER: "这是 .ods 表格，我打不开。请“另存为 .xlsx”再发。",
}
_OLD = "这是旧版 .xls 表格，我打不开。请在 Excel 或 WPS 里“另存为 .xlsx”再发。"
_OTHER = "这不是表格。请发 .xlsx 或 .csv 文件。"
_TROUBLES = {
    Trouble.HOSTILE: "表格里有正常表格没有的内容，为安全起见没有打开。请在 Excel 里“另存为”一份新的 .xlsx 再发。",
    Trouble.LIMIT: "这个表格太大，超出了能读的范围。请只留有内容的行和列，另存后再发。",
    Trouble.DAMAGED: "这个表格有一部分读不出来，可能没有传完或已损坏。请在 Excel 或 WPS 里另存一份再发。",
}


def read_table(file: IO[bytes], name: str, most_rows: int) -> Table:
    """The table in this file, of at most so many rows; in `Table.refused` the sentence why there is none."""
    sniffed = sniff(file, name)
    try:
        if sniffed.kind is FileKind.EXCEL and sniffed.package is not None:
            return read_workbook(sniffed.package, most_rows)
        if sniffed.kind in _TEXT and sniffed.kind is not FileKind.EMPTY:
            return read_separated(file, most_rows)
        if sniffed.refused is not None:
            raise sniffed.refused
    except UnreadableError as error:
        return Table(refused=_TROUBLES.get(error.kind, error.sentence))
    old = sniffed.kind is FileKind.EXCEL
    return Table(refused=_OLD if old else _SENTENCES.get(sniffed.kind, _OTHER))
