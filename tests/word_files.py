"""Word files for the tests, made with python-docx and set in the fonts and sizes that the notice of the tests asks
for."""

from __future__ import annotations

import io
from functools import cache

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

SENTENCE = "学校利用平台开展教学应用，教师按照数据调整课堂安排，学生在空间里完成作业并互相评价。"


def new_document(font: str = "仿宋"):
    """An empty document whose text is 三号; the template's own Japanese fonts and 11 points are gone."""
    document = Document()
    _set(document.styles["Normal"], font, 16)
    return document


def add_title(document, text: str) -> None:
    """A centred main title in 方正小标宋简体 二号."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _set(paragraph.add_run(text), "方正小标宋简体", 22)


def add_heading(document, text: str) -> None:
    """A heading in 黑体 三号, without a heading style."""
    _set(document.add_paragraph().add_run(text), "黑体", 16)


def _set(holder, font: str, size: int) -> None:
    holder.font.size = Pt(size)
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{name}"), font)


@cache
def case_document(words: int, title: str = "智慧课堂案例") -> bytes:
    """A case with the template's table and sections and about `words` 字."""
    document = new_document()
    add_title(document, title)
    table = document.add_table(rows=5, cols=2)
    values = {"案例名称": title, "实施单位": "某中学", "实施时间": "一年", "关键词": "平台", "相关网址": "无"}
    for row, (name, value) in zip(table.rows, values.items(), strict=True):
        row.cells[0].text, row.cells[1].text = name, value
    headings = [
        "一、案例概述",
        "二、案例实施与成效",
        "（一）实施背景",
        "（二）实施方案",
        "（三）实施效果",
        "三、案例特点与创新",
    ]
    share = max(1, words // len(SENTENCE) // 5)
    for heading in headings:
        add_heading(document, heading)
        if not heading.startswith("二、"):
            for _ in range(share):
                document.add_paragraph(SENTENCE)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
