"""Word files for the flow tests, made with python-docx."""

from __future__ import annotations

import io

from docx import Document

SENTENCE = "学校利用平台开展教学应用，教师按照数据调整课堂安排，学生在空间里完成作业并互相评价。"


def case_document(words: int, title: str = "智慧课堂案例") -> bytes:
    """A case with the template's table and sections and about `words` 字."""
    document = Document()
    document.add_paragraph(title)
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
        document.add_paragraph(heading)
        if not heading.startswith("二、"):
            for _ in range(share):
                document.add_paragraph(SENTENCE)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
