"""Comparing words that people typed: without blanks, punctuation, heading numbers and letter width."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import Levenshtein

_NUMBERS = "一二三四五六七八九十百〇零"
_LABEL = re.compile(
    rf"^\s*(?:第?[{_NUMBERS}\d]+(?:[章节部篇](?:分)?|[、.．]|(?=\s))|[（(]\s*[{_NUMBERS}\d]+\s*[）)]、?)\s*"
)
_SHORT = 5
_SIGNS = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """A text reduced to its letters, digits and characters, letter width and case unified."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _SIGNS.sub("", plain)


def without_label(text: str) -> str:
    """A heading without its number (一、 （一） 1. 第一部分)."""
    return _LABEL.sub("", text, count=1)


def label_of(text: str) -> str:
    """The number a heading begins with, reduced for comparing: 二、 and 二． are alike, （一） is not 一、."""
    match = _LABEL.match(text)
    if not match:
        return ""
    level = "(" if match[0].lstrip().startswith(("（", "(")) else ""
    return level + bare(match[0])


def nearly(found: str, wanted: str) -> bool:
    """Whether two bare texts differ by a slip: one character, or two when the text is long enough."""
    allowed = 1 if len(wanted) < _SHORT else 2
    return bool(found) and Levenshtein.distance(found, wanted, score_cutoff=allowed) <= allowed
