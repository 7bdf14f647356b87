"""Answers given by a person of the office, kept beside the notice: found again by questions of the same meaning."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

_PARTS = re.compile(r"[\u4e00-\u9fff]+|[a-z]+\d*|\d+(?:\.\d+)?")
_SAME = 0.62
_AKIN = 0.2
"""What must be shared where both questions ask for the same open topic."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class OfficialAnswer:
    """One question answered officially: the question as it was asked, the answer, the day, and who gave it."""

    question: str
    text: str
    answered_on: date
    by: str


@dataclass(frozen=True, slots=True)
class _Entry:
    answer: OfficialAnswer
    terms: frozenset[str]
    codes: tuple[str, ...]
    silence: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What decides whether two questions ask the same: telling words, categories, and the open topic if any."""

    terms: frozenset[str]
    codes: tuple[str, ...]
    silence: str


class Officials:
    """The official answers of one notice. `meaning` reads a question the way the engine does."""

    def __init__(self, answers: Iterable[OfficialAnswer], meaning: Callable[[str], Meaning]) -> None:
        self._entries = []
        for answer in answers:
            meant = meaning(answer.question)
            self._entries.append(_Entry(answer, meant.terms, meant.codes, meant.silence))
        occurrences = Counter(term for entry in self._entries for term in entry.terms)
        total = len(self._entries)
        self._weight = {term: math.log(2 + total / count) for term, count in occurrences.items()}
        self._unknown = math.log(2 + total)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, asked: Meaning) -> OfficialAnswer | None:
        """The official answer to a question of the same meaning, the latest of equals; None when there is none."""
        best: tuple[float, date, OfficialAnswer] | None = None
        for entry in self._entries:
            likeness = self._likeness(entry, asked)
            akin = bool(asked.silence) and asked.silence == entry.silence
            if likeness < (_AKIN if akin else _SAME):
                continue
            found = (likeness, entry.answer.answered_on, entry.answer)
            if best is None or found[:2] > best[:2]:
                best = found
        return best[2] if best else None

    def _likeness(self, entry: _Entry, asked: Meaning) -> float:
        """How much of the weight of both questions' words is shared: 0 to 1. Other numbers or categories are another
        question."""
        if entry.codes != asked.codes or _numbers(entry.terms) != _numbers(asked.terms):
            return 0.0
        both = sum(map(self._of, entry.terms)) + sum(map(self._of, asked.terms))
        return 2 * sum(map(self._of, entry.terms & asked.terms)) / both if both else 0.0

    def _of(self, term: str) -> float:
        return self._weight.get(term, self._unknown)


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
