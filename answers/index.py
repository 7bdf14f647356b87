"""Search over the notice's sentences: words and character pairs, weighed by how rare they are."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import rjieba

from domain.notice import Notice

_SENTENCES = re.compile(r"(?<=[。；;])|\n")
_PARTS = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9+.]+")
_SATURATION = 1.2
_LENGTH_SHARE = 0.6
_RUN = 3
_RUN_WEIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a clause, word for word."""

    clause: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence found: its BM25 score, and how much of the question's weight (0 to 1) it holds."""

    sentence: Sentence
    score: float
    coverage: float


def sentences_of(notice: Notice) -> tuple[Sentence, ...]:
    """Every sentence of the notice with the clause it stands in."""
    return tuple(
        Sentence(clause.id, part.strip())
        for clause in notice.clauses
        for part in _SENTENCES.split(clause.text)
        if part.strip()
    )


class Index:
    """BM25 over a fixed set of sentences."""

    def __init__(self, sentences: Iterable[Sentence], stop: frozenset[str]) -> None:
        self._stop = stop
        self._sentences = tuple(sentences)
        self._terms = tuple(Counter(self._terms_of(item.text)) for item in self._sentences)
        self._mean = sum(sum(terms.values()) for terms in self._terms) / max(1, len(self._terms))
        occurrences = Counter(term for terms in self._terms for term in terms)
        total = len(self._sentences)
        self._weight = {
            term: math.log(1 + (total - count + 0.5) / (count + 0.5)) for term, count in occurrences.items()
        }
        self._unknown = math.log(1 + (total + 0.5) / 0.5)

    def _terms_of(self, text: str) -> list[str]:
        terms: list[str] = []
        for part in _PARTS.findall(text.lower()):
            if not "\u4e00" <= part[0] <= "\u9fff":
                terms.append(part)
                continue
            words = [word for word in rjieba.cut(part, False) if word not in self._stop]
            terms.extend(words)
            for word in words:
                if len(word) > 2:  # noqa: PLR2004 - pairs of longer words let parts of them match
                    terms.extend(word[at : at + 2] for at in range(len(word) - 1))
        return terms

    def search(self, question: str, limit: int = 5) -> tuple[Found, ...]:
        """The sentences nearest to the question, best first; none when they share no telling word."""
        asked = list(dict.fromkeys(self._terms_of(question)))
        runs = _runs(question)
        whole = sum(self._weight.get(term, self._unknown) for term in asked)
        found = []
        for sentence, terms in zip(self._sentences, self._terms, strict=True):
            shared = [term for term in asked if term in terms]
            if not shared:
                continue
            length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * sum(terms.values()) / self._mean
            score = sum(
                self._weight[term] * terms[term] * (_SATURATION + 1) / (terms[term] + _SATURATION * length)
                for term in shared
            )
            score += _RUN_WEIGHT * sum(run in sentence.text for run in runs)
            coverage = sum(self._weight[term] for term in shared) / whole
            found.append(Found(sentence, score, coverage))
        return tuple(sorted(found, key=lambda item: -item.score)[:limit])


def _runs(text: str) -> frozenset[str]:
    """The runs of three characters of a text: what is said word for word counts beyond single words."""
    return frozenset(text[at : at + _RUN] for at in range(len(text) - _RUN + 1))
