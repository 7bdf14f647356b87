"""The roster's table: its people, or every fault with its rows, at once."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice import Notice, Unit, UnitKind
from domain.roles import Role
from domain.roster import Roster, RosterRow, looks_like_roster, read_roster, show_fault, show_rows
from domain.table import MergedCells, Table, TableRow

CASES = tomllib.loads(
    (Path(__file__).resolve().parents[1] / "cases" / "policy" / "roster.toml").read_text(encoding="utf-8")
)["case"]
SCHOOL = Unit("gaozhong", "州某高级中学", UnitKind.DIRECT_SCHOOL, ("某高中",))


@pytest.fixture(scope="module")
def schools(notice: Notice) -> Notice:
    """The notice with one directly managed school, as a bureau fills it in."""
    return replace(notice, units=(*notice.units, SCHOOL))


def _table(case: dict[str, Any]) -> Table:
    hidden, formulas = set(case.get("hidden", [])), dict(case.get("formulas", []))
    rows = [
        TableRow(number, tuple(cells), (formulas[number],) if number in formulas else (), number in hidden)
        for number, cells in enumerate(case["rows"], start=1)
        if any(cells)
    ]
    merged = tuple(MergedCells(*each) for each in case.get("merged", []))
    return Table(tuple(rows), merged, case.get("cut", False))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_table_gives_people_or_faults(schools: Notice, case: dict[str, Any]) -> None:
    roster = read_roster(_table(case), schools)
    people = [
        [each.userid, each.name or "", each.role.value, each.unit_id or "", each.school or "", each.phone or ""]
        for each in roster.people
    ]
    assert [show_fault(fault) for fault in roster.faults] == case.get("faults", [])
    assert people == case.get("people", [])


def test_what_could_not_be_read_is_told_as_it_is(schools: Notice) -> None:
    roster = read_roster(Table(refused="打不开。"), schools)
    assert [show_fault(fault) for fault in roster.faults] == ["打不开。"]


def test_twenty_thousand_are_read_and_one_more_is_not(schools: Notice) -> None:
    header = TableRow(1, ("姓名", "userid", "角色", "单位"))
    rows = [TableRow(n + 2, ("张三", f"t{n}", "教师", "利川市")) for n in range(20_001)]
    assert len(read_roster(Table((header, *rows[:-1])), schools).people) == 20_000
    (fault,) = read_roster(Table((header, *rows)), schools).faults
    assert "20000 行" in fault.text


@pytest.mark.parametrize(
    ("rows", "shown"), [([3], "第 3 行"), ([5, 3, 4, 4], "第 3–5 行"), ([9, 1, 2, 7], "第 1–2、7、9 行")]
)
def test_row_numbers_are_told_in_spans(rows: list[int], shown: str) -> None:
    assert show_rows(rows) == shown


_CELLS = st.one_of(
    st.sampled_from(["姓名", "userid", "角色", "单位", "学校", "电话", "张三", "李四", "zhang", "ZHANG", "教师"]),
    st.sampled_from(["管理员", "利川市", "利川", "某高中", "13800000000", "", "=1+1", "<a href=x>"]),
    st.text(max_size=12),
)


@given(st.lists(st.lists(_CELLS, max_size=7), max_size=8))
def test_any_table_gives_sound_people_or_sentences(schools: Notice, cells: list[list[str]]) -> None:
    table = Table(tuple(TableRow(number, tuple(row)) for number, row in enumerate(cells, start=1)))
    roster = read_roster(table, schools)
    assert bool(roster.people) != bool(roster.faults)
    assert all(fault.text.endswith("。") for fault in roster.faults)
    assert looks_like_roster(table) or not roster.people
    assert len({each.userid for each in roster.people}) == len(roster.people)
    _check(roster, schools)


def _check(roster: Roster, notice: Notice) -> None:
    units = {unit.id for unit in notice.units}
    for each in roster.people:
        assert isinstance(each, RosterRow)
        assert each.unit_id in units or (each.unit_id is None and each.role is Role.ADMIN)
        assert each.userid == each.userid.lower()
        assert each.name
