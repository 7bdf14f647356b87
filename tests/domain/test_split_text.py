"""Long texts are cut at bytes that fit, at places where a reader would pause, and lose nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.wording import split_bytes

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
FLAG = "🇨🇳"
HEART = "❤\ufe0f"
THUMB = "👍🏽"
ACCENT = "e\u0301"
WHOLE = [FAMILY, FLAG, HEART, THUMB, ACCENT]
NUMBER = re.compile(r"（(\d+)/(\d+)）")

lines = st.lists(st.sampled_from(["案例", "。", "字", "a", "\n", "！", "”", " ", *WHOLE]), max_size=300).map("".join)


def bodies(parts: list[str]) -> list[str]:
    if len(parts) == 1:
        return parts
    found = [NUMBER.match(part) for part in parts]
    assert [match.groups() for match in found] == [(str(n), str(len(parts))) for n in range(1, len(parts) + 1)]
    return [part[match.end() :] for part, match in zip(parts, found, strict=True)]


def without_line_ends(text: str) -> str:
    return text.replace("\n", "").replace("\r", "")


@given(text=st.text(max_size=600), limit=st.integers(64, 300))
def test_any_text_fits_and_is_kept(text, limit):
    parts = split_bytes(text, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    assert without_line_ends("".join(bodies(parts))) == without_line_ends(text)
    if len(text.encode()) <= limit:
        assert parts == [text]


@given(text=lines, limit=st.integers(64, 200))
def test_what_people_see_as_one_character_stays_whole(text, limit):
    parts = bodies(split_bytes(text, limit))
    for whole in WHOLE:
        assert sum(part.count(whole) for part in parts) == text.count(whole)


@given(
    text=st.lists(st.text(st.sampled_from("案例甲乙丙。，"), min_size=1, max_size=15), min_size=2, max_size=60).map(
        "\n".join
    )
)
def test_lines_that_fit_are_never_cut(text):
    parts = bodies(split_bytes(text, 64))
    assert "\n".join(parts).split("\n") == text.split("\n")


def test_a_long_line_is_cut_after_a_sentence_and_its_closing_mark():
    text = "他说：“先看要求。”" + "再写案例" * 8 + "。" + "最后上传" * 3
    parts = split_bytes(text, 100)
    assert parts[0] == "（1/3）他说：“先看要求。”"
    assert parts[1] == "（2/3）" + "再写案例" * 7 + "再写"
    assert "".join(bodies(parts)) == text


@pytest.mark.parametrize("length", [2047, 2048, 2049])
def test_the_limit_counts_bytes(length):
    text = "字" * (length // 3) + "a" * (length % 3)
    parts = split_bytes(text, 2048)
    assert (len(parts) == 1) is (length <= 2048)
    assert all(len(part.encode()) <= 2048 for part in parts)


def test_more_than_nine_parts_still_fit():
    parts = split_bytes("字" * 2000, 64)
    assert len(parts) > 100
    assert parts[0].startswith(f"（1/{len(parts)}）")
    assert all(len(part.encode()) <= 64 for part in parts)


def test_an_endless_joined_character_is_cut_all_the_same():
    parts = split_bytes("👨" + "\u200d👩" * 5000, 2048)
    assert all(len(part.encode()) <= 2048 for part in parts)
    assert "".join(bodies(parts)) == "👨" + "\u200d👩" * 5000


def test_half_surrogates_become_the_replacement_character():
    assert split_bytes("甲\ud83d乙", 64) == ["甲\ufffd乙"]


def test_only_line_ends_are_one_empty_part():
    assert split_bytes("\n" * 500, 64) == [""]


def test_a_limit_without_room_is_refused():
    with pytest.raises(ValueError, match="room"):
        split_bytes("字", 20)
