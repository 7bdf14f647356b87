"""Copies that we hand out, opened in Writer."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from documents.annotated import Author, Note, annotate
from documents.package import NoCopyError
from validators.reading.kind import sniff
from validators.reading.word import walk_word
from validators.reading.word_places import places_of

AUTHOR = Author("案例管家", datetime(2023, 5, 6, 9, 12, tzinfo=UTC))
pytestmark = [pytest.mark.xdist_group("oracle"), pytest.mark.timeout(600)]


def annotated(data: bytes) -> bytes:
    """A copy with a comment on each paragraph."""
    package = sniff(io.BytesIO(data), "a.docx").package
    count = len(walk_word(package).walker.paragraphs)
    notes = [Note(number, f"第 {number} 段") for number in range(count + 1)]
    return annotate(package, [place.anchor for place in places_of(package)], notes, AUTHOR)


# Writer 7.4 shows the paragraph of a content control empty when there is a comment on it; Word does not.
LOST_IN_WRITER = ("控件里的段落",)


def lines(said: dict) -> list[str]:
    """The paragraphs with text: Writer puts an empty one before a table whose first cell has a comment."""
    texts = [item["text"].strip() for item in said["paragraphs"]]
    return [text for text in texts if text and text not in LOST_IN_WRITER]


def test_annotated_copies_show_the_same_text(files, shown, running, tmp_path):
    refused = []
    for key, (path, _) in files.items():
        copy = tmp_path / path.name
        try:
            copy.write_bytes(annotated(path.read_bytes()))
        except NoCopyError:
            refused.append(key)
            continue
        assert lines(running.look(copy)) == lines(shown[key]), key
    assert refused == []
