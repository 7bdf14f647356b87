"""Comments can be put at every paragraph, and nothing else changes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from word_builder import (
    W,
    docx,
    packed,
    paragraph,
    part,
    parts_of,
    relationship,
    run,
    table,
    text_box,
)

from documents.annotated import MOST_COMMENTS, Author, Note, annotate
from documents.package import NoCopyError
from validators.reading.kind import sniff
from validators.reading.word import walk_word
from validators.reading.word_places import places_of

AUTHOR = Author("案例管家", datetime(2023, 5, 6, 9, 12, tzinfo=UTC))
MARKS = re.compile(
    rb"<w:commentRangeStart[^>]*/>|<w:commentRangeEnd[^>]*/><w:r[^>]*><w:rPr>.*?</w:rPr><w:commentReference[^>]*/></w:r>"
)
LINK = "<w:hyperlink w:anchor='x'>{}</w:hyperlink>"
EVERY_KIND = [
    paragraph("平常的段落"),
    paragraph(),
    "<w:p></w:p>",
    "<w:p />",
    paragraph(properties="<w:jc w:val='center'/><w:rPr><w:b/></w:rPr>", runs=run("有属性")),
    "<w:p><w:pPr/></w:p>",
    paragraph(runs=LINK.format(run("链接"))),
    paragraph(runs=f"<w:sdt><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"),
    paragraph(runs=f"<w:ins w:id='1'>{run('插入')}</w:ins>"),
    paragraph(runs="<w:del w:id='1'><w:r><w:delText>删除</w:delText></w:r></w:del>"),
    paragraph(runs=run("带框") + text_box("框里")),
    table(("格", paragraph("里") + table(("套", "")) + paragraph())),
    f"<w:sdt><w:sdtContent>{paragraph('块控件')}</w:sdtContent></w:sdt>",
    paragraph("a > b & c 'd' \"e\""),
    "<w:p w:rsidR='1>2'><w:r><w:t>怪属性</w:t></w:r></w:p>",
]
COMMENTS = part("comments", f"<w:comment w:id='7' w:author='别人'>{paragraph('原有')}</w:comment>")


def opened(data: bytes):
    return sniff(io.BytesIO(data), "a.docx").package


def annotated(data: bytes, notes: list[Note], author: Author = AUTHOR) -> bytes:
    package = opened(data)
    return annotate(package, [place.anchor for place in places_of(package)], notes, author)


def on_every_paragraph(data: bytes) -> list[Note]:
    count = len(walk_word(opened(data)).walker.paragraphs)
    return [Note(number, f"第 {number} 段") for number in range(count + 1)]


def parts(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


def comments_of(data: bytes) -> list[str]:
    root = etree.fromstring(parts(data)["word/comments.xml"])
    return ["\n".join("".join(p.itertext()) for p in comment) for comment in root]


@pytest.mark.parametrize("body", EVERY_KIND)
def test_every_paragraph_takes_a_comment(body):
    data = docx(paragraph("前") + body + paragraph("后"))
    notes = on_every_paragraph(data)
    copy = annotated(data, notes)
    assert comments_of(copy) == [note.text for note in notes]
    root = etree.fromstring(parts(copy)["word/document.xml"])
    for mark in ("commentRangeStart", "commentRangeEnd"):
        found = list(root.iter(f"{{{W}}}{mark}"))
        assert len(found) == len(notes)
        assert all(each.getparent().tag == f"{{{W}}}p" for each in found)
    assert [p.text for p in Document(io.BytesIO(data)).paragraphs] == [
        p.text for p in Document(io.BytesIO(copy)).paragraphs
    ]


def test_comments_hang_on_the_paragraphs_they_are_about():
    data = docx("".join(EVERY_KIND))
    copy = annotated(data, on_every_paragraph(data))
    root = etree.fromstring(parts(copy)["word/document.xml"])
    texts = [draft.text for draft in walk_word(opened(data)).walker.paragraphs]
    for number, text in enumerate(texts, start=1):
        start = next(e for e in root.iter(f"{{{W}}}commentRangeStart") if e.get(f"{{{W}}}id") == str(number))
        shown = "".join(t.text or "" for t in start.getparent().iter(f"{{{W}}}t"))
        assert text in shown


def test_without_the_marks_the_original_is_back_and_no_other_part_has_changed():
    body = "".join(each for each in EVERY_KIND if not each.endswith(("<w:p />", "</w:p/>")))
    before = parts_of(body, extra={"styles": part("styles", ""), "header": part("hdr", paragraph("页眉"))})
    before["word/media/a.png"] = b"\x89PNG" + bytes(range(256))
    before["word/document.xml"] = str(before["word/document.xml"]).replace("?>", "?><!-- 注 -->\r\n<?x y?>", 1)
    data = packed(before)
    after = parts(annotated(data, on_every_paragraph(data)))
    touched = {"[Content_Types].xml", "word/_rels/document.xml.rels", "word/document.xml"}
    assert set(after) - set(before) == {"word/comments.xml"}
    original = parts(data)
    assert {name for name in before if original[name] != after[name]} == touched
    assert MARKS.sub(b"", after["word/document.xml"]) == original["word/document.xml"]


def test_existing_comments_stay_and_numbers_go_on():
    mark = "<w:commentRangeStart w:id='7'/><w:r><w:commentReference w:id='7'/></w:r><w:commentRangeEnd w:id='11'/>"
    data = docx(paragraph(runs=mark + run("文")), extra={"comments": COMMENTS})
    copy = parts(annotated(data, [Note(1, "新的")]))
    root = etree.fromstring(copy["word/comments.xml"])
    assert [comment.get(f"{{{W}}}id") for comment in root] == ["7", "12"]
    assert copy["word/comments.xml"].startswith(parts(data)["word/comments.xml"].removesuffix(b"</w:comments>"))
    assert copy["[Content_Types].xml"] == parts(data)["[Content_Types].xml"]


def test_a_relationship_to_a_missing_part_gets_its_part():
    data = docx(paragraph("文"), links=(relationship("rId5", "comments", "comments9.xml"),))
    copy = annotated(data, [Note(1, "新的")])
    assert "word/comments9.xml" in parts(copy)
    assert parts(copy)["word/_rels/document.xml.rels"] == parts(data)["word/_rels/document.xml.rels"]
    assert [comment.text for comment in Document(io.BytesIO(copy)).comments] == ["新的"]


def test_python_docx_reads_who_said_what_and_when():
    comments = list(Document(io.BytesIO(annotated(docx(paragraph("文")), [Note(1, "一\n二 <&> \x00")]))).comments)
    assert [(each.author, each.text, each.timestamp.hour) for each in comments] == [("案例管家", "一\n二 <&> ", 9)]


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_other_encodings_are_taken(encoding):
    parts_before = parts_of(paragraph("汉字"))
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = str(parts_before["word/document.xml"]).replace("UTF-8", declared)
    parts_before["word/document.xml"] = text.encode(encoding)
    copy = annotated(packed(parts_before), [Note(1, "看这里")])
    assert [p.text for p in Document(io.BytesIO(copy)).paragraphs] == ["汉字"]
    assert comments_of(copy) == ["看这里"]


@pytest.mark.parametrize(("prefix", "declared"), [("q:", f'xmlns:q="{W}"'), ("", f'xmlns="{W}"')])
def test_another_prefix_and_none_are_taken(prefix, declared):
    text = "<_p/><_p><_r><_t>文</_t></_r></_p>".replace("_", prefix)
    body = f"<{prefix}document {declared}><{prefix}body>{text}</{prefix}body></{prefix}document>"
    copy = annotated(packed({**parts_of(""), "word/document.xml": body}), [Note(1, "一"), Note(2, "二")])
    assert [comment.text for comment in Document(io.BytesIO(copy)).comments] == ["一", "二"]


def test_too_many_and_too_long_are_cut():
    data = docx(paragraph("文") * 400)
    copy = annotated(data, [Note(number, "很长" * 200) for number in range(1, 400)])
    assert len(comments_of(copy)) == MOST_COMMENTS
    assert {len(text) for text in comments_of(copy)} == {200}


def test_without_a_paragraph_there_is_no_copy():
    with pytest.raises(NoCopyError, match="没有可以加批注的段落"):
        annotated(docx(""), [Note(0, "看")])


def test_the_same_file_gives_the_same_bytes():
    data = docx("".join(EVERY_KIND))
    assert annotated(data, on_every_paragraph(data)) == annotated(data, on_every_paragraph(data))


_BLOCKS = st.recursive(
    st.sampled_from(EVERY_KIND),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda blocks: table((paragraph() + "".join(blocks),))),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_BLOCKS, min_size=1, max_size=6))
def test_any_mixture_keeps_its_text_and_takes_all_comments(blocks):
    data = docx("".join(blocks))
    notes = on_every_paragraph(data)
    copy = annotated(data, notes)
    assert comments_of(copy) == [note.text for note in notes]
    before, after = (walk_word(opened(each)).walker.paragraphs for each in (data, copy))
    assert [draft.text for draft in before] == [draft.text for draft in after]
