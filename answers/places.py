"""Where something stands: which category it belongs to, which section of the template it goes into."""

from __future__ import annotations

import re

from answers.index import Found, Index, Sentence
from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from domain.notice import Category, Notice

_LEAST_COVERAGE = 0.2
_PIECES = re.compile(r"[，。；：、]")


class Places:
    """Finds the category or the template section that speaks of what a question describes."""

    def __init__(self, notice: Notice, words: Lexicon) -> None:
        self._notice = notice
        self._categories = Index(_category_sentences(notice), words.stop)
        self._sections = Index(
            (
                Sentence(section.clause or notice.template.clause, section.title + "：" + section.hint)
                for section in notice.template.sections
                if section.hint
            ),
            words.stop,
        )

    def category(self, question: Question) -> Draft | None:
        """The category whose description is nearest, with the words it rests on."""
        found = _first(self._categories, question.text)
        if found is None:
            return None
        category = self._owner(found.sentence.clause)
        piece = _piece(found.sentence.text, question.text)
        text = f"{category.code} 类（{category.name}）：通知写有“{piece}”。"
        return Draft(text, (found.sentence.clause,), "locate")

    def section(self, question: Question) -> Draft | None:
        """The section of the template whose instruction is nearest."""
        found = _first(self._sections, question.text)
        if found is None:
            return None
        template = self._notice.template
        section = next(item for item in template.sections if found.sentence.text == item.title + "：" + item.hint)
        text = f"写在“{section.label}{section.title}”：{section.hint}"
        return Draft(text, (found.sentence.clause,), "place")

    def _owner(self, clause_id: str) -> Category:
        return next(item for item in self._notice.categories if _inside(clause_id, item.clause))


def _inside(clause_id: str, parent: str) -> bool:
    return clause_id == parent or clause_id.startswith(parent + ".")


def _category_sentences(notice: Notice) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(clause.id, clause.text.strip())
        for clause in notice.clauses
        if any(_inside(clause.id, category.clause) for category in notice.categories)
    )


def _first(index: Index, text: str) -> Found | None:
    found = index.search(text, 1)
    return found[0] if found and found[0].coverage >= _LEAST_COVERAGE else None


def _piece(sentence: str, question: str) -> str:
    """The piece of the sentence, between two marks, that shares most characters with the question."""
    pieces = [piece.strip() for piece in _PIECES.split(sentence) if len(piece.strip()) > 3]  # noqa: PLR2004 - no bare words
    asked = set(question)
    return max(pieces, key=lambda piece: sum(char in asked for char in piece) / (len(piece) + 4), default=sentence)
