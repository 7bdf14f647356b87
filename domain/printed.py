"""Whether what the data says stands in the notice's text: white space, width and the way a number is written apart."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

_DIGITS = "零一二三四五六七八九"
_TEN = 10
_LARGEST_IN_WORDS = 99
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DAY = re.compile(r"\d+[日号]")
_GRADE = "等奖"
_MEASURE = "[个件张幅篇份例项字部条人所名节次]"
_RANGE = r"(?:[-~至到—]+\d+)?"


def squeezed(text: str) -> str:
    """The text without white space, in half width, so that spellings of the same compare equal."""
    plain = "".join(unicodedata.normalize("NFKC", text).replace("∶", ":").split())
    return _THOUSANDS.sub("", plain)


def stands(words: str, text: str) -> bool:
    """Whether `words` stand in the text as they are; a number at an edge of them not as part of a longer one.

    `text` is squeezed."""
    plain = squeezed(words)
    lead = r"(?<![\dA-Za-z])" if plain[:1].isdigit() else ""
    tail = r"(?!\.?\d)" if plain[-1:].isdigit() else ""
    return re.search(lead + re.escape(plain) + tail, text, re.IGNORECASE) is not None


def number_stands(number: int, text: str) -> bool:
    """Whether so many of something stand in the squeezed text, in digits or, up to 99, in Chinese numerals: 5个, 五张,
    3500--5000字."""
    ways = (
        rf"(?<![\dA-Za-z]){number}{_RANGE}",
        *(rf"(?<![一二三四五六七八九十]){words}" for words in _in_words(number)),
    )
    return any(re.search(way + _MEASURE, text) for way in ways)


def percent_stands(number: int, text: str) -> bool:
    """Whether the share stands in the squeezed text: 80%, 百分之八十."""
    return stands(f"{number}%", text) or any(f"百分之{words}" in text for words in _in_words(number))


def prize_stands(name: str, text: str) -> bool:
    """Whether a prize stands in the squeezed text, also as one of a row: 一、二、三等奖 names 二等奖."""
    if stands(name, text):
        return True
    row = re.compile(rf"[一二三四五六、和及]*{re.escape(name.removesuffix(_GRADE))}[一二三四五六、和及]*{_GRADE}")
    return name.endswith(_GRADE) and row.search(text) is not None


def day_stands(moment: datetime, printed: str) -> bool:
    """Whether the day of this moment stands in words such as "5月21日-30日"; yes for words without any day."""
    text = squeezed(printed)
    if not _DAY.search(text):
        return True
    month = stands(f"{moment.month}月", text)
    return month and (stands(f"{moment.day}日", text) or stands(f"{moment.day}号", text))


def _in_words(number: int) -> tuple[str, ...]:
    if not 0 < number <= _LARGEST_IN_WORDS:
        return ()
    tens, ones = divmod(number, _TEN)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    words = lead + (_DIGITS[ones] if ones or not tens else "")
    return (words, "两") if number == 2 else (words,)  # noqa: PLR2004 - the one number with two characters
