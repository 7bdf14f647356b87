"""Reformatting gives every text the wanted look, and touches nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from reading import looks_of, opened, parts, word_of
from word_builder import (
    W,
    docx,
    level,
    numbered,
    packed,
    paragraph,
    part,
    parts_of,
    relationship,
    run,
    style,
    styles,
    table,
    text_box,
)

from documents.look import Look
from documents.package import NoCopyError
from documents.reformatted import Setting, reformat
from documents.same_text import text_digest
from validators.reading.word_places import places_of

BODY = Look("仿宋", 16)
HEAD = Look("黑体", 16)
TITLE = Look("方正小标宋简体", 22, "center")
FONTS = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="宋体"/>'
THEME = '<w:rFonts w:asciiTheme="minorHAnsi" w:eastAsiaTheme="minorEastAsia" w:eastAsia="楷体"/>'
SMALL = '<w:sz w:val="21"/><w:szCs w:val="21"/>'
SHEET = styles(
    style("Normal", f"<w:rPr>{FONTS}{SMALL}</w:rPr>", default=True),
    style("heading 1", f'<w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr>{THEME}</w:rPr>', based_on="Normal"),
    style("header", '<w:rPr><w:sz w:val="18"/></w:rPr>', based_on="Normal"),
    style("toc 1", "", based_on="Normal"),
    style("Odd", f"<w:rPr>{FONTS}</w:rPr>", kind="character"),
    style("Blue", '<w:rPr><w:color w:val="0000FF"/></w:rPr>', kind="character"),
    style("Grid", f"<w:rPr>{FONTS}{SMALL}</w:rPr>", kind="table"),
)
LISTS = part(
    "numbering",
    f'<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、", f"<w:rPr>{FONTS}{SMALL}</w:rPr>")}'
    f"{level(1, 'bullet', 'x', '<w:rPr><w:rFonts w:ascii=&quot;Wingdings&quot;/></w:rPr>'.replace('&quot;', chr(34)))}"
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
)
EVERY_KIND = [
    paragraph("平常 plain “引号”"),
    paragraph(runs=run("直接", FONTS + SMALL) + run("主题", THEME) + run("粗", "<w:b/>" + FONTS)),
    paragraph("样式的", style="heading1"),
    paragraph(runs=run("字符样式", '<w:rStyle w:val="Odd"/>') + run("蓝", '<w:rStyle w:val="Blue"/>' + FONTS)),
    paragraph("编号的", properties=numbered(1) + f"<w:rPr>{FONTS}</w:rPr>"),
    paragraph(runs=f"<w:hyperlink w:anchor='x'>{run('链接', FONTS)}</w:hyperlink>"),
    paragraph(runs=f"<w:sdt><w:sdtContent>{run('控件', SMALL)}</w:sdtContent></w:sdt>"),
    paragraph(runs=f"<w:ins w:id='1'>{run('插入', FONTS)}</w:ins>"),
    paragraph(runs=run("留") + f"<w:del w:id='1'><w:r><w:rPr>{FONTS}</w:rPr><w:delText>删</w:delText></w:r></w:del>"),
    paragraph(runs=run("带框", FONTS) + text_box("框里")),
    table(("格", paragraph("里", style="heading1") + table(("套",)) + paragraph())).replace(
        "<w:tbl>", '<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/></w:tblPr>', 1
    ),
    f"<w:sdt><w:sdtContent>{paragraph('块控件', style='NoSuchStyle')}</w:sdtContent></w:sdt>",
    paragraph(),
    paragraph(properties=f"<w:rPr>{FONTS}</w:rPr>"),
    paragraph(runs="<w:r><w:tab/><w:t> 两边 </w:t><w:br/></w:r>"),
]


def everything(data: bytes, look: Look = BODY) -> list[Setting]:
    word, places = word_of(data), places_of(opened(data))
    return [
        Setting(place.position, look)
        for paragraph_, place in zip(word.paragraphs, places, strict=True)
        if paragraph_.visible.strip()
    ]


def reformatted(data: bytes, wanted: list[Setting] | None = None) -> bytes:
    return reformat(opened(data), everything(data) if wanted is None else wanted).data


def has_look(data: bytes, look: Look) -> None:
    for text, looks in looks_of(data):
        for found in looks:
            shown = (found.east_asian, found.latin, found.shared, found.size_pt)
            assert shown == (look.font, look.font, look.font, look.size_pt), text


def whole(*blocks: str) -> bytes:
    return docx("".join(blocks), extra={"styles": SHEET, "numbering": LISTS})


@pytest.mark.parametrize("block", EVERY_KIND)
def test_every_kind_of_text_gets_the_look(block):
    data = whole(paragraph("前"), block)
    copy = reformatted(data)
    has_look(copy, BODY)
    assert [p.visible for p in word_of(copy).paragraphs] == [p.visible for p in word_of(data).paragraphs]


@pytest.mark.parametrize("extra", [{}, {"numbering": LISTS}])
def test_without_styles_all_is_said_directly(extra):
    data = docx(paragraph("一") + table(("格",)), extra=extra)
    has_look(reformatted(data), BODY)


def test_styles_first_then_only_what_differs():
    data = whole(paragraph(runs=run("正文", FONTS + SMALL)), paragraph("正文二"), paragraph("标题", style="heading1"))
    wanted = everything(data)
    wanted[2] = Setting(wanted[2].position, HEAD)
    result = reformat(opened(data), wanted)
    assert result.styles == ("Normal", "heading 1")
    document = parts(result.data)["word/document.xml"].decode()
    assert "rFonts" not in document
    assert "w:sz" not in document
    sheet = etree.fromstring(parts(result.data)["word/styles.xml"])
    by_id = {each.get(f"{{{W}}}styleId"): etree.tostring(each).decode() for each in sheet.iter(f"{{{W}}}style")}
    assert 'w:eastAsia="仿宋"' in by_id["Normal"].encode().decode() or "&#20223;&#23435;" in by_id["Normal"]
    assert "Theme" not in by_id["heading1"]


def test_a_style_that_is_not_ours_to_change_keeps_its_look():
    header = part("hdr", paragraph("页眉", style="header") + paragraph("目录", style="toc1"))
    data = docx(paragraph("正文"), extra={"styles": SHEET, "header": header})
    copy = reformatted(data)
    sheet = etree.fromstring(parts(copy)["word/styles.xml"])
    for style_id, size in (("header", "18"), ("toc1", "21")):
        properties = sheet.find(f"w:style[@w:styleId='{style_id}']/w:rPr", {"w": W})
        assert properties.find(f"{{{W}}}rFonts").get(f"{{{W}}}eastAsia") == "宋体"
        assert properties.find(f"{{{W}}}sz").get(f"{{{W}}}val") == size


def test_bold_colour_pictures_and_links_stay():
    plain = parts_of(
        paragraph(runs=run("粗红", '<w:b/><w:color w:val="FF0000"/><w:u w:val="single"/>' + SMALL))
        + paragraph(runs=f'<w:hyperlink r:id="rId9">{run("链接", FONTS)}</w:hyperlink>'),
        extra={"styles": SHEET},
        links=(relationship("rId9", "hyperlink", "https://example.com", external=True),),
    )
    plain["word/media/a.png"] = b"\x89PNG" + bytes(range(256))
    data = packed(plain)
    after = parts(reformatted(data))
    assert {name for name, old in parts(data).items() if after[name] != old} == {"word/document.xml", "word/styles.xml"}
    for kept in (b"<w:b/>", b'w:val="FF0000"', b'<w:u w:val="single"/>', b'<w:hyperlink r:id="rId9">'):
        assert kept in after["word/document.xml"]


def test_signs_drawn_by_a_picture_font_stay_what_they_are():
    wingdings = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    data = whole(paragraph(runs=run("þ", wingdings) + run("\uf0fe", FONTS) + run("选项")))
    document = parts(reformatted(data))["word/document.xml"].decode()
    assert 'w:ascii="Wingdings"' in document
    assert 'w:ascii="Arial"' in document


def test_a_bullet_keeps_its_font_and_a_number_follows_its_paragraph():
    data = whole(paragraph("甲", properties=numbered(1)), paragraph("乙", properties=numbered(1, 1)))
    lists = parts(reformatted(data))["word/numbering.xml"].decode()
    assert "Wingdings" in lists
    assert "Arial" not in lists


def test_the_title_is_centred_without_its_indent():
    indented = '<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="left"/>'
    data = whole(paragraph("标题", properties=indented), paragraph("正文"), paragraph("正文"))
    wanted = everything(data)
    wanted[0] = Setting(wanted[0].position, TITLE)
    copy = reformatted(data, wanted)
    assert [p.alignment for p in word_of(copy).paragraphs] == ["center", "left", "left"]
    assert b'w:firstLineChars="0"' in parts(copy)["word/document.xml"]


@pytest.mark.parametrize(
    "runs",
    [
        run("（一）背景。正文接着说。", FONTS),
        run("（一）背景。", FONTS) + run("正文接着说。"),
        run("（一）背") + "<w:r><w:t xml:space='preserve'>景。正文</w:t><w:br/><w:t>接着说。</w:t></w:r>",
        f"<w:hyperlink w:anchor='x'>{run('（一）背景。正文接')}</w:hyperlink>" + run("着说。"),
        "<w:r><w:t> （一）背景。正文接着说。 </w:t></w:r>",
    ],
)
def test_a_heading_in_front_of_text_gets_its_own_look(runs):
    data = whole(paragraph(runs=runs), paragraph("正文"))
    wanted = everything(data)
    wanted[0] = Setting(wanted[0].position, BODY, head=HEAD)
    copy = reformatted(data, wanted)
    word, before = word_of(copy), word_of(data)
    assert word.paragraphs[0].text == before.paragraphs[0].text
    at = 0
    for each in word.paragraphs[0].runs:
        found = word.formats[each.format]
        assert found.east_asian == ("黑体" if at < word.paragraphs[0].text.index("。") + 1 else "仿宋")
        at += each.chars


def test_an_exact_line_height_does_not_cut_the_letters():
    data = whole(paragraph("挤", properties='<w:spacing w:line="240" w:lineRule="exact"/>'))
    assert b'w:lineRule="atLeast"' in parts(reformatted(data))["word/document.xml"]


def test_doing_it_twice_changes_nothing_more():
    once = reformatted(whole(*EVERY_KIND))
    assert parts(reformatted(once)) == parts(once)


def test_both_copies_of_a_text_box_change():
    data = whole(paragraph(runs=text_box("框里")))
    document = parts(reformatted(data, everything(data)))["word/document.xml"].decode()
    assert re.sub(r"[^框里]", "", document) == "框里框里"
    root = etree.fromstring(document.encode())
    boxes = [etree.tostring(each, method="c14n") for each in root.iter(f"{{{W}}}txbxContent")]
    assert boxes[0] == boxes[1]


def test_what_cannot_be_parsed_gives_no_copy():
    broken = {**parts_of(paragraph("文")), "word/styles.xml": "<w:styles>"}
    broken["word/_rels/document.xml.rels"] = str(broken["word/_rels/document.xml.rels"]).replace(
        "</Rel", relationship("rId5", "styles", "styles.xml") + "</Rel"
    )
    with pytest.raises(NoCopyError, match="没有自动排版版"):
        reformat(opened(packed(broken)), [Setting(0, BODY)])


def test_the_digest_sees_every_change_of_text():
    original = docx(paragraph("一二") + paragraph(runs="<w:r><w:tab/></w:r>"))
    same = docx(paragraph(runs=run("一", "<w:b/>") + run("二")) + paragraph(runs="<w:r><w:tab/></w:r>"))
    others = [
        docx(paragraph("一三") + paragraph(runs="<w:r><w:tab/></w:r>")),
        docx(paragraph("一") + paragraph("二") + paragraph(runs="<w:r><w:tab/></w:r>")),
        docx(paragraph("一二") + paragraph(runs="<w:r><w:br/></w:r>")),
        docx(paragraph("一二") + paragraph(runs="<w:r><w:br w:type='page'/></w:r>")),
        docx(paragraph("一二")),
    ]
    digests = [text_digest(etree.fromstring(parts(each)["word/document.xml"])) for each in (original, same, *others)]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 1 + len(others)


_BLOCKS = st.recursive(
    st.sampled_from(EVERY_KIND),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda blocks: table((paragraph() + "".join(blocks),))),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_BLOCKS, min_size=1, max_size=6))
def test_any_mixture_gets_the_look_and_keeps_its_text(blocks):
    data = whole(*blocks)
    copy = reformatted(data)
    has_look(copy, BODY)
    before, after = word_of(data), word_of(copy)
    assert [p.visible for p in before.paragraphs] == [p.visible for p in after.paragraphs]
    assert (before.words, before.pictures, before.tables) == (after.words, after.pictures, after.tables)
