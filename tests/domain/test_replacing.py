"""When the owner has to confirm that a file replaces another: older, much shorter, or the text of before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.replacing import Doubt, Edition, doubts

NOW = datetime(2023, 5, 6, tzinfo=UTC)
CURRENT = Edition(4000, NOW, "b")
EARLIER = (Edition(3000, NOW - timedelta(days=1), "a"),)
SILENT = Edition(None, None, None)


@pytest.mark.parametrize(
    ("new", "mends", "expected"),
    [
        (Edition(2801, NOW, "c"), False, ()),
        (Edition(2800, NOW, "c"), False, (Doubt.SHORTER,)),
        (Edition(2800, NOW, "c"), True, ()),
        (Edition(9000, NOW - timedelta(seconds=1), "c"), True, (Doubt.OLDER,)),
        (Edition(4000, NOW, "a"), False, (Doubt.EARLIER_TEXT,)),
        (Edition(4000, NOW + timedelta(days=1), "b"), False, ()),
        (Edition(0, NOW - timedelta(days=9), "a"), False, (Doubt.EARLIER_TEXT, Doubt.OLDER, Doubt.SHORTER)),
        (SILENT, False, ()),
    ],
)
def test_what_speaks_against_replacing(new: Edition, *, mends: bool, expected: tuple[Doubt, ...]) -> None:
    assert doubts(new, CURRENT, EARLIER, mends=mends) == expected


@given(words=st.none() | st.integers(0, 10_000), mends=st.booleans())
def test_a_silent_or_empty_version_is_replaced_without_a_question(*, words: int | None, mends: bool) -> None:
    for current in (SILENT, Edition(0, None, None)):
        assert doubts(Edition(words, NOW, "x"), current, (), mends=mends) == ()


@given(words=st.integers(0, 10_000))
def test_the_same_edition_again_raises_no_doubt(words: int) -> None:
    edition = Edition(words, NOW, "x")
    assert doubts(edition, edition, (edition, SILENT)) == ()
