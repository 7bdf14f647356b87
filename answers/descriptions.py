"""How much a description shares with each of a few texts: telling words, weighed by how few of the texts hold them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import rjieba

from answers.lexicon import Lexicon
from answers.likeness import terms_of


class Descriptions:
    """Compares descriptions with a fixed set of texts, each under its name."""

    def __init__(self, texts: Mapping[str, str], words: Lexicon) -> None:
        self._words = words
        self._terms = {name: self._terms_of(text) for name, text in texts.items()}
        occurrences = Counter(term for terms in self._terms.values() for term in terms)
        total = len(self._terms)
        self.weight = {term: math.log((total + 1) / count) for term, count in occurrences.items()}

    def _terms_of(self, text: str) -> frozenset[str]:
        found = terms_of(text.lower(), lambda part: list(rjieba.cut(part, False)), self._words.stop)
        return frozenset(term for term in found if len(term) > 1)

    def shared(self, description: str) -> dict[str, frozenset[str]]:
        """The telling words that a description shares with each text; words of the same meaning count as shared."""
        terms = set(self._terms_of(description))
        for said, meant in self._words.meanings:
            if said in description:
                terms.update(meant)
        return {name: frozenset(terms & own) for name, own in self._terms.items()}

    def of(self, shared: frozenset[str]) -> float:
        """How much shared words weigh together."""
        return sum(self.weight[term] for term in shared)
