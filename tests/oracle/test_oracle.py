"""Our reader against LibreOffice Writer on files by five programs. `make test-oracle` also renews the page."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import page
import pytest
import writer
from comparing import Outcome, compare
from counting import high, low

LEAST_AGREEMENT = 0.995
LEAST_FILES = 40
LEAST_PROGRAMS = 5
pytestmark = [pytest.mark.xdist_group("oracle"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def outcomes(files, shown):
    return {key: compare(facts.word, shown[key]) for key, (_, facts) in files.items()}


def test_files_are_many_and_all_are_read_by_both(files, shown):
    assert len(files) >= LEAST_FILES
    assert len({program for program, _ in files}) == LEAST_PROGRAMS
    assert [key for key, (_, facts) in files.items() if not facts.readable] == []
    assert [key for key, said in shown.items() if "error" in said] == []


def test_font_size_and_alignment_agree(outcomes):
    total = Outcome()
    for outcome in outcomes.values():
        total.add(outcome)
    for found in (total.font, total.size):
        assert found >= total.characters * LEAST_AGREEMENT
    assert total.alignment >= total.paragraphs * LEAST_AGREEMENT
    assert total.label == total.labels > 0


def test_nearly_every_character_is_compared(outcomes):
    assert sum(outcome.unmatched for outcome in outcomes.values()) == 0


def test_each_disagreement_is_explained(outcomes):
    unexplained = {
        key: Counter(difference[:3] for difference in outcome.differences if not page.explanation(key, difference))
        for key, outcome in outcomes.items()
    }
    assert {key: found for key, found in unexplained.items() if found} == {}
    assert page.explanations_not_needed(outcomes) == []


def test_words_are_counted_by_the_rule(files, shown):
    """The rule written out a second time, sign by sign, over the text that Writer shows."""
    for key, (_, facts) in files.items():
        texts = [item["text"] for item in shown[key]["paragraphs"]]
        total = facts.word.words.total
        assert (total.low, total.high) == (sum(map(low, texts)), sum(map(high, texts))), key


def test_the_page_is_written(outcomes):
    text = page.markdown(outcomes, writer.version())
    if os.environ.get("ORACLE_PAGE"):
        Path(os.environ["ORACLE_PAGE"]).write_text(text, "utf-8")
    assert "## Agreement" in text
