"""Several questions in one message: its segments, and which of them ask something of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from answers.acts import marked
from answers.lexicon import Lexicon
from answers.naming import mentions
from answers.normalise import STATED
from answers.question import Question, acts_in
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


def endings_of(text: str, marks: tuple[str, ...], *, shortened: bool) -> tuple[str, ...]:
    """What a long message asks, the likeliest first: its last sentence that holds one of `marks`, with what was stated
    shortly before; that sentence; and what stands in it behind a colon. Who tells a story first asks at its end, and
    gives thanks. None for a short one, unless it is what was left of a long one."""
    sentences = _SENTENCE.findall(text)
    if not sentences or (len(text) <= _RAMBLING and not shortened):
        return ()
    asking = max((at for at, each in enumerate(sentences) if any(mark in each for mark in marks)), default=-1)
    last = _closing(sentences[asking])
    stated = [each for each in sentences[:asking] if STATED.search(each)][-1:] if asking > 0 else []
    before = _closing("".join(stated), _ENDING - len(last)) if stated else ""
    return tuple(dict.fromkeys((before + last, last, last.rpartition(":")[2])))


def _closing(text: str, most: int = _ENDING) -> str:
    """The last clauses of a text that make up `most` characters; at least one where `most` is the usual."""
    kept = ""
    for clause in reversed(_CLAUSE.findall(text)):
        if len(kept) + len(clause) > most and (kept or most < _ENDING):
            break
        kept = clause + kept
    return kept


def clauses_of(text: str) -> tuple[str, ...]:
    """The clauses of a plain text, each with the marks behind it."""
    return tuple(_CLAUSE.findall(text))


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a question: where it stands, its plain wording once the categories spoken of are added, and its acts;
    `asks` tells that it asks in so many words."""

    start: int
    end: int
    text: str
    acts: frozenset[str]
    asks: bool

    @property
    def marked(self) -> str:
        """The text with its acts behind it, as patterns look for them."""
        return marked(self.text, self.acts)


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
        text = text if mentions(text, notice) else prefix + text
        acts = acts_in(text, words)
        if acts & _OPEN or end - start <= _SHORT:
            found.append(Segment(start, end, text, acts, bool(acts & _OPEN)))
    return tuple(found)


def _pieces(text: str) -> list[tuple[int, int]]:
    pieces, last = [], 0
    for match in _PARTING.finditer(text):
        pieces.append((last, match.start()))
        last = match.end()
    pieces.append((last, len(text)))
    return pieces
