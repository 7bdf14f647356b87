"""Typing slips that sound or look right: 支称材料 for 支撑材料, 慨述 for 概述. Found against the notice's own words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import rjieba

from answers.lexicon import Lexicon
from domain.notice import Notice

_SAME_IN_SPEECH = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_LENGTHS = (4, 3, 2)
_LONG = 3
"""A word of so many characters has no other that sounds like it."""


@cache
def _readings() -> Mapping[str, str]:
    """Character -> toneless sound, for the characters of GB 2312.

    Only the table of the pinyin library is read: importing its code would add 55 MB of phrases nobody needs here."""
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pypinyin")
    table = json.loads((Path(spec.submodule_search_locations[0]) / "pinyin_dict.json").read_text("utf-8"))
    readings: dict[str, str] = {}
    for point, sounds in table.items():
        char = chr(int(point))
        try:
            char.encode("gb2312")
        except UnicodeEncodeError:
            continue
        readings[char] = _toneless(sounds.partition(",")[0])
    return readings


def _toneless(sound: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFD", sound) if not unicodedata.combining(char))
    for precise, loose in _SAME_IN_SPEECH:
        bare = bare.replace(precise, loose)
    return bare


def vocabulary(notice: Notice, words: Lexicon) -> set[str]:
    """The words slips are mended to: those of the notice and of the questions about it."""
    known: set[str] = set()
    for clause in notice.clauses:
        known.update(word for word in rjieba.cut(clause.text, False) if len(word) > 1 and rjieba.has_word(word))
    wordings = [word for asks in words.aspects.values() for ask in asks for group in ask.wanted for word in group]
    known.update(word for word in wordings if len(word) > 1)
    known.update(
        word for fact in notice.facts for ask in fact.topics for word in re.split(r"[ |]", ask) if len(word) > 1
    )
    known = {word for word in known if not words.function & set(word)} | set(words.fonts.names)
    return {word for word in known if len(word) > 1 and all("\u4e00" <= char <= "\u9fff" for char in word)}


class Speller:
    """Replaces character runs that sound or look like a word of the notice but are no word themselves."""

    def __init__(
        self,
        vocabulary: Iterable[str],
        is_word: Callable[[str], bool],
        cut: Callable[[str], list[str]],
        alike: Iterable[str] = (),
        function: frozenset[str] = frozenset(),
    ) -> None:
        """`alike` are groups of characters that are taken for each other: 概慨溉; `function` those that are words by
        themselves and are never mended away: 评完是发 tells nothing of 完事."""
        self._readings = _readings()
        self._is_word = is_word
        self._cut = cut
        self._known = frozenset(word for word in vocabulary if len(word) in _LENGTHS)
        self._by_sound: dict[tuple[str, ...], str] = {}
        for word in sorted(self._known):
            sound = self._sound(word)
            if sound is not None:
                self._by_sound.setdefault(sound, word)
        self._function = function
        self._alike = {char: frozenset(group) - {char} for group in alike for char in group}

    def mended(self, text: str) -> str:
        """`text` with such slips put right, longest first. A run is left alone when it is a word of the language, when
        it cuts through one, or when it shares too few characters with the word it sounds like."""
        pieces = self._cut(text)
        for length in _LENGTHS:
            start = 0
            while start < len(pieces):
                taken = _pieces_of(pieces, start, length)
                word = self._meant("".join(pieces[start : start + taken]), whole=taken == 1) if taken else None
                if word is not None:
                    pieces[start : start + taken] = [word]
                start += 1
        return "".join(pieces)

    def _meant(self, run: str, *, whole: bool) -> str | None:
        """The word of the notice that a run stands for; of a `whole` piece only if it is long: dictionaries
        hold 分辩率, which is a slip."""
        if run in self._known or (whole and len(run) < _LONG) or (not whole and self._is_word(run)):
            return None
        sound = self._sound(run)
        word = self._by_sound.get(sound) if sound is not None else None
        wrong = [one for one, other in zip(run, word or "", strict=bool(word)) if one != other]
        if word is not None and len(wrong) * 2 <= len(word) and not self._function & set(wrong):
            return word
        return next((each for each in self._looking_like(run) if each in self._known), None)

    def _looking_like(self, run: str) -> Iterator[str]:
        """The run with one character replaced by one that looks like it."""
        for at, char in enumerate(run):
            yield from (run[:at] + other + run[at + 1 :] for other in sorted(self._alike.get(char, ())))

    def _sound(self, run: str) -> tuple[str, ...] | None:
        sounds = tuple(self._readings.get(char, "") for char in run)
        return sounds if all(sounds) else None


def _pieces_of(pieces: list[str], start: int, length: int) -> int:
    """How many pieces from `start` make up exactly `length` characters; 0 when none do."""
    total = 0
    for count, piece in enumerate(pieces[start:], start=1):
        total += len(piece)
        if total >= length:
            return count if total == length else 0
    return 0
