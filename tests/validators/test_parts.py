"""What the stretches of a text are is found once for a file, and kept no longer than its facts."""

from __future__ import annotations

from dataclasses import replace

from reading_of import word_of
from word_builder import docx, paragraph

from validators import parts
from validators.parts import Part, portions_of


def test_portions_are_found_once_and_forgotten_with_the_file():
    word = word_of(docx(paragraph("一、开头") + paragraph("正文。")))
    before = len(parts._known)
    assert [portion.part for portion in portions_of(word)] == [Part.HEADING, Part.BODY]
    assert portions_of(word) is portions_of(word)
    assert len(parts._known) == before + 1
    other = replace(word, paragraphs=word.paragraphs[1:])
    assert [portion.part for portion in portions_of(other)] == [Part.BODY]
    del word, other
    assert len(parts._known) == before
