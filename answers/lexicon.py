"""The language data (lexicon.toml, silent.toml): how people speak, the same for every notice."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from answers.acts import compiled_acts
from answers.patterns import Catalogue, Pattern, compiled

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Phrase:
    """A standing reply: how one says it, and what is said back."""

    ask: tuple[Pattern, ...]
    say: str


@dataclass(frozen=True, slots=True)
class SilentTopic:
    """Something notices often leave open. It counts only while none of `unless` (expressions) is found in the notice,
    and nothing named in `by` (answers/settled.py) in its data.

    `ask` is not compiled yet: it may hold {county}, which is the notice's. `near` is the id of the closest fact.
    `over` names topics that only seem to be asked for with it."""

    name: str
    ask: tuple[str, ...]
    unless: tuple[str, ...]
    near: str
    over: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FontWords:
    """How fonts, sizes, alignments and the parts of a text are called."""

    names: tuple[str, ...]
    sizes: tuple[str, ...]
    centred: tuple[str, ...]
    askew: tuple[str, ...]
    title: tuple[str, ...]
    heading: tuple[str, ...]
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: how people speak of them (`said`), and how a notice names them as a subject."""

    said: re.Pattern[str]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatWords:
    """How people speak to whom they ask (`you`), send them on an errand, tell how they are (`mood`), want to be amused
    (`play`), name what they came for (`business`) and speak of themselves (`own`); `say` is what is said to talk of no
    particular kind."""

    you: re.Pattern[str]
    errand: re.Pattern[str]
    mood: re.Pattern[str]
    business: re.Pattern[str]
    play: re.Pattern[str]
    own: re.Pattern[str]
    say: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All language data, ready for use. Longest wordings stand first wherever order matters."""

    traditional: Mapping[int, str]
    alike: tuple[str, ...]
    says: tuple[tuple[str, str], ...]
    acts: tuple[tuple[str, re.Pattern[str]], ...]
    supposes: tuple[tuple[str, re.Pattern[str]], ...]
    actors: tuple[Actor, ...]
    deeds: Mapping[str, tuple[str, ...]]
    bodies: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    meanings: tuple[tuple[str, tuple[str, ...]], ...]
    light: frozenset[str]
    stop: frozenset[str]
    function: frozenset[str]
    marks: tuple[str, ...]
    checking: tuple[str, ...]
    filler: tuple[str, ...]
    common: tuple[str, ...]
    connecting: frozenset[str]
    deliverables: tuple[tuple[str, str], ...]
    kinds: Mapping[str, str]
    units: Mapping[str, tuple[str, ...]]
    formats: Mapping[str, tuple[str, ...]]
    families: Mapping[str, str]
    sides: Mapping[str, tuple[str, ...]]
    resolutions: Mapping[str, int]
    sizes: Mapping[str, float]
    direct: tuple[str, ...]
    single: Mapping[str, str]
    fonts: FontWords
    aspects: Mapping[str, tuple[Pattern, ...]]
    chat: ChatWords
    smalltalk: Catalogue[Phrase]
    hostile: Catalogue[Phrase]
    beyond: Catalogue[Phrase]
    silent: tuple[SilentTopic, ...]
    follow_ups: Mapping[str, tuple[str, ...]]


@cache
def lexicon() -> Lexicon:
    """The language data of this package, read once."""
    data = tomllib.loads((_HERE / "lexicon.toml").read_text("utf-8"))
    silent = tomllib.loads((_HERE / "silent.toml").read_text("utf-8"))
    words = data["words"]
    return Lexicon(
        traditional={ord(pair[0]): pair[1] for pair in data["traditional"].split()},
        alike=tuple(data["alike"].split()),
        says=tuple(sorted(data["says"].items(), key=lambda item: -len(item[0]))),
        acts=compiled_acts(data["acts"]),
        supposes=compiled_acts(data["supposes"]),
        actors=tuple(Actor(re.compile("|".join(item["said"])), tuple(item["subjects"])) for item in data["actors"]),
        deeds={name: tuple(said) for name, said in data["deeds"].items()},
        bodies={name: tuple(said) for name, said in data["bodies"].items()},
        places={name: tuple(said) for name, said in data["places"].items()},
        meanings=tuple((said, tuple(meant)) for said, meant in data["meanings"].items()),
        light=frozenset(words["asking"]),
        stop=frozenset(words["stop"]),
        function=frozenset(words["function"]),
        marks=tuple(words["marks"]),
        checking=tuple(words["checking"]),
        filler=_longest_first(words["filler"]),
        common=tuple(words["common"]),
        connecting=frozenset(words["connecting"]),
        deliverables=tuple(data["deliverables"].items()),
        kinds=data["kinds"],
        units=_wordings(data["units"]),
        formats=_wordings(data["formats"]),
        families=data["families"],
        sides={side: tuple(names) for side, names in data["sides"].items()},
        resolutions=data["resolutions"],
        sizes=data["sizes"],
        direct=tuple(words["direct"]),
        single=data["single"],
        fonts=FontWords(**_wordings(data["fonts"])),
        aspects={name: tuple(compiled(ask) for ask in asks) for name, asks in data["aspects"].items()},
        chat=_chat_words(data["chat"]),
        smalltalk=_phrases(data["smalltalk"]),
        hostile=_phrases(data["hostile"]),
        beyond=_phrases(data["beyond"]),
        silent=tuple(map(_silent_topic, silent["silent"])),
        follow_ups={topic: tuple(asks) for topic, asks in data["follow_ups"].items()},
    )


def _longest_first(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def _wordings(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: _longest_first(words) for name, words in table.items()}


def _silent_topic(item: Mapping[str, str | list[str]]) -> SilentTopic:
    def each(key: str) -> tuple[str, ...]:
        return tuple(item.get(key, ()))

    near = str(item.get("near", ""))
    return SilentTopic(str(item["name"]), each("ask"), each("unless"), near, each("over"), each("by"))


def _chat_words(table: Mapping[str, str | list[str]]) -> ChatWords:
    names = ("you", "errand", "mood", "business", "play", "own")
    you, errand, mood, business, play, own = (re.compile("|".join(table[name])) for name in names)
    return ChatWords(you, errand, mood, business, play, own, str(table["say"]))


def _phrases(items: list[dict[str, object]]) -> Catalogue[Phrase]:
    phrases = []
    for item in items:
        asks = item["ask"]
        assert isinstance(asks, list)
        phrases.append(Phrase(tuple(compiled(str(ask)) for ask in asks), str(item["say"])))
    return Catalogue(phrases, lambda phrase: phrase.ask)
