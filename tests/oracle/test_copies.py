"""Copies that we hand out, opened in Writer."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from comparing import Outcome, compare

from bot.typesetting import Demands, plan_of
from documents.annotated import Author, Note, annotate
from documents.package import NoCopyError
from documents.reformatted import reformat
from domain.notice_loader import load_notice
from validators.reading.kind import sniff
from validators.reading.word import read_word, walk_word
from validators.reading.word_places import places_of

AUTHOR = Author("案例管家", datetime(2023, 5, 6, 9, 12, tzinfo=UTC))
PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"
LEAST_AGREEMENT = 0.995
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


@pytest.fixture(scope="module")
def demands():
    notice = load_notice(PACK)
    return Demands(notice.title_font, notice.heading_font, notice.body_font)


def planned(data: bytes, demands: Demands):
    """The package, its facts, and what a reformatted copy would change."""
    package = sniff(io.BytesIO(data), "a.docx").package
    word = read_word(package, lambda _stage: None)
    return package, word, plan_of(word, places_of(package), demands)


def test_reformatted_copies_show_the_same_text_in_the_looks_we_read(files, shown, running, demands, tmp_path):
    total = Outcome()
    for key, (path, _) in files.items():
        package, _, plan = planned(path.read_bytes(), demands)
        copy = tmp_path / path.name
        copy.write_bytes(reformat(package, plan.settings).data)
        seen = running.look(copy)
        assert lines(seen) == lines(shown[key]), key
        _, word, again = planned(copy.read_bytes(), demands)
        assert again.changes == (), key
        total.add(compare(word, seen))
    assert min(total.font, total.size) >= LEAST_AGREEMENT * total.characters, total.differences[:20]
    assert total.unmatched == 0
