"""What the check of one version found, as a page shows it: in groups, each with place, advice and clause."""

from __future__ import annotations

from dataclasses import dataclass

from domain.notice import Notice
from handlers.casework.copies import helpful, readings_of
from handlers.casework.report_text import (
    ADVICE,
    CLEARED,
    MUST,
    NOT_CHECKED,
    checked_line,
    headline,
    show_clause,
    split,
)
from handlers.casework.verdicts import cleared, report_of, stored_reports
from handlers.contract import Context, CopyKind
from store.schema.campaign import Case, Material
from validators.report import Finding, Reading, Report, Verdict, Where

PLACE = "第 {paragraph} 段"
UNDER = "“{heading}”下"
QUOTE = "“{quote}”"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: what was found and wanted, where, what to do, by which clause."""

    said: str
    place: str
    advice: str
    clause: str


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one urgency under their heading; `kind` is the class of the list."""

    heading: str
    kind: str
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reading of the file. `categories` is empty where the case has its category."""

    categories: str
    headline: str
    groups: tuple[Group, ...]
    checked: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything about one version's check: nothing in `outcomes` while it has not been checked."""

    version: int
    outcomes: tuple[Outcome, ...]
    copies: tuple[CopyKind, ...]


def readings(ctx: Context, case: Case, material: Material) -> tuple[Reading, ...]:
    """The reports that count for this version: that of the case's category, or while it has none all there are."""
    report = report_of(ctx, case, material)
    return readings_of(stored_reports(ctx, material) if report is None else [report])


def checked(ctx: Context, case: Case, material: Material) -> Checked:
    """The check of this version of the case."""
    found = readings(ctx, case, material)
    wrong = tuple(_found(ctx.notice, each) for each in cleared(ctx, case, material))
    outcomes = tuple(_outcome(ctx.notice, case, reading, wrong) for reading in found)
    return Checked(material.version, outcomes, helpful(found) if found else ())


def _outcome(notice: Notice, case: Case, reading: Reading, wrong: tuple[Found, ...]) -> Outcome:
    report = reading.report
    kinds = zip((MUST, ADVICE, NOT_CHECKED), ("must", "advice", "unchecked"), split(report), strict=True)
    groups = [Group(heading, kind, tuple(_found(notice, each) for each in found)) for heading, kind, found in kinds]
    groups.append(Group(CLEARED, "cleared", wrong))
    return Outcome(
        categories="" if case.category else "、".join(reading.categories),
        headline=headline(case.title, report),
        groups=tuple(group for group in groups if group.found),
        checked=_looked_at(report),
    )


def _looked_at(report: Report) -> str:
    """Its list would name what could not be looked at, too."""
    return "" if report.verdict is Verdict.UNCHECKED else checked_line(report)


def _found(notice: Notice, finding: Finding) -> Found:
    return Found(finding.message, _place(finding.where), finding.advice, show_clause(notice, finding.clause))


def _place(where: Where | None) -> str:
    if where is None:
        return ""
    parts = (
        UNDER.format(heading=where.heading.rsplit(" > ", 1)[-1]) if where.heading else "",
        PLACE.format(paragraph=where.paragraph),
        QUOTE.format(quote=where.quote) if where.quote else "",
    )
    return "，".join(part for part in parts if part)
