"""Many spoiled files in one child of the sandbox: reads and judges each and says what came of it."""

from __future__ import annotations

import io
import re
import time
import traceback
import zipfile
from dataclasses import dataclass

from lxml import etree
from mutations import mutated

from domain.notice import Notice
from validators import judge
from validators.facts import WordFacts
from validators.reading.file import read_file

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
NOT_SHOWN = {f"{W}del", f"{W}moveFrom", f"{W}rt", f"{W}instrText", f"{MC}Fallback"}
SLOW_S = 10.0
_CHINESE = re.compile("[\u3400-\u9fff]")
CATEGORY = "B1"


@dataclass(frozen=True)
class Outcome:
    """What came of one file: a verdict, or "crash"; what is wrong with that, empty for nothing."""

    number: int
    verdict: str
    complaint: str


def outcome_of(whole: bytes, number: int, notice: Notice) -> Outcome:
    """Read and judge one spoiled file as the sandbox's child does, and say what is wrong with how that went."""
    data = mutated(whole, number)
    started = time.monotonic()
    try:
        facts = read_file(io.BytesIO(data), "案例.docx", lambda _stage: None)
        verdict = judge(facts, notice.category(CATEGORY), notice).verdict.value
    except Exception:  # noqa: BLE001  whatever it is, it is what we look for
        return Outcome(number, "crash", traceback.format_exc(limit=-3))
    if time.monotonic() - started > SLOW_S:
        return Outcome(number, verdict, f"slow: {time.monotonic() - started:.0f} s")
    if verdict == "pass":
        return Outcome(number, verdict, _lost(data, facts.word) if facts.word else "a pass without having been read")
    return Outcome(number, verdict, "")


def _lost(data: bytes, facts: WordFacts) -> str:
    """What a pass must not be given on: Chinese text in the file's own text parts that the reading does not have."""
    there = _visible(data)
    read = sum(len(_CHINESE.findall(paragraph.text)) for paragraph in facts.paragraphs)
    return f"pass, but {there - read} of {there} Chinese characters were dropped" if read < there else ""


def _visible(data: bytes) -> int:
    """Chinese characters that stand in any w:t of the document and of the notes it refers to, read by other means than
    the reader's."""
    parser = etree.XMLParser(recover=True, huge_tree=False)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = {name.replace("\\", "/").lstrip("/").lower(): name for name in package.namelist()}
        document = etree.fromstring(package.read(names["word/document.xml"]), parser)
        referred = {note.get(f"{W}id") for note in document.iter(f"{W}footnoteReference") if _is_shown(note)}
        notes = etree.fromstring(package.read(names.get("word/footnotes.xml", names["word/document.xml"])), parser)
    shown = [note for note in notes.iter(f"{W}footnote") if note.get(f"{W}id") in referred]
    texts = (text for root in (document, *shown) for text in root.iter(f"{W}t") if _is_shown(text))
    return sum(len(_CHINESE.findall(text.text or "")) for text in texts)


def _is_shown(text: etree._Element) -> bool:
    above = [ancestor.tag for ancestor in text.iterancestors()]
    return not NOT_SHOWN.intersection(above)
