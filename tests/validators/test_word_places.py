"""The reader's paragraph numbers lead back to the paragraphs in the file."""

from __future__ import annotations

import io
import zipfile

from lxml import etree
from word_builder import docx, numbered, paragraph, part, run, table, text_box

from validators.reading.kind import sniff
from validators.reading.word import walk_word
from validators.reading.word_names import w
from validators.reading.word_places import places_of

NOTE = "<w:r><w:footnoteReference w:id='2'/></w:r>"
NESTED = f"<w:tbl><w:tr><w:tc>{paragraph('里')}</w:tc></w:tr></w:tbl>{paragraph()}"
BODY = (
    paragraph("一")
    + paragraph(runs=run("二") + text_box("框") + NOTE)
    + f"<w:sdt><w:sdtContent>{paragraph('三')}</w:sdtContent></w:sdt>"
    + table(("格", NESTED))
    + f"<w:tbl><w:tr><w:trPr><w:del w:id='9'/></w:trPr><w:tc>{paragraph('删')}</w:tc></w:tr></w:tbl>"
    + paragraph(runs=f"<w:r><w:rPr><w:vanish/></w:rPr>{text_box('藏')[5:-6]}</w:r>")
    + paragraph("末", properties=numbered(1))
)
FOOTNOTES = part(
    "footnotes",
    f"<w:footnote w:type='separator' w:id='0'>{paragraph()}</w:footnote>"
    f"<w:footnote w:id='1'>{paragraph('没有引用')}</w:footnote>"
    f"<w:footnote w:id='2'>{paragraph('注')}</w:footnote>",
)


def _package(data: bytes):
    return sniff(io.BytesIO(data), "a.docx").package


def test_numbers_lead_to_the_same_paragraphs_in_the_file():
    data = docx(BODY, extra={"footnotes": FOOTNOTES})
    package = _package(data)
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = {
        name: list(etree.fromstring(archive.read(f"word/{name or 'document'}.xml")).iter(w("p")))
        for name in ("", "footnotes")
    }
    drafts = walk_word(package).walker.paragraphs
    places = places_of(package)
    texts = [draft.text for draft in drafts]
    assert texts == ["一", "二", "框", "三", "格", "里", "", "", "末", "注"]
    for draft, place in zip(drafts, places, strict=True):
        found = parts[place.part][place.position]
        assert etree.tostring(found, method="c14n") == etree.tostring(draft.element, method="c14n")


def test_boxes_and_notes_hang_on_the_paragraph_that_holds_them():
    places = places_of(_package(docx(BODY, extra={"footnotes": FOOTNOTES})))
    assert [(place.part, place.position, place.anchor) for place in places] == [
        ("", 0, 0),
        ("", 1, 1),
        ("", 2, 1),
        ("", 4, 4),
        ("", 5, 5),
        ("", 6, 6),
        ("", 7, 7),
        ("", 9, 9),
        ("", 12, 12),
        ("footnotes", 2, 1),
    ]
