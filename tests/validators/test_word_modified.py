"""When a Word file was last saved is read from its properties; broken properties say nothing and break nothing."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document

from validators.facts import WordFacts
from validators.reading.file import read_file

_CORE = "docProps/core.xml"


def saved(core: bytes | None = None) -> io.BytesIO:
    """A Word file last saved at a known time, its properties replaced if asked."""
    document = Document()
    document.add_paragraph("一段文字")
    document.core_properties.modified = datetime(2023, 5, 1, 2, 30, tzinfo=UTC)
    written = io.BytesIO()
    document.save(written)
    if core is None:
        return written
    changed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            target.writestr(name, core if name == _CORE else source.read(name))
    return changed


def word_of(file: io.BytesIO) -> WordFacts:
    facts = read_file(file, "案例.docx", lambda _: None)
    assert facts.word is not None
    return facts.word


def test_the_properties_tell() -> None:
    assert word_of(saved()).modified == "2023-05-01T02:30:00Z"


@pytest.mark.parametrize("core", [b"", b"<no", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_broken_properties_say_nothing(core: bytes) -> None:
    word = word_of(saved(core))
    assert word.modified == ""
    assert word.words.total.high == 4
