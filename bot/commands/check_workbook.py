"""The workbook of `check --format xlsx`: a sheet with a row for each file and reading, one with a row for each finding.

Rows are written as they come and kept on disk until the end, so that a thousand files need no more memory than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO

from openpyxl import Workbook

from bot.commands.check_report import Checked, findings_of
from documents.workbook import add_sheet, cell
from domain.notice import Notice, Severity
from handlers.casework.report_text import show_clause, split
from validators.report import Finding, Status, Verdict

_FILES, _FINDINGS = "文件", "问题"
_FILE_COLUMNS = {
    "文件": 40,
    "类别": 14,
    "结果": 10,
    "必须改": 8,
    "建议改": 8,
    "请人工确认": 11,
    "字数": 8,
    "插图": 6,
    "标题": 40,
    "没能检查的原因": 40,
    "批注版": 40,
    "自动排版版": 40,
    "SHA-256": 20,
}
_FINDING_COLUMNS = {
    "文件": 40,
    "类别": 14,
    "级别": 10,
    "检查项": 20,
    "问题": 60,
    "怎么改": 60,
    "应为": 30,
    "实际": 30,
    "段落": 6,
    "所在标题": 30,
    "开头文字": 30,
    "依据": 14,
}
_VERDICTS = {Verdict.PASS: "合格", Verdict.FAIL: "需要修改", Verdict.UNCHECKED: "请人工确认"}


class CheckWorkbook:
    """Takes the results one after the other; `save` writes the file."""

    def __init__(self, notice: Notice, copies: Sequence[str]) -> None:
        """`copies` are the names of the copies that were asked for: only these get a column."""
        self._notice = notice
        self._copies = copies
        self._book = Workbook(write_only=True)
        unwanted = {"批注版", "自动排版版"} - set(copies)
        self._files = add_sheet(
            self._book, _FILES, {name: size for name, size in _FILE_COLUMNS.items() if name not in unwanted}
        )
        self._findings = add_sheet(self._book, _FINDINGS, _FINDING_COLUMNS)

    def add(self, checked: Checked) -> None:
        """The rows of one file."""
        for row in self._file_rows(checked):
            self._files.append([cell(self._files, value) for value in row])
        for finding, categories in findings_of(checked):
            row = (str(checked.path), "、".join(categories), *self._finding(finding))
            self._findings.append([cell(self._findings, value) for value in row])

    def save(self, target: IO[bytes]) -> None:
        """Write everything; nothing can be added afterwards."""
        self._book.save(target)

    def _file_rows(self, checked: Checked) -> Iterable[tuple[object, ...]]:
        facts, word = checked.facts, checked.facts.word
        copies = [checked.copies[what].path or checked.copies[what].trouble for what in self._copies]
        for reading in checked.readings:
            must, advice, unchecked = split(reading.report)
            yield (
                str(checked.path),
                "、".join(reading.categories),
                _VERDICTS[reading.report.verdict],
                len(must),
                len(advice),
                len(unchecked),
                word.words.total.high if word else "",
                word.pictures.drawn if word else "",
                word.title.text if word else "",
                facts.trouble,
                *copies,
                facts.sha256,
            )

    def _finding(self, finding: Finding) -> tuple[object, ...]:
        where = finding.where
        if finding.status is Status.UNCHECKED:
            level = "请人工确认"
        else:
            level = "必须改" if finding.severity is Severity.ERROR else "建议改"
        place = (where.paragraph, where.heading, where.quote) if where else ("", "", "")
        clause = show_clause(self._notice, finding.clause)
        texts = (finding.message, finding.advice, finding.expected, finding.found)
        return (level, finding.name, *texts, *place, clause)
