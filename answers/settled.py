"""What notices often leave open, where this one does not: told by quoting the sentence that settles it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from answers.index import Sentence, sentences_of
from answers.lexicon import Lexicon, SilentTopic
from domain.notice import Notice, UnitKind

_HEADS = "　"
"""Between the words of a table's head stand full-width blanks: it states nothing."""

_HEADING = 6
"""So short a sentence is a heading: the next one says what there is to say."""

_NUMBER = re.compile(r"^(?:\d+[.．、]|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、)\s*")
_BY_DATA: Mapping[str, Callable[[Notice], bool]] = {
    "direct_quotas": lambda notice: any(item.unit_kind is UnitKind.DIRECT_SCHOOL for item in notice.quotas),
    "maximums": lambda notice: any(item.maximum is not None for item in notice.quotas),
    "paper_routes": lambda notice: any("纸质" in item.subject for item in notice.routes),
}
"""What data settle, by the name silent.toml has for it."""

_HOUR_TOLD = "24:00"  # whoever moves the deadline says to the minute until when


@dataclass(frozen=True, slots=True)
class Settled:
    """An otherwise open topic, and the sentence of the notice that tells of it."""

    topic: SilentTopic
    sentence: Sentence


def is_settled(topic: SilentTopic, notice: Notice) -> bool:
    """Whether the notice's words or data tell of a topic that others leave open."""
    if any(_BY_DATA[name](notice) for name in topic.by):
        return True
    source = "".join(clause.text for clause in notice.clauses)
    source += _HOUR_TOLD if notice.intake_stage.moved_from is not None else ""
    return any(_found(word, source) for word in topic.unless)


def _found(expression: str, text: str) -> str:
    """What an expression finds in a text; empty for nothing. Nearly all are words: none of those is compiled."""
    if expression.isalnum():
        return expression if expression in text else ""
    match = re.search(expression, text)
    return match.group() if match else ""


def settled_topics(notice: Notice, words: Lexicon) -> Iterator[Settled]:
    """The otherwise open topics of which a sentence tells in a word by which they are asked for."""
    sentences = [item for item in _statements(notice) if notice.title not in item.text]
    for topic in words.silent:
        asked = " ".join(topic.ask)
        found = (
            item for word in topic.unless for item in sentences if (said := _found(word, item.text)) and said in asked
        )
        sentence = next(found, None)
        if sentence is not None:
            yield Settled(topic, sentence)


def _statements(notice: Notice) -> Iterator[Sentence]:
    """The sentences of the notice without their numbers, a heading together with what stands under it."""
    heading = Sentence("", "")
    for item in sentences_of(notice):
        text = _NUMBER.sub("", item.text)
        if item.clause == heading.clause:
            text = f"{heading.text}{text}"
        heading = Sentence("", "")
        if len(text) <= _HEADING and text.endswith("。"):
            heading = Sentence(item.clause, text)
        elif _HEADS not in text:
            yield Sentence(item.clause, text)
