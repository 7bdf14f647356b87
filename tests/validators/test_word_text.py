"""What of a Word file is text, in each of its containers."""

from __future__ import annotations

import pytest
from docx import Document
from reading_of import texts_of, word_of
from word_builder import docx, drawing, paragraph, part, picture, run, style, styles, table, text_box

from validators.facts import Span

BEGIN, SEPARATE, END = (f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "separate", "end"))
INLINE = {
    "content control": (f"<w:sdt><w:sdtContent>{run('文字')}</w:sdtContent></w:sdt>", "文字"),
    "inserted": (f"<w:ins w:id='1'>{run('新增')}</w:ins>", "新增"),
    "moved here": (f"<w:moveTo w:id='1'>{run('移来')}</w:moveTo>", "移来"),
    "moved away": (f"<w:moveFrom w:id='1'>{run('移走')}</w:moveFrom>", ""),
    "deleted": ("<w:del w:id='1'><w:r><w:delText>旧的</w:delText></w:r></w:del>", ""),
    "deleted with plain text": (f"<w:del w:id='1'>{run('旧的')}</w:del>", ""),
    "hyperlink": (f"<w:hyperlink r:id='rId9'>{run('链接')}</w:hyperlink>", "链接"),
    "smart tag": (f"<w:smartTag>{run('州')}</w:smartTag>", "州"),
    "ruby": (
        "<w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        "拼",
    ),
    "simple field": (f"<w:fldSimple w:instr='DATE'>{run('五月')}</w:fldSimple>", "五月"),
    "field": (f"{BEGIN}<w:r><w:instrText>PAGE</w:instrText></w:r>{SEPARATE}{run('七')}{END}", "七"),
    "field in the code of a field": (
        f"{BEGIN}{run('代码')}{BEGIN}{SEPARATE}{run('内')}{END}{SEPARATE}{run('外')}{END}",
        "外",
    ),
    "hidden": (run("藏", "<w:vanish/>"), ""),
    "not hidden": (run("显", "<w:vanish w:val='0'/>"), "显"),
    "text box": (text_box("框里"), "框里"),
    "symbol": ("<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>", "\uf0fe"),
    "equation": ("<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>", ""),
    "ends trimmed": ("<w:r><w:t> 前后 </w:t></w:r>", "前后"),
    "ends kept": ("<w:r><w:t xml:space='preserve'>前 </w:t></w:r>", "前 "),
    "no-break hyphen": ("<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t></w:r>", "A-B"),
}


@pytest.mark.parametrize(("inner", "wanted"), INLINE.values(), ids=INLINE)
def test_text_in_a_paragraph(inner, wanted):
    assert "".join(texts_of(docx(paragraph(runs=inner)))) == wanted


def test_text_in_blocks_keeps_document_order():
    nested = table(("外格", table(("内格",)) + paragraph("格尾")))
    body = (
        paragraph("首") + nested + f"<w:sdt><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>" + paragraph("尾")
    )
    assert texts_of(docx(body)) == ["首", "外格", "内格", "格尾", "控件", "尾"]


def test_tables_know_rows_columns_and_merged_cells():
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>宽</w:t></w:r></w:p></w:tc>'
    body = f"<w:tbl><w:tr>{wide}<w:tc>{paragraph('末')}</w:tc></w:tr></w:tbl>"
    word = word_of(docx(body))
    assert (word.tables[0].rows, word.tables[0].columns) == (1, 3)
    assert [(p.text, p.cell.column) for p in word.paragraphs if p.cell] == [("宽", 0), ("末", 2)]


def test_deleted_table_rows_are_gone():
    gone = f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc>{paragraph('旧')}</w:tc></w:tr>"
    assert texts_of(docx(f"<w:tbl>{gone}<w:tr><w:tc>{paragraph('新')}</w:tc></w:tr></w:tbl>")) == ["新"]


