"""A check report as lines for a phone: what must be changed first, then advice, then what nobody could check."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.notice import Notice, Severity
from handlers.said import one_line
from validators.report import Finding, Report, Status, Verdict

MOST_FINDINGS = 6
MOST_SIGNS = 320
_TITLE_SHOWN = 40
_LABEL = re.compile(r"(?P<chapter>.*、)\S+ (?P<number>\d.*)")

PASSED = "✅《{title}》{count} 项检查全部合格"
PASSED_WITH_ADVICE = "✅《{title}》没有必须改的地方，{advice} 处建议改"
UNCHECKED = "⚠️《{title}》没有发现必须改的地方，有 {unchecked} 项没能自动检查，请人工确认"
FAILED = "❌《{title}》需要修改：{must} 处必须改"
FAILED_ADVICE = "，{advice} 处建议改"
MUST = "必须改"
ADVICE = "建议改"
NOT_CHECKED = "没能自动检查（请人工确认）"
CLEARED = "管理员核对过，是检查判错了，不算"
PLACE = "（第 {paragraph} 段）"
CHECKED = "检查了：{names}。"
BLIND = "{names}这次没有检查，请对照通知自己看一遍。"
JUDGED_BY_EXPERTS = "内容好坏由专家评，我不看。"
BRIEF_FAILED = "❌ 未达要求：{must} 处必须改{advice}"
BRIEF_UNCHECKED = "⚠️ 请人工确认：{unchecked} 项没能自动检查{advice}"
BRIEF_PASSED = "✅ 检查没有发现必须改的地方{advice}"
BRIEF_ADVICE = "，{count} 处建议改"
BRIEF_MORE = "共 {count} 处，上面是前 {shown} 处。"
MOST_BRIEF = 3
_BRIEF_SIGNS = 36
_ASIDE = re.compile(r"（[^（）]*）")
MORE = "共 {count} 处，上面是前 {shown} 处，其余请看全部检查项。"


def show_title(title: str) -> str:
    """A case's or a file's name on one line, without control and direction signs, cut so that it fits."""
    clean = one_line(title)
    return clean if len(clean) <= _TITLE_SHOWN else clean[: _TITLE_SHOWN - 1] + "…"


def show_clause(notice: Notice, clause_id: str) -> str:
    """A clause as people cite it, short: 〔二、1〕. Empty for an empty or unknown id."""
    labels = [clause.label for clause in notice.clauses if clause.id == clause_id]
    if not labels:
        return ""
    found = _LABEL.fullmatch(labels[0])
    return f"〔{found['chapter']}{found['number']}〕" if found else f"〔{labels[0]}〕"


def headline(title: str, report: Report) -> str:
    """The verdict in one line."""
    must, advice, unchecked = split(report)
    shown = show_title(title)
    if report.verdict is Verdict.FAIL:
        tail = FAILED_ADVICE.format(advice=len(advice)) if advice else ""
        return FAILED.format(title=shown, must=len(must)) + tail
    if report.verdict is Verdict.UNCHECKED:
        return UNCHECKED.format(title=shown, unchecked=len(unchecked))
    if advice:
        return PASSED_WITH_ADVICE.format(title=shown, advice=len(advice))
    return PASSED.format(title=shown, count=len(report.checked))


def finding_lines(notice: Notice, report: Report, *, short: bool = True) -> list[str]:
    """The findings under their headings, numbered through as `ordered` gives them: all, or when `short` the first ones
    as far as they fit a phone's screen."""
    lines: list[str] = []
    number, signs = 0, 0
    for heading, findings in zip((MUST, ADVICE, NOT_CHECKED), split(report), strict=True):
        for place, finding in enumerate(findings):
            line = f"{number + 1}. {finding_line(notice, finding)}"
            signs += len(line)
            if short and number and (number >= MOST_FINDINGS or signs > MOST_SIGNS):
                return [*lines, MORE.format(count=len(report.findings), shown=number)]
            lines += [line] if place else [heading, line]
            number += 1
    return lines


def brief_lines(report: Report) -> list[str]:
    """The verdict with its counts and the first findings, without place and advice: for who decides about the case."""
    must, advice, unchecked = split(report)
    verdicts = {Verdict.FAIL: BRIEF_FAILED, Verdict.UNCHECKED: BRIEF_UNCHECKED, Verdict.PASS: BRIEF_PASSED}
    advised = BRIEF_ADVICE.format(count=len(advice)) if advice else ""
    lines = [verdicts[report.verdict].format(must=len(must), unchecked=len(unchecked), advice=advised)]
    found = ordered(report)
    lines += [f"{number}. {_brief(each.message)}" for number, each in enumerate(found[:MOST_BRIEF], start=1)]
    return lines if len(found) <= MOST_BRIEF else [*lines, BRIEF_MORE.format(count=len(found), shown=MOST_BRIEF)]


def _brief(message: str) -> str:
    said = one_line(message).rstrip("。")
    if len(said) > _BRIEF_SIGNS:
        said = _ASIDE.sub("", said)
    return said if len(said) <= _BRIEF_SIGNS else said[: _BRIEF_SIGNS - 1] + "…"


def ordered(report: Report) -> tuple[Finding, ...]:
    """The findings in the order in which they are numbered for people."""
    return tuple(finding for findings in split(report) for finding in findings)


def finding_line(notice: Notice, finding: Finding) -> str:
    """One finding: what was found and wanted, what to do, and the clause."""
    said = finding.message.rstrip("。")
    if finding.where is not None and "段" not in said:
        said += PLACE.format(paragraph=finding.where.paragraph)
    advice = f"。{finding.advice.rstrip('。')}" if finding.advice else ""
    return f"{said}{advice}{show_clause(notice, finding.clause)}"


def checked_line(report: Report) -> str:
    """What was looked at: success must not sound like more than that."""
    blind = BLIND.format(names="、".join(report.not_checked)) if report.not_checked else ""
    return CHECKED.format(names="、".join(report.checked)) + blind + JUDGED_BY_EXPERTS


def split(report: Report) -> tuple[Sequence[Finding], Sequence[Finding], Sequence[Finding]]:
    """Findings as must-fix, advice and not checked. A warning that could not be checked is left to the advice."""
    must = [finding for finding in report.findings if finding.must_fix]
    advice = [finding for finding in report.findings if finding.severity is Severity.WARNING]
    unchecked = [f for f in report.findings if f.severity is Severity.ERROR and f.status is Status.UNCHECKED]
    return must, advice, unchecked
