"""Word files to measure with: a case as Word saves it, with styles, direct formatting, pictures and a table."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

SENTENCES = (
    "学校利用平台开展教学应用，教师按照数据调整课堂安排，学生在空间里完成作业并互相评价。",
    "从2022年9月起，项目组每两周碰一次头——先看数据，再议做法，及格率提高到93%。",
    "与其求全，不如先把一件小事做透：“少一点形式、多一点实效”，这是大家的共识。",
)
HEADINGS = (
    *("一、案例概述", "二、案例实施与成效", "（一）实施背景", "（二）实施方案", "（三）实施效果"),
    "三、案例特点与创新",
)
INFO = (("案例名称", "云端备课"), ("实施单位", "某中学"), ("实施时间", "一年"), ("关键词", "平台"), ("相关网址", "无"))
PAGE = 12  # paragraphs of about 42 字 in 三号 fill a page


def case(paragraphs: int, pictures: int = 0) -> bytes:
    """A case of so many paragraphs of 42 字, each of three runs with fonts of their own, and so many pictures."""
    document = Document()
    _dress(document.add_paragraph().add_run("云端备课"), "方正小标宋简体", 22)
    _add_table(document, INFO)
    share = max(1, paragraphs // len(HEADINGS))
    for heading in HEADINGS:
        _dress(document.add_paragraph().add_run(heading), "黑体", 16)
        for number in range(share):
            _add_text(document, SENTENCES[number % len(SENTENCES)])
    for number in range(pictures):
        document.add_picture(io.BytesIO(png(number)), width=Cm(10))
    return saved(document)


def sheet(rows: int, columns: int) -> bytes:
    """One table whose cells hold a sentence's start, below a title, a heading and a sentence."""
    document = _begun()
    _add_table(document, [[SENTENCES[(row + column) % 3][:12] for column in range(columns)] for row in range(rows)])
    return saved(document)


def lines(rows: int, columns: int) -> bytes:
    """The same text as `sheet`, as paragraphs: below the same beginning, so that they count as text, not as a cover."""
    document = _begun()
    for row in range(rows):
        for column in range(columns):
            document.add_paragraph(SENTENCES[(row + column) % 3][:12])
    return saved(document)


def _begun() -> Any:
    document = Document()
    _dress(document.add_paragraph().add_run("云端备课"), "方正小标宋简体", 22)
    _dress(document.add_paragraph().add_run(HEADINGS[0]), "黑体", 16)
    _add_text(document, SENTENCES[0])
    return document


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def png(seed: int, side: int = 600) -> bytes:
    """A picture that does not compress to nothing."""
    noise = bytes((x * y * (seed + 3)) % 251 for y in range(side) for x in range(side * 3))
    rows = b"".join(b"\0" + noise[row * side * 3 : (row + 1) * side * 3] for row in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _add_text(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    for start, end in ((0, 14), (14, 30), (30, None)):
        _dress(paragraph.add_run(text[start:end]), "仿宋", 16)


def _add_table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    # Rows are copied: python-docx needs minutes to add thousands.
    document.add_table(rows=1, cols=len(rows[0]))
    body = document.element.body.tbl_lst[-1]
    first = body.tr_lst[0]
    for row in rows:
        made = deepcopy(first)
        for cell, text in zip(made.tc_lst, row, strict=True):
            cell.p_lst[0].add_r().text = text
        body.append(made)
    body.remove(first)


def _dress(run: Any, font: str, points: int) -> None:
    run.font.name, run.font.size = "Times New Roman", Pt(points)
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
