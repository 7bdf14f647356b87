"""Summary tables made by hand: recognised among other tables, matched in spite of small slips, differences named."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from docx import Document

from domain.notice_loader import load_notice
from domain.summary import SummaryRow
from validators.facts import WordFacts
from validators.reading.kind import sniff
from validators.reading.word import read_word
from validators.summary_tables import Difference, Fault, compare, written_rows

COLUMNS = load_notice(Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05").summary_table.columns


def word_of(*tables: Sequence[Sequence[str]]) -> WordFacts:
    document = Document()
    for rows in tables:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    stream.seek(0)
    package = sniff(stream, "表.docx").package
    assert package is not None
    return read_word(package, lambda _stage: None)


def case(number: int, category: str, title: str, **more: str) -> SummaryRow:
    values = {"contact": "张老师", "school": "某中学", "phone": "13800000000"} | more
    return SummaryRow(number, f"{category}-{number}", category, title, **values)


CASES = (
    case(1, "A1", "区域智慧教育平台建设的实践"),
    case(2, "B1", "数据驱动的作业设计"),
    case(3, "B1", "“三个课堂”在山区的应用", phone="0718-8234567"),
    case(4, "C", "我们的空间故事"),
)
HEAD = list(COLUMNS)


def line(number: int, row: SummaryRow, **other: str) -> list[str]:
    values = {"category": row.category, "title": row.title, "contact": row.contact, "school": row.school} | other
    names = ("category", "title", "contact", "school")
    return [str(number), *(values[name] for name in names), other.get("phone", row.phone)]


def differences(*lines: Sequence[str]) -> list[Difference]:
    rows = written_rows(word_of([HEAD, *lines]), COLUMNS)
    assert rows is not None
    return list(compare(rows, CASES, COLUMNS))


ALL = [line(number, row) for number, row in enumerate(CASES, start=1)]


def test_the_same_table_has_no_difference() -> None:
    assert differences(*ALL) == []


def test_other_ways_of_writing_are_no_difference() -> None:
    assert differences(
        ["１", "A1类", " 区域智慧教育平台建设的实践 ", "张 老师", "某中学", "138 0000 0000"],
        ["2", "b1", "《数据驱动的作业设计》", "张老师", "某中学", "138-0000-0000"],
        ["3", "", "三个课堂在山区的应用", "张老师", "某中学", "(0718)8234567"],
        ["4", "C", "我们的空间故事", "张老师", "某中学", "13800000000"],
    ) == []  # fmt: skip


def test_a_slip_in_a_title_is_found_again_and_named() -> None:
    (found,) = differences(ALL[0], line(2, CASES[1], title="数据驱动的作业设汁"), *ALL[2:])
    assert found == Difference(
        Fault.DIFFERENT, 2, "数据驱动的作业设计", COLUMNS[2], "数据驱动的作业设汁", "数据驱动的作业设计"
    )


@pytest.mark.parametrize(
    ("column", "field", "written", "known"),
    [
        (1, "category", "B2", "B1"),
        (3, "contact", "李老师", "张老师"),
        (4, "school", "别的学校", "某中学"),
        (5, "phone", "13900000000", "13800000000"),
    ],
)
def test_each_column_is_compared(column: int, field: str, written: str, known: str) -> None:
    found = differences(ALL[0], line(2, CASES[1], **{field: written}), *ALL[2:])
    assert found[0] == Difference(Fault.DIFFERENT, 2, CASES[1].title, COLUMNS[column], written, known)


def test_what_is_missing_strange_or_twice_is_named() -> None:
    found = differences(
        ALL[0], ALL[1], ["3", "B1", "数据驱动的作业设计", "", "", ""], ["4", "C", "没有听说过", "", "", ""]
    )
    assert [(each.fault, each.place, each.title) for each in found] == [
        (Fault.TWICE, 3, "数据驱动的作业设计"),
        (Fault.UNKNOWN, 4, "没有听说过"),
        (Fault.MISSING, 0, CASES[2].title),
        (Fault.MISSING, 0, CASES[3].title),
    ]


def test_order_of_types_and_numbers_is_looked_at() -> None:
    found = differences(line(1, CASES[3]), line(2, CASES[0]), line(3, CASES[1]), line(5, CASES[2]))
    assert [(each.fault, each.place, each.written, each.known) for each in found] == [
        (Fault.ORDER, 2, "", ""),
        (Fault.NUMBER, 4, "5", "4"),
    ]


def test_two_cases_of_one_title_go_to_their_own_rows() -> None:
    twins = (case(1, "B1", "空间故事", contact="甲老师"), case(2, "B1", "空间故事", contact="乙老师"))
    rows = written_rows(word_of([HEAD, line(1, twins[1]), line(2, twins[0])]), COLUMNS)
    assert rows is not None
    assert compare(rows, twins, COLUMNS) == ()


def test_only_a_table_with_the_columns_is_one() -> None:
    plan = [["周次", "内容", "联系人", "备注"], ["1", "开学", "张老师", ""]]
    assert written_rows(word_of(plan), COLUMNS) is None
    found = written_rows(word_of(plan, [["附件1", "", "", "", "", ""], HEAD, *ALL]), COLUMNS)
    assert found is not None
    assert [row.title for row in found] == [row.title for row in CASES]
    assert [
        row.title
        for row in written_rows(
            word_of([["案例名称", "案例类型", "所在单位", "联系电话"], ["甲", "C", "校", ""]]), COLUMNS
        )
        or ()
    ] == ["甲"]
