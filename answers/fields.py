"""Verdicts on what somebody wrote into a field of the summary table: the category goes in by its code."""

from __future__ import annotations

import re

from answers.question import Question
from answers.reply import Draft
from domain.notice import Notice

_WROTE = re.compile(
    r"(?:写|填|打|录|选)(?:的|了|成|上|着)*(?:就|都)?(?:是|为|成)?[\"“‘']?(?P<said>[^,。;?!\"”’']{1,16}?)[\"”’']?"
    r"(?:[一二两三四五六七八\d]个字符?|字样)?(?=[,。;?!]|$|可以|行|对|合|有|算|要|能|没|得|吗|吧|这)"
)
_DENIED = re.compile(r"(?:没有?|未|不)(?:写|填)[^,。;?]{0,6}$")
_WHAT = re.compile(r"什么|哪|怎么|谁|几(?!个字)|多少|还是|名称|名字|编号|序号|代[码号]|汉字|中文|文字|字母")


def judge_category_field(question: Question, notice: Notice) -> Draft | None:
    """The verdict on what was put into the category's column of the summary table; None when nothing was."""
    table, text = notice.summary_table, question.text
    column = table.sorted_by
    if not table.type_order or not _names_column(column, text, table.title):
        return None
    said = next((match for match in _WROTE.finditer(text) if not _DENIED.search(text[: match.end()])), None)
    if said is None or _WHAT.search(said.group("said")) or not said.group("said").strip("的了"):
        return None
    known = {code.lower() for code in table.type_order}
    parts = [part for part in re.split(r"[、,/和\s]", said.group("said").removesuffix("类")) if part]
    head = "可以，" if parts and set(parts) <= known else "不符合，"
    told = f"《{table.title}》的“{column}”填序号：{'、'.join(table.type_order)}，按这个次序同类集中排序。"
    return Draft(head + told, _clauses(notice), "table-field", verdict=True)


def _names_column(column: str, text: str, title: str) -> bool:
    """Whether a question speaks of that column: by its name, or by the end of it beside a word for a cell."""
    end = column[-2:]
    cell = rf"{end}[^,。;?]{{0,4}}(?:格|栏|列|处|里|上)|(?:格|栏|列)[^,。;?]{{0,4}}{end}"
    beside = end in text and ("表" in text or title in text) and re.search(r"[写填]", text) is not None
    return column in text or re.search(cell, text) is not None or beside


def _clauses(notice: Notice) -> tuple[str, ...]:
    table = notice.summary_table
    return (*table.remark_clauses[:1],) or (table.clause,)