def test_words_are_split_by_where_they_stand():
    notes = part(
        "footnotes",
        f"<w:footnote w:id='2'>{paragraph('注三字')}</w:footnote>"
        f"<w:footnote w:id='5'>{paragraph('未引用')}</w:footnote>",
    )
    body = (
        paragraph(runs=run("正文") + "<w:r><w:footnoteReference w:id='2'/></w:r>")
        + table(("表",))
        + paragraph(runs=text_box("框内字"))
    )
    words = word_of(docx(body, extra={"footnotes": notes})).words
    assert words.body == Span(2, 2)
    assert words.tables == Span(1, 1)
    assert words.text_boxes == Span(3, 3)
    assert words.notes == Span(3, 3)
    assert words.total == Span(9, 9)


def test_headers_and_comments_do_not_count():
    extra = {
        "header": part("hdr", paragraph("页眉")),
        "comments": part("comments", f"<w:comment w:id='1'>{paragraph('批注')}</w:comment>"),
    }
    word = word_of(docx(paragraph("正文"), extra=extra))
    assert word.words.total == Span(2, 2)
    assert word.comments == 1


def test_an_unclosed_field_does_not_swallow_the_rest():
    body = paragraph(runs="<w:r><w:fldChar w:fldCharType='begin'/></w:r>" + run("代码")) + paragraph("还在")
    assert texts_of(docx(body)) == ["还在"]


def test_hidden_by_style_flips_back_by_character_style():
    sheet = styles(
        style("Secret", "<w:rPr><w:vanish/></w:rPr>"), style("Seen", "<w:rPr><w:vanish/></w:rPr>", kind="character")
    )
    body = paragraph(style="Secret", runs=run("藏") + run("显", '<w:rStyle w:val="Seen"/>'))
    assert texts_of(docx(body, extra={"styles": sheet})) == ["显"]


def test_tracked_changes_are_counted():
    body = paragraph(
        runs=f"<w:ins w:id='1'>{run('新')}</w:ins><w:del w:id='2'><w:r><w:delText>旧</w:delText></w:r></w:del>"
    )
    assert word_of(docx(body)).tracked_changes == 2


def test_text_embedded_from_another_file_is_told():
    assert word_of(docx(paragraph("正文") + '<w:altChunk r:id="rId9"/>')).unread == ("嵌入的其他文件内容",)


def test_long_texts_are_shortened_but_counted_in_full():
    word = word_of(docx(paragraph("长" * 5000)))
    assert word.shortened
    assert len(word.paragraphs[0].text) < 5000
    assert word.words.total == Span(5000, 5000)


def test_alignment_comes_through_the_style_chain():
    sheet = styles(
        style("Base", '<w:pPr><w:jc w:val="center"/></w:pPr>'),
        style("Child", based_on="Base"),
        style("Left", '<w:pPr><w:jc w:val="start"/></w:pPr>', based_on="Base"),
    )
    body = (
        paragraph("一", style="Child")
        + paragraph("二", style="Left")
        + paragraph("三", properties='<w:jc w:val="distribute"/>')
    )
    assert [p.alignment for p in word_of(docx(body, extra={"styles": sheet})).paragraphs] == [
        "center",
        "left",
        "distribute",
    ]


def test_a_style_based_on_itself_ends():
    sheet = styles(style("A", based_on="B"), style("B", based_on="A"))
    assert texts_of(docx(paragraph("字", style="A"), extra={"styles": sheet})) == ["字"]


def test_a_file_of_another_program_reads_alike(tmp_path):
    made = Document()
    made.add_heading("云端课堂的故事", 0)
    made.add_heading("一、案例概述", 1)
    made.add_paragraph("正文十个字加标点。")
    made.add_table(1, 2).cell(0, 1).text = "格"
    made.save(tmp_path / "a.docx")
    word = word_of((tmp_path / "a.docx").read_bytes())
    assert word.title.text == "云端课堂的故事"
    assert [(p.level, p.visible) for p in word.headings] == [(1, "一、案例概述")]
    assert word.words.total == Span(23, 23)


def test_pictures_in_hidden_text_are_not_drawn():
    hidden = drawing(picture()).replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>", 1)
    assert word_of(docx(paragraph(runs=hidden))).pictures.drawn == 0
