"""When two questions ask the same: telling words in common, the same numbers and categories, the same open topic."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_PARTS = re.compile(r"[\u4e00-\u9fff]+|[a-z]+\d*|\d+(?:\.\d+)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SAME = 0.62
_AKIN = 0.34
"""What must be shared where both questions ask for the same open topic."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What decides whether two questions ask the same: telling words, categories, and the open topic if any."""

    terms: frozenset[str]
    codes: tuple[str, ...]
    silence: str


class Likeness:
    """Compares questions; words that are rare among `known` weigh more."""

    def __init__(self, known: Sequence[Meaning]) -> None:
        occurrences = Counter(term for meant in known for term in meant.terms)
        total = len(known)
        self._weight = {term: math.log(2 + total / count) for term, count in occurrences.items()}
        self._unknown = math.log(2 + total)

    def of_same(self, one: Meaning, other: Meaning) -> float:
        """How alike two questions of the same meaning are, above 0 to 1; 0 for questions that ask different things."""
        akin = bool(one.silence) and one.silence == other.silence
        share = self._share(one, other)
        return share if share >= (_AKIN if akin else _SAME) else 0.0

    def _share(self, one: Meaning, other: Meaning) -> float:
        """How much of the weight of both questions' words is shared: 0 to 1. Other numbers or categories are another
        question."""
        if one.codes != other.codes or _numbers(one.terms) != _numbers(other.terms):
            return 0.0
        both = sum(map(self._of, one.terms)) + sum(map(self._of, other.terms))
        return 2 * sum(map(self._of, one.terms & other.terms)) / both if both else 0.0

    def _of(self, term: str) -> float:
        return self._weight.get(term, self._unknown)


def grouped(meanings: Sequence[Meaning]) -> tuple[int, ...]:
    """For each question the place of the first one, itself included, that asks the same."""
    likeness = Likeness(meanings)
    firsts: list[int] = []
    groups = []
    for place, meant in enumerate(meanings):
        alike = ((likeness.of_same(meanings[first], meant), -first) for first in firsts)
        share, first = max(alike, default=(0.0, 0))
        if not share:
            firsts.append(place)
        groups.append(-first if share else place)
    return tuple(groups)


def _numbers(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in terms if _NUMBER.fullmatch(term))


def terms_of(text: str, cut: Callable[[str], list[str]], stop: frozenset[str]) -> frozenset[str]:
    """The telling words of a plain text: words that are no stop words, and the pairs of longer ones."""
    terms: set[str] = set()
    for part in _PARTS.findall(text):
        words = [word for word in cut(part) if word not in stop] if "\u4e00" <= part[0] <= "\u9fff" else [part]
        for word in words:
            terms.add(word)
            if len(word) > 2 and not word.isascii():  # noqa: PLR2004 - pairs of longer words
                terms.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(terms)
