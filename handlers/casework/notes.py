"""A check report as comments for the annotated copy: a summary at the top, at each place what is to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from documents.annotated import MOST_COMMENTS, MOST_SIGNS, Note
from domain.notice import Notice, Severity
from handlers.casework.report_text import headline, show_clause
from validators.report import Finding, Reading, Status

TOP = 0
SUMMARY = "{headline}。批注由{product}自动添加，不改动原文；改好后请删除批注再提交。"
SUMMARY_READING = "按 {categories} 类：{headline}。"
MUST, ADVICE, UNCHECKED = "必须改", "建议改", "请人工确认"
LINE = "{urgency}：{message}。{advice}{clause}"
SAME = "{urgency}：和第 {first} 段同样的问题，应为{expected}。"
READING_ONLY = "（只按 {categories} 类）"
LEFT = "共有 {count} 处，批注到这里为止；其余 {left} 处请看检查结果。"
PRODUCT = "案例管家"


def notes_of(notice: Notice, title: str, readings: Sequence[Reading]) -> tuple[Note, ...]:
    """The comments for a file judged so: at most as many as a copy can take, the last then saying what is left out.

    With several readings each line that does not hold for all of them names its categories."""
    placed: dict[int, list[str]] = {TOP: [_summary(title, readings)]}
    for paragraph, text in _lines(notice, readings):
        placed.setdefault(paragraph, []).append(text)
    notes = [Note(TOP, text) for text in _packed(placed[TOP])]
    for paragraph in sorted(placed.keys() - {TOP}):
        notes.extend(Note(paragraph, text) for text in _packed(placed[paragraph]))
    if len(notes) <= MOST_COMMENTS:
        return tuple(notes)
    kept, left = notes[: MOST_COMMENTS - 1], notes[MOST_COMMENTS - 1 :]
    return (*kept, Note(left[0].paragraph, LEFT.format(count=len(notes), left=len(left))))


def _summary(title: str, readings: Sequence[Reading]) -> str:
    if len(readings) == 1:
        said = headline(title, readings[0].report)
        return SUMMARY.format(headline=said, product=PRODUCT)
    each = [
        SUMMARY_READING.format(categories="、".join(reading.categories), headline=headline(title, reading.report))
        for reading in readings
    ]
    return "\n".join(each)


def _lines(notice: Notice, readings: Sequence[Reading]) -> Iterator[tuple[int, str]]:
    """Each cause once, at each paragraph that it concerns."""
    found: dict[tuple[object, ...], tuple[Finding, list[str]]] = {}
    for reading in readings:
        for finding in reading.report.findings:
            _, categories = found.setdefault(finding.cause, (finding, []))
            categories.extend(reading.categories)
    everybody = [code for reading in readings for code in reading.categories]
    for finding, categories in found.values():
        only = "" if categories == everybody else READING_ONLY.format(categories="、".join(categories))
        first = TOP if finding.where is None else finding.where.paragraph
        yield first, _line(notice, finding) + only
        for paragraph in finding.paragraphs:
            if paragraph != first:
                same = SAME.format(urgency=_urgency(finding), first=first, expected=finding.expected)
                yield paragraph, same + show_clause(notice, finding.clause) + only


def _line(notice: Notice, finding: Finding) -> str:
    return LINE.format(
        urgency=_urgency(finding),
        message=finding.message.rstrip("。"),
        advice=finding.advice,
        clause=show_clause(notice, finding.clause),
    )


def _urgency(finding: Finding) -> str:
    if finding.status is Status.UNCHECKED:
        return UNCHECKED
    return MUST if finding.severity is Severity.ERROR else ADVICE


def _packed(lines: Iterable[str]) -> Iterator[str]:
    """The lines in as few texts as hold them, none longer than a comment may be."""
    text = ""
    for line in lines:
        longer = f"{text}\n{line}" if text else line
        if text and len(longer) > MOST_SIGNS:
            yield text
            longer = line
        text = longer
    if text:
        yield text
