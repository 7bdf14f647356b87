"""Automatic numbers as they are shown."""

from __future__ import annotations

import pytest
from reading_of import texts_of, word_of
from word_builder import docx, level, numbered, paragraph, part, style, styles

from validators.reading.word_numbering import written

CHINESE = (
    level(0, "chineseCountingThousand", "%1、") + level(1, "chineseCounting", "（%2）") + level(2, "decimal", "%3.")
)
NUMBERS = {
    "chineseCounting": {
        1: "一",
        10: "十",
        11: "十一",
        20: "二十",
        21: "二十一",
        100: "一百",
        101: "一百零一",
        110: "一百一十",
    },
    "chineseLegalSimplified": {1: "壹", 10: "壹拾", 12: "壹拾贰"},
    "ideographTraditional": {1: "甲", 10: "癸"},
    "ideographZodiac": {1: "子", 12: "亥"},
    "decimalEnclosedCircleChinese": {1: "①", 20: "⑳", 21: "21"},
    "decimalZero": {3: "03", 12: "12"},
    "lowerLetter": {1: "a", 26: "z", 27: "aa"},
    "upperLetter": {2: "B"},
    "lowerRoman": {4: "iv", 9: "ix", 14: "xiv", 40: "xl"},
    "upperRoman": {2023: "MMXXIII"},
    "none": {5: ""},
    "neverHeardOf": {7: "7"},
}


def _numbering(*lists, nums=""):
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{inner}</w:abstractNum>' for n, inner in enumerate(lists, 1)
    )
    plain = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(1, len(lists) + 1))
    return {"numbering": part("numbering", abstract + plain + nums)}


@pytest.mark.parametrize(
    ("name", "count", "shown"), [(n, c, s) for n, pairs in NUMBERS.items() for c, s in pairs.items()]
)
def test_number_formats(name, count, shown):
    assert written(count, name) == shown


def test_levels_restart_below_a_higher_one():
    depths = [0, 1, 1, 2, 0, 1]
    body = "".join(paragraph("题", properties=numbered(1, depth)) for depth in depths)
    shown = texts_of(docx(body, extra=_numbering(CHINESE)))
    assert shown == ["一、题", "（一）题", "（二）题", "1.题", "二、题", "（一）题"]


def test_a_level_that_never_restarts_goes_on():
    lists = level(0, "decimal", "%1.") + level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>')
    body = "".join(paragraph("题", properties=numbered(1, depth)) for depth in [0, 1, 0, 1])
    assert texts_of(docx(body, extra=_numbering(lists))) == ["1.题", "1)题", "2.题", "2)题"]


def test_two_numbers_of_one_list_continue_each_other_unless_one_starts_anew():
    more = (
        '<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="8"><w:abstractNumId w:val="1"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = "".join(paragraph("题", properties=numbered(number)) for number in [1, 7, 8, 8])
    assert texts_of(docx(body, extra=_numbering(CHINESE, nums=more))) == ["一、题", "二、题", "一、题", "二、题"]


def test_a_heading_style_carries_its_number():
    lists = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="heading1"/>') + level(
        1, "chineseCounting", "（%2）", '<w:pStyle w:val="heading2"/>'
    )
    sheet = styles(
        style("heading 1", f"<w:pPr>{numbered(1, None)}</w:pPr>"),
        style("heading 2", f"<w:pPr>{numbered(1, None)}</w:pPr>"),
    )
    body = (
        paragraph("概述", style="heading1")
        + paragraph("背景", style="heading2")
        + paragraph("无", style="heading2", properties=numbered(0))
    )
    assert texts_of(docx(body, extra={**_numbering(lists), "styles": sheet})) == ["一、概述", "（一）背景", "无"]


def test_whole_label_of_several_levels():
    lists = level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    body = paragraph("甲", properties=numbered(1, 0)) + paragraph("乙", properties=numbered(1, 1))
    assert texts_of(docx(body, extra=_numbering(lists))) == ["第一章甲", "1.1乙"]


def test_bullets_show_no_number():
    assert texts_of(docx(paragraph("项", properties=numbered(1)), extra=_numbering(level(0, "bullet", "•")))) == ["项"]


def test_a_list_through_a_linked_style():
    linked = '<w:abstractNum w:abstractNumId="9"><w:numStyleLink w:val="公文"/></w:abstractNum>'
    real = f'<w:abstractNum w:abstractNumId="3"><w:styleLink w:val="公文"/>{CHINESE}</w:abstractNum>'
    num = '<w:num w:numId="1"><w:abstractNumId w:val="9"/></w:num>'
    extra = {"numbering": part("numbering", linked + real + num)}
    assert texts_of(docx(paragraph("题", properties=numbered(1)), extra=extra)) == ["一、题"]


def test_automatic_numbers_are_not_counted_as_words():
    assert word_of(docx(paragraph("题", properties=numbered(1)), extra=_numbering(CHINESE))).words.total.high == 1
