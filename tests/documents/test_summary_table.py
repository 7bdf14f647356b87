"""Annex 1 as Word: its head, columns, order and remarks, opened by python-docx and by LibreOffice."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from documents.summary_table import summary_table
from domain.notice import Notice
from domain.notice_loader import load_notice
from domain.standing import CategoryStanding, UnitStanding
from domain.summary import Doubt, SummaryRow, SummarySheet, doubts_about, in_order

PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"
HOSTILE = "=cmd|' /C calc'!A0\u202e\x07\n<w:p/>&"


@pytest.fixture(scope="module")
def notice() -> Notice:
    return load_notice(PACK)


def row(number: int, category: str, **more: str) -> SummaryRow:
    values = {"title": f"案例{number}", "contact": "张老师", "school": "某中学", "phone": "13800000000"} | more
    return SummaryRow(number, f"{category}-{number}", category, **values)


def sheet(notice: Notice, *rows: SummaryRow) -> SummarySheet:
    return SummarySheet("利川市", "李主任", "0718-8234567", in_order(notice, rows))


def test_rows_are_sorted_by_type_and_keep_their_order_inside(notice: Notice) -> None:
    ordered = in_order(notice, [row(1, "C"), row(2, "B2"), row(3, "A1"), row(4, "C"), row(5, "B1"), row(6, "A2")])
    assert [(each.category, each.case_id) for each in ordered] == [
        ("A1", 3), ("A2", 6), ("B1", 5), ("B2", 2), ("C", 1), ("C", 4),
    ]  # fmt: skip


def test_the_document_is_the_annex(notice: Notice) -> None:
    made = summary_table(notice, sheet(notice, row(1, "C"), row(2, "A1"), row(3, "B1", title=HOSTILE)))
    assert made == summary_table(notice, sheet(notice, row(1, "C"), row(2, "A1"), row(3, "B1", title=HOSTILE)))
    document = Document(io.BytesIO(made))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[0] == notice.summary_table.title
    assert lines[1] == "县市/州直属学校（盖章）：利川市\t县市联系人：李主任"
    assert lines[2] == "联系电话：0718-8234567"
    assert lines[3].startswith("备注")
    (table,) = document.tables
    cells = [[cell.text for cell in each.cells] for each in table.rows]
    assert cells[0] == list(notice.summary_table.columns)
    assert [line[:2] for line in cells[1:]] == [["1", "A1"], ["2", "B1"], ["3", "C"]]
    assert cells[1][2:] == ["案例2", "张老师", "某中学", "13800000000"]
    assert cells[2][2] == "=cmd|' /C calc'!A0\u202e <w:p/>&"
    section = document.sections[0]
    assert section.page_width < section.page_height


def test_what_is_doubtful_is_named(notice: Notice) -> None:
    standing = UnitStanding(notice.units[1], (CategoryStanding("A1", 1, recommended=1), CategoryStanding("C", 5)))
    rows = [row(1, "A1"), row(2, "B1", phone=""), row(3, "B1", title="案 例１"), row(4, "C", contact="")]
    found = {each.doubt: each.about for each in doubts_about(sheet(notice, *rows), standing)}
    assert found == {
        Doubt.NO_PHONE: ("2",), Doubt.NO_CONTACT: ("4",), Doubt.SAME_TITLE: ("1、3",), Doubt.MISSING: ("C 5",),
    }  # fmt: skip


def test_others_than_the_unit_see_no_number_they_could_call(notice: Notice) -> None:
    masked = sheet(notice, row(1, "A1"), row(2, "C", phone="")).masked()
    assert [each.phone for each in masked.rows] == ["138****0000", ""]
    assert masked.phone == "0718-****567"
