"""What a text is decides its look, and what is said is what changes."""

from __future__ import annotations

import io

import pytest
from word_builder import docx, numbered, paragraph, part, run, style, styles, table, text_box

from bot.typesetting import Demands, plan_of
from documents.look import Look
from documents.reformatted import Setting, reformat
from domain.demands import FontDemand
from validators.reading.kind import sniff
from validators.reading.word import read_word
from validators.reading.word_places import places_of

TITLE = FontDemand("方正小标宋简体", "二号", 22, "center", "2.1", "主标题")
HEADING = FontDemand("黑体", "三号", 16, None, "2.1", "正文标题")
BODY = FontDemand("仿宋", "三号", 16, None, "2.1", "其他文字")
DEMANDS = Demands(TITLE, HEADING, BODY)
LOOKS = {each: Look(each.font, each.size_pt, each.alignment) for each in (TITLE, HEADING, BODY)}
CENTRED = '<w:jc w:val="center"/>'


def font(name: str, half_points: int, latin: str = "") -> str:
    slots = f'w:ascii="{latin or name}" w:hAnsi="{latin or name}" w:eastAsia="{name}"'
    return f'<w:rFonts {slots}/><w:sz w:val="{half_points}"/>'


def said(text: str, name: str, half_points: int, *, properties: str = "", latin: str = "") -> str:
    return paragraph(properties=properties, runs=run(text, font(name, half_points, latin)))


LONG = "这是正文，说的是案例怎样实施，写得足够长，长到不会被当成标题或者落款，这样才算是正文的一段。"
GOOD = [
    said("云端课堂", "方正小标宋简体", 44, properties=CENTRED),
    said("一、案例概述", "黑体", 32),
    said(LONG, "仿宋", 32),
]


def plan(data: bytes):
    package = sniff(io.BytesIO(data), "a.docx").package
    return plan_of(read_word(package, lambda _stage: None), places_of(package), DEMANDS)


def again(data: bytes):
    """The plan for the copy that the plan makes."""
    package = sniff(io.BytesIO(data), "a.docx").package
    return plan(reformat(package, plan(data).settings).data)


def test_title_heading_and_text_get_their_looks():
    data = docx(paragraph("云端课堂", properties=CENTRED) + paragraph("一、案例概述") + paragraph(LONG))
    found = plan(data)
    assert found.settings == (
        Setting(0, LOOKS[TITLE]),
        Setting(1, LOOKS[HEADING]),
        Setting(2, LOOKS[BODY]),
    )
    assert found.changes == (
        "主标题 1 段：方正小标宋简体 二号，居中",
        "正文标题 1 段：黑体 三号",
        "其他文字 1 段：仿宋 三号",
    )


def test_a_good_text_needs_nothing():
    assert plan(docx("".join(GOOD))).changes == ()


def test_letters_alone_are_told_apart():
    found = plan(docx("".join([*GOOD, said(LONG + "abc 123", "仿宋", 32, latin="Times New Roman")])))
    assert found.changes == ("另有 1 段里的字母、数字和引号等也统一成同一字体",)


def test_a_heading_in_front_of_text_is_set_apart():
    found = plan(docx("".join(GOOD) + paragraph("（一）实施背景。" + LONG)))
    assert found.settings[-1] == Setting(3, LOOKS[BODY], LOOKS[HEADING])


@pytest.mark.parametrize("look", [("仿宋", 32), ("黑体", 32), ("方正小标宋简体", 44), ("黑体", 44)])
def test_a_table_in_any_of_the_looks_stays(look):
    cell = said("格", *look)
    found = plan(docx("".join(GOOD) + table((cell,)) + GOOD[2]))
    assert [setting.position for setting in found.settings] == [0, 1, 2, 4]


def test_a_table_in_another_look_is_set_as_text():
    found = plan(docx("".join(GOOD) + table((said("格", "宋体", 21),)) + GOOD[2]))
    assert found.changes == ("表格文字 1 段：仿宋 三号",)


def test_notes_and_the_table_of_contents_are_not_touched():
    notes = part("footnotes", f"<w:footnote w:id='2'>{paragraph('注')}</w:footnote>")
    reference = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    contents = paragraph(style="toc1", runs=run("一、案例概述\t3", font("宋体", 21)))
    data = docx(
        GOOD[0] + contents + GOOD[1] + paragraph(runs=run(LONG, font("仿宋", 32)) + reference),
        extra={"footnotes": notes, "styles": styles(style("toc 1"))},
    )
    assert plan(data).changes == ()


@pytest.mark.parametrize(
    "body",
    [
        paragraph("题目") + paragraph("一、概述") + paragraph(LONG),
        paragraph("题目", properties=CENTRED) + paragraph("学校　姓名", properties=CENTRED) + paragraph(LONG),
        paragraph("题目") + table(("案例名称", "题目"), ("单位", "学校")) + paragraph("（一）背景。" + LONG),
        paragraph("题目") + paragraph("1. 小标题") + paragraph(runs=run(LONG) + text_box("框")) + paragraph("图1 说明"),
        paragraph("题目") + paragraph("概述", properties=numbered(1)) + paragraph(runs=run("粗标题", "<w:b/>")) * 2,
    ],
)
def test_the_copy_needs_nothing_more(body):
    data = docx(body)
    assert plan(data).changes
    assert again(data).changes == ()
