"""Files by python-docx, from its own template: as programmers really use it, mistakes included."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from case_text import INFO, ROLES, after, before
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
STYLES = {"title": "Title", "subtitle": "Subtitle", "h1": "Heading 1", "h2": "Heading 2", "body": "Normal"}


def dress(properties: Any, font: str, points: float) -> None:
    """Give a run's or a style's properties both fonts, without what the theme says."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for slot in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{slot}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), font)
    properties.get_or_add_sz().val = Pt(points)


def case(write: Callable[[Any, Any, str], None], prepare: Callable[[Any], None] = lambda _document: None) -> bytes:
    """A case of which each paragraph is given to `write(document, paragraph, role)` once it has its text."""
    document = Document()
    prepare(document)
    for block in before():
        write(document, document.add_paragraph(block.text), block.role)
    table = document.add_table(rows=0, cols=2)
    for pair in INFO:
        for cell, text in zip(table.add_row().cells, pair, strict=True):
            cell.text = text
            write(document, cell.paragraphs[0], "cell")
    for block in after():
        write(document, document.add_paragraph(block.text), block.role)
    return saved(document)


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def by_runs(_document: Any, paragraph: Any, role: str) -> None:
    font, points, alignment = ROLES[role]
    paragraph.alignment = ALIGNMENTS[alignment]
    for run in paragraph.runs:
        dress(run._r.get_or_add_rPr(), font, points)


def by_styles(document: Any, paragraph: Any, role: str) -> None:
    if role in STYLES:
        paragraph.style = document.styles[STYLES[role]]


def dressed_styles(document: Any) -> None:
    for role, name in STYLES.items():
        font, points, alignment = ROLES[role]
        style = document.styles[name]
        dress(style.element.get_or_add_rPr(), font, points)
        style.paragraph_format.alignment = ALIGNMENTS[alignment]


def latin_only(_document: Any, paragraph: Any, role: str) -> None:
    """What `font.name = …` does: the Chinese stays as it was."""
    for run in paragraph.runs:
        run.font.name = ROLES[role][0]
        run.font.size = Pt(ROLES[role][1])


def half(document: Any, paragraph: Any, role: str) -> None:
    """Styles, and a run in the middle that is unlike them."""
    by_styles(document, paragraph, role)
    if role == "body":
        text, paragraph.text = paragraph.text, ""
        paragraph.add_run(text[:20])
        dress(paragraph.add_run(text[20:30])._r.get_or_add_rPr(), "黑体", 15)
        paragraph.add_run(text[30:])


def _tables() -> bytes:
    document = Document()
    dressed_styles(document)
    for name in ("Table Grid", "Light Shading Accent 1", "Medium Grid 2"):
        table = document.add_table(rows=2, cols=3, style=name)
        for cell in (cell for row in table.rows for cell in row.cells):
            cell.text = "表格里的文字，共6格。"
            by_runs(document, cell.add_paragraph("格子里的第二段"), "cell")
        document.add_paragraph(after()[1].text)
    return saved(document)


def _chinese_theme() -> bytes:
    document = Document()
    languages = document.settings.element.find(qn("w:themeFontLang"))
    languages.set(qn("w:eastAsia"), "zh-CN")
    for block in (*before(), *after()):
        by_styles(document, document.add_paragraph(block.text), block.role)
    return saved(document)


def made() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each."""
    yield "runs", case(by_runs)
    yield "styles", case(by_styles, dressed_styles)
    yield "untouched", case(by_styles)
    yield "latin-only", case(latin_only)
    yield "half", case(half, dressed_styles)
    yield "tables", _tables()
    yield "chinese-theme", _chinese_theme()
