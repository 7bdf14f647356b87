"""Opens bytes as the makers' child does, and looks into the results."""

from __future__ import annotations

import io
import zipfile

from validators.facts import Format, WordFacts
from validators.reading.kind import sniff
from validators.reading.package import Package
from validators.reading.word import read_word


def opened(data: bytes) -> Package:
    package = sniff(io.BytesIO(data), "a.docx").package
    assert package is not None
    return package


def word_of(data: bytes) -> WordFacts:
    return read_word(opened(data), lambda _stage: None)


def parts(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


def looks_of(data: bytes) -> list[tuple[str, list[Format]]]:
    """Each paragraph that shows something, with the looks of its text and of its number."""
    word = word_of(data)
    return [
        (
            each.visible,
            [word.formats[run.format] for run in each.runs]
            + ([word.formats[each.label_format]] if each.label_format >= 0 else []),
        )
        for each in word.paragraphs
        if each.visible.strip()
    ]
