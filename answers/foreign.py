"""Whether a question is about something that neither the notice nor the language data know: then a topic that shares a
word or two with it is no answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

import rjieba

from answers.lexicon import Lexicon
from answers.topics import Topic
from domain.notice import Notice

_SEGMENT = re.compile(r"[^,。;?!\n]+")
_NOUNS = ("n", "j", "vn", "an")
_NAMES = ("nr", "ns")
_TELLING = (*_NOUNS, "v", "l")
_NAMED = (*_NAMES, "nz", "nt")
_LEAST = 2
_PROPOSED = re.compile(
    r"(?:要不要|需不需要|用不用|能不能|可不可以|可以|允许|必须|需要)(?:再|另外|还|也|在|给|把|有)?([^,。;?]{2,12}?)(?:的)?(?:吗|吧|不|没|呢)?\??$"
)
"""What somebody asks to do, or whether it must be done, at the end of a question."""

_EMPTY = frozenset("不没几这那有还是一个哪什怎可")
"""Words that begin so say how something is asked."""


class Foreign:
    """Knows the words of one notice, of its topics, and of how people speak."""

    def __init__(self, notice: Notice, words: Lexicon, topics: Iterable[Topic]) -> None:
        asked = [word for topic in topics for pattern in topic.ask for group in pattern.wanted for word in group]
        told = [fact.say for fact in notice.facts]
        units = [name for unit in notice.units for name in (unit.name, *unit.aliases)]
        spoken = [word for pair in words.says for word in pair]
        named = [word for group in (*words.units.values(), *words.formats.values()) for word in group]
        fonts = [*words.fonts.names, *words.fonts.title, *words.fonts.heading, *words.fonts.body]
        self._light = words.light | words.stop | frozenset(words.filler)
        texts = [clause.text for clause in notice.clauses]
        texts += [word for item in notice.categories for word in (item.name, item.group, *item.keywords)]
        self._known = "\n".join(
            (
                *asked,
                *told,
                *units,
                *spoken,
                *named,
                *fonts,
                *texts,
                *words.common,
                *dict(words.meanings),
                *words.filler,
                *words.stop,
                *words.light,
            )
        ).lower()

    def tells(self, text: str) -> bool:
        """Whether a plain text holds a word that the notice or its topics use, other than one that only asks."""
        return any(
            len(word) > 1 and word[0] not in _EMPTY and word not in self._light and word in self._known
            for word in rjieba.cut(text, False)
        )

    def _is_unknown(self, word: str) -> bool:
        """Whether neither a word nor what it is a kind of (任课老师: 老师) is known."""
        return len(word) > 1 and not word.isascii() and word not in self._known and word[-2:] not in self._known

    def proposes(self, text: str) -> bool:
        """Whether what is asked to be done, or to be left, ends with something that nobody here knows: of it a topic
        recognised by the rest of the plain `text` says nothing (微视频要不要加校徽)."""
        match = _PROPOSED.search(text)
        if match is None:
            return False
        words = [(word, kind) for word, kind in rjieba.tag(match.group(1), True) if word not in self._light]
        return bool(words) and words[-1][1].startswith(("n", "vn")) and self._is_unknown(words[-1][0])

    def qualifies(self, text: str, span: frozenset[int]) -> bool:
        """Whether a word nobody here knows stands right before `span`, by which a topic was recognised in the plain
        `text`: 研学旅行报名截止 asks for the last day of something else."""
        last, at = "", 0
        for word, kind in rjieba.tag(text, False):
            if not span.isdisjoint(range(at, at + len(word))):
                return last != ""
            if word != "的":
                unknown = kind.startswith(_TELLING) and not kind.startswith(_NAMED) and self._is_unknown(word)
                last = word if unknown else ""
            at += len(word)
        return False

    def outweighs(self, text: str, span: frozenset[int]) -> bool:
        """Whether the nouns nobody here knows, in the segments of the plain `text` that hold `span`, make up at least
        as many characters as `span`, by which a topic was recognised; or whether one of them qualifies it."""
        unknown = 0
        for match in _SEGMENT.finditer(text):
            if span.isdisjoint(range(*match.span())):
                continue
            unknown += sum(
                len(word)
                for word, kind in rjieba.tag(match.group(), True)
                if kind.startswith(_NOUNS) and not kind.startswith(_NAMES) and self._is_unknown(word)
            )
        return unknown >= max(_LEAST, len(span)) or self.qualifies(text, span)
