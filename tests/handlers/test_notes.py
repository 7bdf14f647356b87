"""A report becomes comments: urgent first, at the place, short, each cause once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents.annotated import MOST_COMMENTS, MOST_SIGNS, Note
from domain.notice import Severity
from handlers.casework.notes import TOP, notes_of
from validators.report import Finding, Reading, Report, Status, Verdict, Where

FINDING = Finding(
    rule="T01",
    name="text.count",
    severity=Severity.ERROR,
    status=Status.WRONG,
    message="字数 10，要求 20",
    advice="请补充。",
    expected="20",
    found="10",
    where=None,
    clause="2.1",
)


def at(paragraph: int, message: str, severity: Severity = Severity.ERROR, status: Status = Status.WRONG) -> Finding:
    return replace(FINDING, message=message, severity=severity, status=status, where=Where(paragraph, "", ""))


def read(*findings: Finding, categories: tuple[str, ...] = ("B1",)) -> Reading:
    return Reading(categories, Report("B1", Verdict.FAIL, findings, ("字数",)))


def test_a_summary_then_each_place(notice):
    advice = at(3, "正文是宋体", Severity.WARNING)
    unclear = at(3, "字号看不出来", status=Status.UNCHECKED)
    notes = notes_of(notice, "案例.docx", [read(at(7, "标题字号"), FINDING, advice, unclear)])
    assert notes == (
        Note(
            TOP,
            "❌《案例.docx》需要修改：2 处必须改，1 处建议改。批注由案例管家自动添加，不改动原文；"
            "改好后请删除批注再提交。\n必须改：字数 10，要求 20。请补充。〔二、1〕",
        ),
        Note(3, "建议改：正文是宋体。请补充。〔二、1〕\n请人工确认：字号看不出来。请补充。〔二、1〕"),
        Note(7, "必须改：标题字号。请补充。〔二、1〕"),
    )


def test_each_cause_once_with_the_categories_it_holds_for(notice):
    one, other = at(2, "两种都不行"), at(2, "只有一种不行")
    readings = [read(one, other, categories=("A1", "B1")), read(one, categories=("C",))]
    summary, note = notes_of(notice, "案例.docx", readings)
    assert summary.text.splitlines() == [
        "按 A1、B1 类：❌《案例.docx》需要修改：2 处必须改。",
        "按 C 类：❌《案例.docx》需要修改：1 处必须改。",
    ]
    assert note.text.splitlines() == [
        "必须改：两种都不行。请补充。〔二、1〕",
        "必须改：只有一种不行。请补充。〔二、1〕（只按 A1、B1 类）",
    ]


@pytest.mark.parametrize("count", [2, 9])
def test_what_one_comment_cannot_hold_goes_on_in_the_next(notice, count):
    notes = notes_of(notice, "案例.docx", [read(*(at(5, f"第 {number} 个" + "长" * 80) for number in range(count)))])
    placed = [note.text for note in notes if note.paragraph == 5]
    assert len(placed) == -(-count // 2)
    assert all(len(text) <= MOST_SIGNS for text in placed)
    assert sum(text.count("长" * 80) for text in placed) == count


def test_more_than_a_copy_takes_ends_with_how_many_are_left(notice):
    notes = notes_of(notice, "案例.docx", [read(*(at(number, f"第 {number} 个") for number in range(1, 351)))])
    assert len(notes) == MOST_COMMENTS
    assert notes[-1] == Note(299, "共有 351 处，批注到这里为止；其余 52 处请看检查结果。")


def test_every_paragraph_with_the_fault_is_marked_the_others_in_short(notice):
    fault = replace(at(4, "正文字体是“宋体”：第 4、6 段", Severity.WARNING), expected="仿宋", paragraphs=(4, 6))
    notes = notes_of(notice, "案例.docx", [read(fault)])
    assert notes[1:] == (
        Note(4, "建议改：正文字体是“宋体”：第 4、6 段。请补充。〔二、1〕"),
        Note(6, "建议改：和第 4 段同样的问题，应为仿宋。〔二、1〕"),
    )
