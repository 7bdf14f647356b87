"""Text that a broken file holds where it has no place: never dropped without a word."""

from __future__ import annotations

import pytest
from reading_of import facts_of, word_of
from word_builder import docx, packed, paragraph, part, parts_of, run, table, text_box

from validators.facts import Trouble

NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:t>没有文字段</w:t></w:p>",
        f"<w:p><w:pPr>{run('属性里')}</w:pPr></w:p>",
        f"<w:r><w:r>{run('两层')}</w:r></w:r>",
        f"<w:tbl><w:tr>{paragraph('没有格子')}</w:tr></w:tbl>",
        f"<w:p><w:r><w:t>文字里{run('又有一段')}</w:t></w:r></w:p>",
        paragraph(runs=FIELD.format("begin") + run("代码的位置") + FIELD.format("end")),
        f"<w:p><w:pPr>{NOTE}</w:pPr></w:p>",
        f"<w:p><w:r>{NOTE}</w:r></w:p>",
        "<w:p><w:footnoteReference w:id='2'/></w:p>",
    ],
)
def test_text_out_of_place_is_said(body):
    assert word_of(docx(paragraph("正文") + body)).unread == ("放错位置的文字",)


@pytest.mark.parametrize(
    "body",
    [
        paragraph(runs=run("看不见", "<w:vanish/>") + text_box("框里")),
        "<w:p><w:del w:id='1'><w:r><w:t>删去</w:t></w:r></w:del></w:p>",
        table(("格", "又一格")).replace("<w:tr>", "<w:tr><w:trPr><w:del w:id='3'/></w:trPr>", 1),
        paragraph(runs=f"<w:r><w:rPr><w:vanish/></w:rPr>{text_box('框里')[5:]}"),
        paragraph(runs=f"<w:del w:id='4'>{NOTE}</w:del>"),
        paragraph(runs=NOTE.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")),
    ],
)
def test_what_word_does_not_show_is_not_astray(body):
    assert word_of(docx(paragraph("正文") + body)).unread == ()


def test_a_note_whose_text_is_gone_is_said():
    empty = part("footnotes", "")
    assert word_of(docx(paragraph(runs=run("正文") + NOTE), extra={"footnotes": empty})).unread == ("找不到内容的脚注",)
    assert word_of(docx(paragraph(runs=run("正文") + NOTE))).unread == ("找不到内容的脚注",)


def test_a_package_that_lost_bytes_in_the_middle_is_damaged():
    data = packed(parts_of("".join(paragraph(f"第{number}段") for number in range(300))))
    for start in range(0, 1000, 97):
        assert facts_of(data[:start] + data[start + 900 :]).trouble_kind in (Trouble.DAMAGED, Trouble.OTHER_KIND)
