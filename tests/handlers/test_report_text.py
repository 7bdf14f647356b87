"""A report on a phone: grouped, numbered through, cut where a screen ends, nothing hidden in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.notice import Notice, Severity
from handlers.casework.report_text import (
    MOST_FINDINGS,
    MOST_SIGNS,
    brief_lines,
    finding_lines,
    headline,
    ordered,
    show_clause,
    show_title,
)
from validators.report import Finding, Report, Status, Where, verdict_of

WRONG = Finding(
    rule="T01",
    name="text.count",
    severity=Severity.ERROR,
    status=Status.WRONG,
    message="字数 2876，要求 3500–5000，还差 624。",
    advice="请补充正文内容后再发。",
    expected="3500–5000",
    found="2876",
    where=None,
    clause="2.1",
)
ADVICE = replace(WRONG, severity=Severity.WARNING, message="有修订记录。", advice="", clause="")
UNSURE = replace(WRONG, status=Status.UNCHECKED, message="字数没有数清。", advice="")


def report(*findings: Finding) -> Report:
    return Report("B1", verdict_of(findings), findings, ("文件类型", "字数（2876）"))


@pytest.mark.parametrize(
    ("findings", "line"),
    [
        ((), "✅《题》2 项检查全部合格"),
        ((ADVICE,), "✅《题》没有必须改的地方，1 处建议改"),
        ((UNSURE, ADVICE), "⚠️《题》没有发现必须改的地方，有 1 项没能自动检查，请人工确认"),
        ((WRONG, WRONG, ADVICE), "❌《题》需要修改：2 处必须改，1 处建议改"),
        ((WRONG, UNSURE), "❌《题》需要修改：1 处必须改"),
    ],
)
def test_headline_says_the_verdict(findings: tuple[Finding, ...], line: str) -> None:
    assert headline("题", report(*findings)) == line


@pytest.mark.parametrize(
    ("findings", "lines"),
    [
        ((), ["✅ 检查没有发现必须改的地方"]),
        ((ADVICE,), ["✅ 检查没有发现必须改的地方，1 处建议改", "1. 有修订记录"]),
        ((UNSURE,), ["⚠️ 请人工确认：1 项没能自动检查", "1. 字数没有数清"]),
        (
            (ADVICE, WRONG, UNSURE, ADVICE),
            [
                "❌ 未达要求：1 处必须改，2 处建议改",
                "1. 字数 2876，要求 3500–5000，还差 624",
                "2. 有修订记录",
                "3. 有修订记录",
                "共 4 处，上面是前 3 处。",
            ],
        ),
    ],
)
def test_a_brief_says_the_verdict_and_the_first_findings(findings: tuple[Finding, ...], lines: list[str]) -> None:
    assert brief_lines(report(*findings)) == lines


def test_a_brief_keeps_to_one_short_line_each() -> None:
    long = replace(WRONG, message="第一行\n第二行\u202e" + "很" * 200)
    assert brief_lines(report(long))[1:] == ["1. 第一行 第二行 " + "很" * 27 + "…"]


def test_findings_stand_under_their_headings(notice: Notice) -> None:
    assert finding_lines(notice, report(WRONG, ADVICE, UNSURE)) == [
        "必须改",
        "1. 字数 2876，要求 3500–5000，还差 624。请补充正文内容后再发〔二、1〕",
        "建议改",
        "2. 有修订记录",
        "没能自动检查（请人工确认）",
        "3. 字数没有数清〔二、1〕",
    ]


def test_place_is_told_once(notice: Notice) -> None:
    placed = replace(WRONG, where=Where(18, "一、", "二、主要做法"), advice="")
    assert "（第 18 段）〔二、1〕" in finding_lines(notice, report(placed))[1]
    told = replace(placed, message="第 18 段不对。")
    assert finding_lines(notice, report(told))[1] == "1. 第 18 段不对〔二、1〕"


@pytest.mark.parametrize("extra", [0, 1, 30])
def test_long_lists_are_cut_and_say_so(notice: Notice, extra: int) -> None:
    findings = (WRONG,) * MOST_FINDINGS + (ADVICE,) * extra
    lines = finding_lines(notice, report(*findings))
    assert sum(line[0].isdigit() for line in lines) == MOST_FINDINGS
    more = f"共 {MOST_FINDINGS + extra} 处，上面是前 {MOST_FINDINGS} 处，其余请看全部检查项。"
    assert (lines[-1] == more) is bool(extra)
    assert "建议改" not in lines
    whole = finding_lines(notice, report(*findings), short=False)
    assert sum(line[0].isdigit() for line in whole) == MOST_FINDINGS + extra


def test_long_findings_are_cut_where_the_screen_ends_but_never_to_nothing(notice: Notice) -> None:
    long = replace(WRONG, message="很长" * (MOST_SIGNS // 3))
    assert [line[0] for line in finding_lines(notice, report(long, long, long))] == ["必", "1", "共"]
    assert len(finding_lines(notice, report(long))) == 2


def test_the_numbers_of_the_lines_are_those_of_the_order(notice: Notice) -> None:
    mixed = report(ADVICE, WRONG, replace(ADVICE, message="另一条。"))
    numbered = [line for line in finding_lines(notice, mixed, short=False) if line[0].isdigit()]
    for number, (line, finding) in enumerate(zip(numbered, ordered(mixed), strict=True), start=1):
        assert line.startswith(f"{number}. {finding.message.rstrip('。')}")


@pytest.mark.parametrize(("clause", "shown"), [("2.1", "〔二、1〕"), ("a2", "〔附件2〕"), ("", ""), ("nowhere", "")])
def test_clauses_are_cited_short(notice: Notice, clause: str, shown: str) -> None:
    assert show_clause(notice, clause) == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("智慧课堂", "智慧课堂"),
        ("一\n二\t三", "一 二 三"),
        ("报告\u202excod.exe", "报告 xcod.exe"),
        ("长" * 50, "长" * 39 + "…"),
        ("{who}", "{who}"),
    ],
)
def test_titles_fit_a_line(title: str, shown: str) -> None:
    assert show_title(title) == shown
