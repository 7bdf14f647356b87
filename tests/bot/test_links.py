"""Tokens of file links: only ours are read, whatever is done to them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.file_response import content_disposition
from bot.links import Links

LINKS = Links("https://bot.example.edu.cn/", "s" * 32)
NUMBERS = st.integers(min_value=1, max_value=10**15)


def token(links: Links, number: int) -> str:
    return links.address(number).rpartition("/")[2]


@given(NUMBERS)
def test_an_address_leads_back_to_its_number(number: int) -> None:
    assert LINKS.address(number).startswith("https://bot.example.edu.cn/f/")
    assert LINKS.read(token(LINKS, number)) == number


@given(NUMBERS, st.integers(min_value=0, max_value=60), st.characters(codec="utf-8"))
def test_no_changed_token_is_read(number: int, place: int, sign: str) -> None:
    good = token(LINKS, number)
    changed = good[: place % len(good)] + sign + good[place % len(good) + 1 :]
    assert LINKS.read(changed) in ({number} if changed == good else {None})


@given(NUMBERS, NUMBERS)
def test_a_signature_is_good_for_one_number_and_one_secret(number: int, other: int) -> None:
    signature = token(LINKS, number).partition("-")[2]
    assert LINKS.read(f"{other}-{signature}") == (number if other == number else None)
    assert LINKS.read(token(Links("https://x", "t" * 32), number)) is None


@given(st.text())
def test_anything_else_is_no_token(text: str) -> None:
    assert LINKS.read(text) is None


@given(st.text(min_size=1).filter(lambda name: name.isprintable()))
def test_the_header_of_any_name_is_ascii_on_one_line(name: str) -> None:
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


def test_a_chinese_name_has_a_fallback_with_its_suffix() -> None:
    assert content_disposition("案例　模板 😀.docx") == (
        'attachment; filename="file.docx"; '
        "filename*=UTF-8''%E6%A1%88%E4%BE%8B%E3%80%80%E6%A8%A1%E6%9D%BF%20%F0%9F%98%80.docx"
    )
