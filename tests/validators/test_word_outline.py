"""Titles and headings as a reader of the page would see them."""

from __future__ import annotations

import pytest
from reading_of import word_of
from word_builder import docx, paragraph, run, style, styles, table, text_box

from validators.facts import Evidence

CENTRED = '<w:jc w:val="center"/>'
BODY = paragraph("从前的家访靠两条腿，现在的家访多了一块屏，但敲门的手依旧要热。")
TITLES = {
    "first line": (paragraph("云端课堂", properties=CENTRED) + BODY, "云端课堂"),
    "after an attachment number": (paragraph("附件2：") + paragraph("云端课堂") + BODY, "云端课堂"),
    "after a label": (paragraph("案例类别：B1") + paragraph("云端课堂") + BODY, "云端课堂"),
    "two centred lines": (
        paragraph("云端课堂", properties=CENTRED) + paragraph("点亮山村", properties=CENTRED) + BODY,
        "云端课堂点亮山村",
    ),
    "author below": (
        paragraph("云端课堂", properties=CENTRED) + paragraph("某某县实验小学", properties=CENTRED) + BODY,
        "云端课堂",
    ),
    "after the table": (
        paragraph("案例基本信息") + table(("案例名称", "云端课堂")) + paragraph("云端课堂") + BODY,
        "云端课堂",
    ),
    "with a colon": (paragraph("从听见到看见：语音分析的应用") + BODY, "从听见到看见：语音分析的应用"),
    "section first": (paragraph("一、案例概述") + BODY, ""),
    "in a text box": (paragraph(runs=text_box("云端课堂")) + paragraph("一、案例概述") + BODY, "云端课堂"),
    "in a table of one cell": (table(("云端课堂",)) + paragraph("一、案例概述") + BODY, "云端课堂"),
    "not in the cell of a form": (table(("云端课堂", "一")) + paragraph("一、案例概述") + BODY, ""),
    "with its subtitle in one paragraph": (paragraph("云端课堂\n——以某校为例") + BODY, "云端课堂"),
    "the name of a form is none": (paragraph("案例名称：云端课堂") + paragraph("一、案例概述") + BODY, ""),
    "only body text": (BODY, ""),
    "nothing": (paragraph(), ""),
}
HEADINGS = {
    "numbered": ("一、案例概述", 1, Evidence.NUMBER),
    "in brackets": ("（二）实施方案", 2, Evidence.NUMBER),
    "in half-width brackets": ("(一)实施背景", 2, Evidence.NUMBER),
    "arabic": ("1．前期准备", 3, Evidence.NUMBER),
    "part": ("第一部分 案例概述", 1, Evidence.NUMBER),
    "mixed with its text": (
        "（一）实施背景。学校地处山区，班额偏大，教师人数不足，前期做过一些尝试，也积累了经验，还有不少困难需要解决。",
        2,
        Evidence.NUMBER,
    ),
    "sentence with a number": ("1. 我们用两周时间跟踪了五位教师的一天。", 0, Evidence.NONE),
    "decimal number": ("3.5 万名学生参加了活动", 0, Evidence.NONE),
    "plain": ("这是普通的一段话", 0, Evidence.NONE),
}


@pytest.mark.parametrize(("body", "title"), TITLES.values(), ids=TITLES)
def test_title(body, title):
    assert word_of(docx(body)).title.text == title


def test_subtitle_is_neither_title_nor_heading():
    bold = run("——我和班级的故事", "<w:b/>")
    word = word_of(docx(paragraph("云端课堂") + paragraph(runs=bold) + BODY))
    assert (word.title.text, word.title.subtitle) == ("云端课堂", "——我和班级的故事")
    assert word.headings == ()


@pytest.mark.parametrize(("text", "level", "evidence"), HEADINGS.values(), ids=HEADINGS)
def test_heading_by_its_text(text, level, evidence):
    found = word_of(docx(paragraph("标题") + BODY + paragraph(text))).paragraphs[2]
    assert (found.level, found.evidence) == (level, evidence)


def test_heading_by_style_through_the_chain():
    sheet = styles(style("heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'), style("Mine", based_on="heading1"))
    word = word_of(docx(paragraph("标题") + BODY + paragraph("做法", style="Mine"), extra={"styles": sheet}))
    assert [(p.level, p.evidence) for p in word.headings] == [(1, Evidence.STYLE)]


def test_heading_by_bold():
    word = word_of(
        docx(
            paragraph("标题") + BODY + paragraph(runs=run("做法", "<w:b/>")) + paragraph(runs=run("图1 课堂", "<w:b/>"))
        )
    )
    assert [p.text for p in word.headings] == ["做法"]


def test_a_heading_that_only_stands_out_from_the_running_text():
    long = paragraph("字" * 60 + "。")
    other = "<w:rFonts w:eastAsia='黑体'/>"
    lines = {
        run("夜里的萤火虫", other): 1,
        run("夜里的萤火虫", "<w:sz w:val='36'/>"): 1,
        run("夜里的萤火虫"): 0,
        run("这是一句话。", other): 0,
        run("图1 课堂", other): 0,
        run("案例基本信息", other): 0,
        run("夜里的", other) + run("萤火虫"): 0,
        run("“这是一句话。”", other): 0,
        run("（四）" + "构建区域智慧教育融合应用新生态" * 3, other): 2,
        run("（四）" + "构建区域智慧教育融合应用新生态" * 3): 0,
        run("一、夜里的萤火虫\t12", other): 0,
        run("二、屏幕那头………………3", other): 0,
    }
    looks = style("Normal", "<w:rPr><w:rFonts w:eastAsia='仿宋'/><w:sz w:val='32'/></w:rPr>", default=True)
    body = paragraph("标题") + long + "".join(paragraph(runs=runs) for runs in lines)
    word = word_of(docx(body, extra={"styles": styles(looks)}))
    assert [paragraph.level for paragraph in word.paragraphs[2:]] == list(lines.values())


def test_an_author_before_the_text_is_no_heading():
    kai = "<w:rFonts w:eastAsia='楷体'/>"
    long = paragraph(runs=run("字" * 60 + "。", "<w:rFonts w:eastAsia='仿宋'/>"))
    word = word_of(docx(paragraph("标题") + paragraph(runs=run("某某县实验小学", kai)) + long))
    assert word.headings == ()


def test_a_table_of_one_cell_around_the_text_is_only_a_frame():
    inside = paragraph("一、案例概述") + paragraph("字" * 500 + "。")
    word = word_of(docx(paragraph("标题") + table((inside,))))
    assert [p.text for p in word.headings] == ["一、案例概述"]
    assert word.words.tables.high == 0


def test_contents_lines_and_cells_are_no_headings():
    sheet = styles(style("toc 1"))
    body = paragraph("标题") + paragraph("一、案例概述\t1", style="toc1") + table(("一、案例概述",)) + BODY
    assert word_of(docx(body, extra={"styles": sheet})).headings == ()
