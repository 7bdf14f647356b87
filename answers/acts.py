"""What somebody does with words: asks who, when or which category, whether something may or must be, claims, compares.

The acts are found by the regular expressions under [acts] of the language data, whatever the subject; a topic's pattern
takes one as a term: "a2 @who" is hit by 谁, 哪个部门 and every other way of asking who."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_PRIVATE = 0xE000


@cache
def mark(name: str) -> str:
    """The act `name` in characters that no question holds."""
    return "".join(chr(_PRIVATE + ord(char)) for char in f"@{name}@")


def is_mark(word: str) -> bool:
    """Whether a word of a pattern is an act."""
    return bool(word) and ord(word[0]) >= _PRIVATE


def compiled_acts(wordings: Mapping[str, list[str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each act with one expression for all its wordings. Raises re.error for a wording that is no expression."""
    return tuple((name, re.compile("|".join(asks))) for name, asks in wordings.items())


def acts_of(text: str, acts: tuple[tuple[str, re.Pattern[str]], ...]) -> frozenset[str]:
    """The names of the acts in a plain text."""
    return frozenset(name for name, asks in acts if asks.search(text))


def marked(text: str, acts: frozenset[str]) -> str:
    """`text` with its acts behind it, as patterns look for them."""
    return text + "".join(mark(name) for name in sorted(acts))
