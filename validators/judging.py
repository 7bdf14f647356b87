"""Facts and a notice in, a report out. Pure: the same facts and notice always give the same report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from domain.notice import Category, Notice, Severity
from validators.facts import FileFacts
from validators.report import Finding, Reading, Report, Status, fuller, verdict_of
from validators.rules import bind
from validators.rules.contract import BoundRule, Context, Fault

_TYPOGRAPHY = "字体字号"
_FONT_RULES = frozenset({"title.font", "heading.font", "body.font"})
_NOT_CHECKED = "这一项没能自动检查，请人工确认。"


def judge(facts: FileFacts, category: Category, notice: Notice) -> Report:
    """The report on a file as a case of `category`, by the rules and limits of `notice`.

    Must-fix findings come before advice. A rule that raises becomes a finding that could not be checked. Raises
    ConfigError when the notice uses a rule that does not exist or gives it wrong parameters.
    """
    return apply(bind(notice), facts, category, notice)


def apply(rules: Iterable[BoundRule], facts: FileFacts, category: Category, notice: Notice) -> Report:
    """As `judge`, with rules that were bound before."""
    findings: list[Finding] = []
    checked: list[str] = []
    for bound in rules:
        if category.code not in bound.use.categories or not bound.rule.subject.applies(facts):
            continue
        context = Context(category=category, notice=notice, clause=bound.use.clause)
        found = tuple(_run(bound, facts, context))
        findings.extend(_stamp(bound, fault) for fault in found)
        checked.append(_checked_name(bound, facts))
    ordered = tuple(sorted(findings, key=_urgency))
    names = tuple(dict.fromkeys(checked))
    return Report(category.code, verdict_of(ordered), ordered, names, _not_checked(facts, category, notice))


def judge_all(facts: FileFacts, notice: Notice) -> tuple[Reading, ...]:
    """For a file whose category is not known: one reading for each group of categories that is judged alike, in the
    notice's order. Findings of one cause are one, whatever clause of the notice they stand on. Within a reading the
    report's category is None."""
    rules = bind(notice)
    groups: list[tuple[list[str], Report]] = []
    for category in notice.categories:
        report = apply(rules, facts, category, notice)
        anonymous = replace(report, category=None)
        same = next((place for place, (_, known) in enumerate(groups) if _alike(known, anonymous)), None)
        if same is None:
            groups.append(([category.code], anonymous))
        else:
            codes, known = groups[same]
            pairs = zip(known.findings, anonymous.findings, strict=True)
            findings = tuple(fuller(one, other) for one, other in pairs)
            groups[same] = ([*codes, category.code], replace(known, findings=findings))
    return tuple(Reading(tuple(codes), report) for codes, report in groups)


def _alike(one: Report, other: Report) -> bool:
    causes = [[finding.cause for finding in report.findings] for report in (one, other)]
    return causes[0] == causes[1] and replace(one, findings=()) == replace(other, findings=())


def _not_checked(facts: FileFacts, category: Category, notice: Notice) -> tuple[str, ...]:
    """Demands of the notice that it sets no rule for."""
    used = {use.rule for use in notice.rules if category.code in use.categories}
    return (_TYPOGRAPHY,) if facts.word is not None and not used & _FONT_RULES else ()


def _run(bound: BoundRule, facts: FileFacts, context: Context) -> Iterable[Fault]:
    try:
        return tuple(bound.rule.check(facts, bound.params, context))
    except Exception:  # noqa: BLE001  one broken rule must neither stop the others nor pass or fail the file
        message = f"{bound.rule.title}：{_NOT_CHECKED}"
        return (Fault(message, "", "", "没能检查", None, Status.UNCHECKED),)


def _stamp(bound: BoundRule, fault: Fault) -> Finding:
    return Finding(
        rule=bound.rule.code,
        name=bound.rule.name,
        severity=fault.severity or bound.use.severity,
        status=fault.status,
        message=fault.message,
        advice=fault.advice,
        expected=fault.expected,
        found=fault.found,
        where=fault.where,
        clause=bound.use.clause,
        paragraphs=fault.paragraphs,
    )


def _checked_name(bound: BoundRule, facts: FileFacts) -> str:
    try:
        measured = bound.rule.measured(facts) if bound.rule.measured else ""
    except Exception:  # noqa: BLE001  as in `_run`: the finding already says that it could not be checked
        measured = ""
    return f"{bound.rule.title}（{measured}）" if measured else bound.rule.title


def _urgency(finding: Finding) -> tuple[bool, bool]:
    return finding.severity is not Severity.ERROR, finding.status is not Status.WRONG
