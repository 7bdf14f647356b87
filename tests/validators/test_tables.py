"""Tables as people send them, read in the sandbox: real workbooks, every encoding, and files that mean harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.copies import COMMAND
from bot.tables import is_wanted, table_of
from domain.roles import Role
from domain.table import Table
from validators.facts import FileFacts, FileKind, Trouble
from validators.sandbox import Sandbox

HEADER = ("姓名", "userid", "电话")
_SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(command=COMMAND) as running:
        yield running


@pytest.fixture
def read(sandbox: Sandbox, tmp_path: Path) -> Callable[[bytes, str], Table]:
    def read_bytes(data: bytes, name: str) -> Table:
        path = tmp_path / "file"
        path.write_bytes(data)
        return table_of(sandbox, path, name)

    return read_bytes


def _workbook(*rows: tuple[object, ...], change: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change is not None:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _with_part(data: bytes, name: str, part: bytes) -> bytes:
    """The package with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, part if info.filename == name else old.read(info))
    return stream.getvalue()


def _texts(table: Table) -> list[tuple[str, ...]]:
    assert table.refused == ""
    return [row.cells for row in table.rows]


def test_a_workbook_is_read_as_text(read: Callable[[bytes, str], Table]) -> None:
    rows = (
        HEADER,
        ("张三", "zhang", 13800000000),
        ("李四", "007", "0718-8234567"),
        (None, " ", ""),
        ("王五", 10086, 1.5),
    )
    table = read(_workbook(*rows), "名单.xlsx")
    wanted = [HEADER, ("张三", "zhang", "13800000000"), ("李四", "007", "0718-8234567"), ("王五", "10086", "1.5")]
    assert _texts(table) == wanted
    assert [row.number for row in table.rows] == [1, 2, 3, 5]


def test_hidden_rows_merged_cells_and_formulas_are_told(read: Callable[[bytes, str], Table]) -> None:
    def change(book: Workbook) -> None:
        sheet = book.active
        sheet.row_dimensions[2].hidden = True
        sheet.merge_cells("A3:A4")
        sheet["B3"] = '=LOWER("ZHANG")'

    table = read(_workbook(HEADER, ("张三", "a"), ("李四", "b"), ("王五", "c"), change=change), "名单.xlsx")
    assert [row.hidden for row in table.rows] == [False, True, False, False]
    assert [row.formulas for row in table.rows] == [(), (), (1,), ()]
    assert [(cells.name, cells.first_row, cells.last_row) for cells in table.merged] == [("A3:A4", 3, 4)]


def test_the_first_sheet_that_is_seen_counts(read: Callable[[bytes, str], Table]) -> None:
    def change(book: Workbook) -> None:
        book.active.sheet_state = "hidden"
        book.create_sheet("名单").append(HEADER)

    assert _texts(read(_workbook(("不要", "看我"), change=change), "名单.xlsx")) == [HEADER]


def test_rows_that_are_only_formatted_are_no_rows(read: Callable[[bytes, str], Table]) -> None:
    empty = "".join(f'<row r="{n}" ht="20"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(3, 30_000))
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>' + empty
    rows += '<row r="1048576"><c r="B1048576" t="inlineStr"><is><t>底</t></is></c></row>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    table = read(_with_part(_workbook(HEADER), _SHEET, sheet.encode()), "名单.xlsx")
    assert [(row.number, row.cells) for row in table.rows] == [(1, ("姓名",)), (1048576, ("", "底"))]


def test_too_many_rows_are_cut(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("姓名,userid\n" + "张三,a\n" * 20_050, encoding="utf-8")
    table = table_of(sandbox, path, "many.csv")
    assert table.cut
    assert len(table.rows) == 20_020


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_values_with_separators_in_every_encoding(
    read: Callable[[bytes, str], Table], encoding: str, separator: str
) -> None:
    lines = (HEADER, ("张㐂", "zhang", "13800000000"), (), ('"李\n四"', "li", "=1+1"))
    data = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    table = read(data, "名单.csv")
    assert _texts(table) == [HEADER, ("张㐂", "zhang", "13800000000"), ("李\n四", "li", "=1+1")]
    assert [(row.number, row.formulas) for row in table.rows] == [(1, ()), (2, ()), (4, (2,))]


def _bomb() -> bytes:
    return _with_part(_workbook(HEADER), _SHEET, b"<worksheet>" + b" " * (40 << 20) + b"</worksheet>")


def _entities() -> bytes:
    return _with_part(_workbook(HEADER), _SHEET, b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>')


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "old workbook": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "不是表格"),
    "zip bomb": (_bomb, "为安全起见没有打开"),
    "entities": (_entities, "为安全起见没有打开"),
    "cut in half": (lambda: _workbook(HEADER)[:2000], "没有传完或已损坏|读不出来"),
    "broken sheet": (lambda: _with_part(_workbook(HEADER), _SHEET, b"<worksheet><row>"), "读不出来"),
    "no sheet": (lambda: _with_part(_workbook(HEADER), "xl/workbook.xml", b"<workbook/>"), "读不出来"),
    "empty": (lambda: b"", "空的"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "不是表格"),
    "noise": (lambda: bytes(range(256)) * 8, "读不成表格"),
    "an endless value": (lambda: b'a,b\n"' + b"x" * 200_000, "读不成表格"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_table_gets_a_sentence(read: Callable[[bytes, str], Table], kind: str) -> None:
    make, sentence = REFUSED[kind]
    table = read(make(), "名单.xlsx")
    assert table.rows == ()
    assert any(part in table.refused for part in sentence.split("|")), table.refused
    assert table.refused.endswith("。")


@pytest.mark.parametrize(
    ("kind", "name", "role", "wanted"),
    [
        (FileKind.EXCEL, "a.xlsx", Role.ADMIN, True),
        (FileKind.UNKNOWN, "a.CSV", Role.ADMIN, True),
        (FileKind.EXCEL, "a.xlsx", Role.TEACHER, False),
        (FileKind.EXCEL, "名单.xlsx", Role.TEACHER, True),
        (FileKind.DOCX, "名单.docx", Role.ADMIN, False),
    ],
)
def test_only_tables_that_may_be_rosters_are_read(kind: FileKind, name: str, role: Role, *, wanted: bool) -> None:
    facts = FileFacts(name, 1, "a" * 64, kind, False, Trouble.NONE, "")
    assert is_wanted(facts, name, role) is wanted
