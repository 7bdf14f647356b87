"""The small language in which topics are written: how people ask for something.

A pattern is a few terms parted by blanks; all must occur in the question. A term is one wording or several parted by
"|"; a term that begins with "!" must not occur; @name is an act (answers/acts.py).
"支撑材料|佐证 哪些|什么 !字数" hits "佐证材料要哪些".
A wording hits wherever it stands, case does not count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from answers.acts import is_mark, mark

T = TypeVar("T")
_TELLING = frozenset(map(mark, ("section", "which", "differ")))
"""Acts that say what is asked, not only that something is."""


@dataclass(frozen=True, slots=True)
class Hit:
    """That a pattern fits a question: how strongly, and which characters of the question carried it."""

    weight: float
    span: frozenset[int]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: alternatives that must occur, longest first, and wordings that must not."""

    wanted: tuple[tuple[str, ...], ...]
    barred: tuple[str, ...]

    def hit(self, text: str, light: frozenset[str]) -> Hit | None:
        """How this pattern fits `text` (lower case), or None. Words in `light` say that something is asked, not
        what, and weigh little; longer wordings weigh more. Plain loops: this runs dozens of times for each question."""
        chosen = []
        for alternatives in self.wanted:
            for word in alternatives:
                if word in text:
                    chosen.append(word)
                    break
            else:
                return None
        for word in self.barred:
            if word in text:
                return None
        weight = 0.0
        span: set[int] = set()
        for found in sorted(chosen, key=len, reverse=True):
            if found in _TELLING:
                weight += 2.0
            elif found in light or is_mark(found):
                weight += 0.4
            else:
                weight += min(len(found), 6)
                start = _nearest(found, text, span)
                span.update(range(start, start + len(found)))
        return Hit(weight, frozenset(span))


def _nearest(word: str, text: str, span: set[int]) -> int:
    """Where `word` stands in the text: of several places the one nearest to what else carried the hit."""
    start = text.find(word)
    if not span or text.find(word, start + 1) < 0:
        return start
    places = (at for at in range(start, len(text)) if text.startswith(word, at))
    return min(places, key=lambda at: min(abs(at - place) for place in span))


def compiled(pattern: str) -> Pattern:
    """The pattern written as in this module's head. Raises ValueError when it asks for nothing."""
    wanted: list[tuple[str, ...]] = []
    barred: list[str] = []
    for term in pattern.lower().split():
        alternatives = [
            mark(word[1:]) if word.startswith("@") and len(word) > 1 else word
            for word in term.removeprefix("!").split("|")
            if word
        ]
        if term.startswith("!"):
            barred.extend(alternatives)
        else:
            wanted.append(tuple(sorted(alternatives, key=len, reverse=True)))
    wanted.sort(key=lambda group: is_mark(group[-1]) if group else False)
    if not wanted or not all(wanted):
        raise ValueError(f"模式“{pattern}”没有要找的词")
    return Pattern(tuple(wanted), tuple(word for word in barred if word))


def best(patterns: Iterable[Pattern], text: str, light: frozenset[str]) -> Hit | None:
    """The strongest hit among several patterns, or None."""
    strongest: Hit | None = None
    for pattern in patterns:
        hit = pattern.hit(text, light)
        if hit is not None and (strongest is None or hit.weight > strongest.weight):
            strongest = hit
    return strongest


class Catalogue(Generic[T]):
    """Things with the patterns by which they are asked for, in order. Of a thousand patterns only those are tried that
    a question can hit: each is filed under the words of its most telling term."""

    def __init__(self, entries: Iterable[T], asks: Callable[[T], tuple[Pattern, ...]]) -> None:
        self._entries = tuple(entries)
        self._patterns = [(place, pattern) for place, entry in enumerate(self._entries) for pattern in asks(entry)]
        self._filed: dict[str, list[int]] = {}
        for number, (_, pattern) in enumerate(self._patterns):
            for word in max(pattern.wanted, key=_telling):
                self._filed.setdefault(word, []).append(number)
        self._lengths: dict[str, set[int]] = {}
        for word in self._filed:
            self._lengths.setdefault(word[0], set()).add(len(word))

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries)

    def __getitem__(self, place: int) -> T:
        return self._entries[place]

    def hits(self, text: str, light: frozenset[str]) -> list[tuple[T, Hit]]:
        """Each thing that `text` (lower case) asks for, in order, with its strongest hit."""
        strongest: dict[int, Hit] = {}
        for number in sorted(self._possible(text)):
            place, pattern = self._patterns[number]
            hit = pattern.hit(text, light)
            if hit is not None and (place not in strongest or hit.weight > strongest[place].weight):
                strongest[place] = hit
        return [(self._entries[place], hit) for place, hit in strongest.items()]

    def _possible(self, text: str) -> set[int]:
        """The patterns whose filed term occurs."""
        found: set[int] = set()
        for start, char in enumerate(text):
            for length in self._lengths.get(char, ()):
                numbers = self._filed.get(text[start : start + length])
                if numbers is not None:
                    found.update(numbers)
        return found


def _telling(alternatives: tuple[str, ...]) -> tuple[bool, int]:
    """How rarely one of these words will occur: no act, and as long as can be."""
    return not is_mark(alternatives[-1]), len(alternatives[-1])
