"""Reads bytes in this process, as the sandbox's child does."""

from __future__ import annotations

import io

from validators.facts import FileFacts, WordFacts
from validators.reading.file import read_file


def facts_of(data: bytes, name: str = "案例.docx") -> FileFacts:
    return read_file(io.BytesIO(data), name, lambda _stage: None)


def word_of(data: bytes) -> WordFacts:
    facts = facts_of(data)
    assert facts.word is not None, facts.trouble
    return facts.word


def texts_of(data: bytes) -> list[str]:
    return [paragraph.visible for paragraph in word_of(data).paragraphs if paragraph.visible]
