"""The board as a workbook, opened again: every number is that of the standing, every text a text."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from documents.board_workbook import board_workbook
from domain.notice import Unit, UnitKind
from domain.standing import CategoryStanding, Reported, SchoolStanding, UnitStanding

STANDING = UnitStanding(
    Unit("one", "=某县", UnitKind.COUNTY),
    (
        CategoryStanding("A1", 1, received=1, needs_fix=2, returned=3, submitted=4, recommended=0, late=2),
        CategoryStanding("C", None, recommended=7),
    ),
    schools=(SchoolStanding("某校", "示范校", Reported.SUBMITTED),),
    ticked=frozenset({"mail"}),
    report="R-1",
    stamped=True,
)


def test_what_is_in_the_workbook_is_the_standing() -> None:
    made = board_workbook([STANDING], {"mail": "已发邮箱", "site": "已上传平台"}, ["说明一"])
    book = load_workbook(io.BytesIO(made))
    rows = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    assert rows["进度"][1:] == [
        ["=某县", "A1", 1, 10, 5, 4, 0, 1, 0, 2],
        ["=某县", "C", "无", 7, 0, 0, 7, None, None, 0],
    ]
    assert book["进度"]["A2"].data_type == "s"
    assert rows["必报学校"][1:] == [["=某县", "某校", "示范校", "已提交，待推荐"]]
    assert rows["单位"] == [
        ["单位", "上报", "盖章扫描版", "已发邮箱", "已上传平台"],
        ["=某县", "R-1", "是", "是", "否"],
    ]
    assert rows["说明"] == [["说明"], ["说明一"]]
