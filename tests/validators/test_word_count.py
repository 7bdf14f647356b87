"""字数 against strings whose counts are known."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.facts import Span
from validators.reading.word_count import count

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "word_count.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:20] or "empty")
def test_count_of_known_strings(case):
    assert count(case["text"]) == Span(case["low"], case["high"])


@given(st.text())
def test_low_reading_is_never_above_the_high_one(text):
    span = count(text)
    assert 0 <= span.low <= span.high <= len(text)


@given(st.text(alphabet="案例概述、。，0aZ“”—· \t"), st.text(alphabet="案例概述、。，0aZ“”—· \t"))
def test_a_blank_between_two_texts_makes_their_counts_add_up(first, second):
    assert count(f"{first} {second}") == count(first) + count(second)
