"""What a file really is, and the sentence for each kind that is not read."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ole_builder import ole
from reading_of import facts_of
from word_builder import TEMPLATE, WITH_MACROS, docx, packed, paragraph, parts_of, run

from validators.facts import FileKind, Trouble

GOOD = docx(paragraph("标题"))


KINDS = {
    "docx": (GOOD, FileKind.DOCX),
    "docm": (docx(paragraph("字"), content_type=WITH_MACROS), FileKind.DOCM),
    "dotx": (docx(paragraph("字"), content_type=TEMPLATE), FileKind.DOTX),
    "old doc": (ole("WordDocument"), FileKind.DOC),
    "password": (ole("EncryptedPackage", "EncryptionInfo"), FileKind.ENCRYPTED),
    "old sheet": (ole("Workbook"), FileKind.EXCEL),
    "other OLE": (ole("Something"), FileKind.OLE_OTHER),
    "broken OLE": (ole()[:100], FileKind.OLE_OTHER),
    "odt": (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), FileKind.ODT),
    "ods": (packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), FileKind.ODF_OTHER),
    "xlsx": (packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a/>"}), FileKind.EXCEL),
    "pptx": (packed({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<a/>"}), FileKind.POWERPOINT),
    "zip": (packed({"案例.docx": GOOD}), FileKind.ZIP),
    "rtf": (b"{\\rtf1\\ansi hello}", FileKind.RTF),
    "html": (b"\xef\xbb\xbf<html><body>a</body></html>", FileKind.HTML),
    "html in UTF-16": ("\ufeff<!DOCTYPE html><html/>".encode("utf-16-le"), FileKind.HTML),
    "mht": (b"MIME-Version: 1.0\r\n", FileKind.MHTML),
    "flat OPC": (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><pkg:package/>', FileKind.WORD_XML),
    "xml": (b'<?xml version="1.0"?><a/>', FileKind.XML),
    "pdf": (b"%PDF-1.7\n", FileKind.PDF),
    "rar": (b"Rar!\x1a\x07\x00", FileKind.ARCHIVE),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(20), FileKind.IMAGE),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(20), FileKind.IMAGE),
    "mp3": (b"ID3\x04" + bytes(20), FileKind.AUDIO),
    "plain text": ("一段文字".encode(), FileKind.TEXT),
    "noise": (bytes(range(128, 256)), FileKind.UNKNOWN),
    "nothing": (b"", FileKind.EMPTY),
    "cut off": (GOOD[: len(GOOD) // 2], FileKind.BROKEN_ZIP),
}


@pytest.mark.parametrize(("data", "kind"), KINDS.values(), ids=KINDS)
def test_kind_by_content(data, kind):
    facts = facts_of(data)
    assert facts.kind is kind
    assert facts.readable is (facts.word is not None)
    assert facts.readable or facts.trouble.endswith("。")


def test_strict_files_have_their_own_sentence():
    parts = {
        name: data.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"
        )
        for name, data in parts_of(paragraph("字")).items()
    }
    facts = facts_of(packed(parts))
    assert facts.kind is FileKind.STRICT_DOCX
    assert "Strict" in facts.trouble


def test_lock_files_are_told_by_their_name():
    facts = facts_of(b"\x06author" + bytes(155), name="~$案例.docx")
    assert (facts.kind, facts.readable) == (FileKind.LOCK_FILE, False)


def test_facts_carry_size_and_hash():
    facts = facts_of(b"abc", name="a.bin")
    assert facts.size == 3
    assert facts.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_backslashes_and_letter_case_in_part_names_are_read():
    parts = parts_of(paragraph("字"))
    renamed = {name.replace("word/document.xml", "WORD\\Document.xml"): data for name, data in parts.items()}
    facts = facts_of(packed(renamed))
    assert facts.word is not None
    assert facts.word.paragraphs[0].text == "字"


@pytest.mark.parametrize("name", ["/", "word/", "\\"])
def test_entries_that_are_no_part_are_passed_over(name):
    facts = facts_of(packed({**parts_of(paragraph("字")), name: b""}))
    assert facts.readable


def test_links_to_missing_parts_are_passed_over():
    broken = parts_of(paragraph("字"))
    broken["word/_rels/document.xml.rels"] = broken["word/_rels/document.xml.rels"].replace(
        "</Relationships>",
        '<Relationship Id="r1" Type="x/styles" Target="NULL"/><Relationship Id="r2" Type="x/header"/></Relationships>',
    )
    assert facts_of(packed(broken)).readable


def _with_part(name: str, data: str | bytes) -> bytes:
    return packed({**parts_of(paragraph("字")), name: data})


def _many_parts() -> bytes:
    return packed({**parts_of(paragraph("字")), **{f"word/media/{n}.png": b"" for n in range(2100)}})


def _doubled() -> bytes:
    return packed({**parts_of(paragraph("字")), "word/A.xml": "<a/>", "word/a.xml": "<a/>"})


def _encrypted() -> bytes:
    data = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


def _wrong_checksum() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for name, data in parts_of(paragraph("原文")).items():
            target.writestr(name, data)
    return buffer.getvalue().replace("原文".encode(), "改文".encode())


HOSTILE = {
    "document type": (
        _with_part("word/document.xml", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"),
        Trouble.HOSTILE,
    ),
    "document type after a long comment": (
        _with_part("word/document.xml", f"<!--{'x' * 9000}--><!DOCTYPE a [<!ENTITY x 'y'>]><a/>"),
        Trouble.HOSTILE,
    ),
    "path out of the package": (_with_part("../../etc/x", "x"), Trouble.HOSTILE),
    "too many parts": (_many_parts(), Trouble.HOSTILE),
    "same part twice": (_doubled(), Trouble.HOSTILE),
    "encrypted entries": (_encrypted(), Trouble.DAMAGED),
    "wrong checksum": (_wrong_checksum(), Trouble.DAMAGED),
    "bomb of paragraphs": (docx("<w:p/>" * 3_000_000), Trouble.HOSTILE),
    "bomb in a picture": (_with_part("word/media/a.png", bytes(210 * 1024 * 1024)), Trouble.HOSTILE),
    "nested too deep": (docx("<w:sdt>" * 300 + "</w:sdt>" * 300), Trouble.LIMIT),
    "cut XML": (_with_part("word/document.xml", "<w:document"), Trouble.DAMAGED),
    "no body": (_with_part("word/document.xml", "<document/>"), Trouble.DAMAGED),
}


@pytest.mark.parametrize(("data", "trouble"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_and_broken_files_are_refused_with_a_sentence(data, trouble):
    facts = facts_of(data)
    assert (facts.readable, facts.trouble_kind) == (False, trouble)
    assert facts.trouble.endswith("。")


def test_deep_but_allowed_nesting_is_read():
    depth = 100
    body = "<w:sdt><w:sdtContent>" * depth + paragraph(runs=run("底")) + "</w:sdtContent></w:sdt>" * depth
    facts = facts_of(docx(body))
    assert facts.word is not None
    assert facts.word.paragraphs[0].text == "底"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_never_raise(data):
    spoiled = bytearray(GOOD)
    for place in data.draw(st.lists(st.integers(0, len(GOOD) - 1), max_size=8)):
        spoiled[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(GOOD)))
    facts = facts_of(bytes(spoiled[:cut]))
    assert facts.readable or facts.trouble
