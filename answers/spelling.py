"""Typing slips that sound or look right: 支称材料 for 支撑材料, 慨述 for 概述. Found against the notice's own words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path

import rjieba

from answers.lexicon import Lexicon
from domain.notice import Notice

_SAME_IN_SPEECH = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_LENGTHS = (4, 3, 2)
_GB_2312 = bytes(byte for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for byte in (row, cell)).decode(
    "gb2312", "ignore"
)
"""Its Chinese characters."""

_LONG = 3
"""A word of so many characters has no other that sounds like it."""


@cache
def _sounds() -> Mapping[int, str]:
    """Each character of GB 2312 and one that stands for all of its toneless sound, as `str.translate` takes them.

    Only the table of the pinyin library is read: importing its code would add 55 MB of phrases nobody needs here."""
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pypinyin")
    table = json.loads((Path(spec.submodule_search_locations[0]) / "pinyin_dict.json").read_text("utf-8"))
    read = {char: sounds.partition(",")[0] for char in _GB_2312 if (sounds := table.get(str(ord(char))))}
    toneless = {sound: _toneless(sound) for sound in set(read.values())}
    chars: dict[str, str] = {}
    return {ord(char): chars.setdefault(toneless[sound], char) for char, sound in read.items()}


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
        self._is_word = is_word
        self._cut = cut
        self._known = frozenset(word for word in vocabulary if len(word) in _LENGTHS)
        self._sounds = _sounds()
        self._by_sound: dict[str, str] = {}
        for word in sorted(self._known):
            if all(ord(char) in self._sounds for char in word):
                self._by_sound.setdefault(word.translate(self._sounds), word)
        self._by_look = _by_look(self._known, {char: set(group) - {char} for group in alike for char in group})
        self._function = function

    def mended(self, text: str) -> str:
        """`text` with such slips put right, longest first. A run is left alone when it is a word of the language, when
        it cuts through one, or when it shares too few characters with the word it sounds like."""
        pieces = self._cut(text)
        text = "".join(pieces)
        sound = text.translate(self._sounds)
        edges = set(accumulate(map(len, pieces), initial=0))
        for length in _LENGTHS:
            for start in sorted(edges):
                end = start + length
                if end not in edges or start not in edges:
                    continue
                inside = range(start + 1, end)
                word = self._meant(text[start:end], sound[start:end], whole=edges.isdisjoint(inside))
                if word is not None:
                    text = text[:start] + word + text[end:]
                    sound = text.translate(self._sounds)
                    edges.difference_update(inside)
        return text

    def _meant(self, run: str, sound: str, *, whole: bool) -> str | None:
        """The word of the notice that a run stands for; of a `whole` piece only if it is long: dictionaries
        hold 分辩率, which is a slip."""
        heard, seen = self._by_sound.get(sound), self._by_look.get(run)
        if not (heard or seen) or run in self._known or (len(run) < _LONG if whole else self._is_word(run)):
            return None
        wrong = [one for one, other in zip(run, heard, strict=True) if one != other] if heard else []
        alike = heard is not None and len(wrong) * 2 <= len(run) and self._function.isdisjoint(wrong)
        return heard if alike else seen


def _by_look(known: Iterable[str], alike: Mapping[str, set[str]]) -> dict[str, str]:
    """Each run in which one character looks like the right one, and the word it stands for: of several the one whose
    wrong character comes first."""
    wrong: dict[str, list[str]] = {}
    for char, others in alike.items():
        for other in others:
            wrong.setdefault(other, []).append(char)
    runs = (
        (at, right, word[:at] + char + word[at + 1 :], word)
        for word in known
        for at, right in enumerate(word)
        for char in wrong.get(right, ())
    )
    return {run: word for _, _, run, word in sorted(runs, reverse=True)}
