"""The board as a workbook: a row for each unit and category, for each must-report school, for each unit's routes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from documents.workbook import add_sheet, cell, new_workbook
from domain.standing import CategoryStanding, Reported, SchoolStanding, UnitStanding

BOARD_COLUMNS = MappingProxyType(
    {
        "单位": 14,
        "类型": 8,
        "最低数": 8,
        "已收到": 8,
        "待修改": 8,
        "待推荐": 8,
        "已推荐": 8,
        "还差": 8,
        "全部推荐后还差": 16,
        "迟交": 8,
    }
)
_SCHOOL_COLUMNS = {"单位": 14, "学校": 30, "必报类别": 36, "状态": 14}
SCHOOL_STATES: Mapping[Reported, str] = MappingProxyType(
    {
        Reported.NOTHING: "没有案例",
        Reported.UNDER_WAY: "还没有提交",
        Reported.SUBMITTED: "已提交，待推荐",
        Reported.RECOMMENDED: "已推荐",
    }
)
_TICKS = {True: "是", False: "否"}


def board_workbook(standings: Sequence[UnitStanding], routes: Mapping[str, str], notes: Sequence[str]) -> bytes:
    """The .xlsx of these units. `routes` are the marks of the official routes by id, `notes` the lines of the last
    sheet: of which notice and moment this is."""
    book = new_workbook()
    board = add_sheet(book, "进度", BOARD_COLUMNS, freeze="C2")
    for standing in standings:
        for each in standing.categories:
            board.append([cell(board, value) for value in (standing.unit.name, *_numbers(each))])
    schools = [(standing.unit.name, school) for standing in standings for school in standing.schools]
    if schools:
        sheet = add_sheet(book, "必报学校", _SCHOOL_COLUMNS)
        for unit, school in schools:
            sheet.append([cell(sheet, value) for value in _school(unit, school)])
    units = add_sheet(book, "单位", {"单位": 14, "上报": 24, "盖章扫描版": 14} | dict.fromkeys(routes.values(), 14))
    for standing in standings:
        ticks = [_TICKS[route in standing.ticked] for route in routes]
        filed = (standing.report or "未上报", _TICKS[standing.stamped])
        units.append([cell(units, value) for value in (standing.unit.name, *filed, *ticks)])
    about = add_sheet(book, "说明", {"说明": 80})
    for line in notes:
        about.append([cell(about, line)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _numbers(standing: CategoryStanding) -> tuple[object, ...]:
    has_minimum = standing.minimum is not None
    return (
        standing.category,
        standing.minimum if has_minimum else "无",
        standing.alive,
        standing.needs_fix + standing.returned,
        standing.submitted,
        standing.recommended,
        standing.missing if has_minimum else "",
        standing.missing_of_alive if has_minimum else "",
        standing.late,
    )


def _school(unit: str, school: SchoolStanding) -> tuple[str, ...]:
    return unit, school.name, school.must, SCHOOL_STATES[school.reported]
