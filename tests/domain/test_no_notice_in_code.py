"""Next year's notice changes data only: nothing a notice says stands in the code of domain/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOMAIN = Path(__file__).resolve().parents[2] / "domain"
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
STRING = re.compile(r'"""(?:.|\n)*?"""|#.*')
EXAMPLE_INSTANT = "2000-01-31T00:00:00+08:00"  # how a time is written, told to who wrote it wrong


def code_of(file: Path) -> str:
    """The file without docstrings and comments, in which examples may stand."""
    return STRING.sub("", file.read_text(encoding="utf-8")).replace(EXAMPLE_INSTANT, "")


@pytest.fixture(scope="module")
def code() -> dict[str, str]:
    return {file.name: code_of(file) for file in sorted(DOMAIN.glob("*.py"))}


def test_no_year_in_code(code):
    assert {name: YEAR.findall(text) for name, text in code.items() if YEAR.search(text)} == {}


def test_no_name_of_the_notice_in_code(code, notice):
    words = {unit.id for unit in notice.units} | {unit.name for unit in notice.units}
    words |= {alias for unit in notice.units for alias in unit.aliases}
    words |= {contact.name for contact in notice.contacts} | {contact.mail for contact in notice.contacts}
    words |= {font.font for font in (notice.title_font, notice.heading_font, notice.body_font)}
    words |= {must.name for must in notice.must_report} | {notice.document_no, notice.issued_by, notice.title}
    found = {(name, word) for name, text in code.items() for word in words if word in text}
    assert found == set()


def test_no_limit_of_the_notice_in_code(code, notice):
    limits = {category.text.min_words for category in notice.categories}
    limits |= {category.text.max_words for category in notice.categories} - {None}
    limits |= {notice.category("C").video.min_long_side, notice.category("C").video.min_short_side}
    numbers = {(name, int(number)) for name, text in code.items() for number in re.findall(r"\d+", text)}
    assert {(name, number) for name, number in numbers if number in limits} == set()
