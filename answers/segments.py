"""Several questions in one message: its segments, and which of them ask something of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from answers.lexicon import Lexicon
from answers.naming import mentions
from answers.question import Question, understood
from domain.notice import Notice

_PARTING = re.compile(
    r"[,。;?!、\n]+|(?<=多少)(?=字|图|视频|张图|什么时候|格式|标题)|(?<=[张个字篇])(?=什么时候|字数|图|视频|格式|标题|字体)|(?:以及|还有|另外|顺便|同时|并且|然后|再就是|和|跟|与)"
)
_OPEN = frozenset({"what", "how", "when", "where", "who", "many", "why", "must", "may", "differ", "which"})
_SHORT = 8
_LEAST = 2
_RAMBLING = 110
_ENDING = 60
_SENTENCE = re.compile(r"[^。;?!\n]+[。;?!\n]*")
_CLAUSE = re.compile(r"[^,。;?!\n]+[,。;?!\n]*")


def endings_of(text: str) -> tuple[str, ...]:
    """The last clauses of a long message, and the last sentence of them: who tells a story first asks at its end.
    None for a short one."""
    if len(text) <= _RAMBLING:
        return ()
    kept = ""
    for clause in reversed(_CLAUSE.findall(text)):
        if kept and len(kept) + len(clause) > _ENDING:
            break
        kept = clause + kept
    last = _SENTENCE.findall(kept)[-1]
    return (kept, last) if last != kept else (kept,)


def clauses_of(text: str) -> tuple[str, ...]:
    """The clauses of a plain text, each with the marks behind it."""
    return tuple(_CLAUSE.findall(text))


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a question: where it stands, and what it asks once the categories spoken of are added;
    `asks` tells that it asks in so many words."""

    start: int
    end: int
    question: Question
    asks: bool


def segments_of(whole: Question, notice: Notice, words: Lexicon) -> tuple[Segment, ...]:
    """The pieces of a plain question that may ask something themselves: those that ask in so many words and, in a list,
    short names of things. None when there is one piece only."""
    pieces = [(start, end) for start, end in _pieces(whole.text) if end - start >= _LEAST]
    if len(pieces) < _LEAST:
        return ()
    prefix = f"{'、'.join(whole.categories).lower()}类" if whole.exact and len(whole.categories) == 1 else ""
    found = []
    for start, end in pieces:
        text = whole.text[start:end]
        own = understood(text if mentions(text, notice) else prefix + text, notice, words)
        if own.acts & _OPEN or end - start <= _SHORT:
            found.append(Segment(start, end, own, bool(own.acts & _OPEN)))
    return tuple(found)


def _pieces(text: str) -> list[tuple[int, int]]:
    pieces, last = [], 0
    for match in _PARTING.finditer(text):
        pieces.append((last, match.start()))
        last = match.end()
    pieces.append((last, len(text)))
    return pieces
