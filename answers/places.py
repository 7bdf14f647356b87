"""Where something stands: which section of the template it goes into."""

from __future__ import annotations

import re

from answers.descriptions import Descriptions
from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from domain.notice import Notice

_LEAST = 0.9
_ITEMS = re.compile(r"[、，；：。]|等")


class Places:
    """Finds the section of the template that speaks of what a question describes."""

    def __init__(self, notice: Notice, words: Lexicon) -> None:
        self._template = notice.template
        self._sections = {str(at): item for at, item in enumerate(notice.template.sections) if item.hint}
        self._descriptions = Descriptions({name: item.hint for name, item in self._sections.items()}, words)

    def section(self, question: Question) -> Draft | None:
        """The section whose instruction is nearest to what is described; None when none speaks of it, or when what is
        asked for is a field of the table in front."""
        shared = self._descriptions.shared(self._described(question.text))
        name = max(shared, key=lambda each: self._descriptions.of(shared[each]), default="")
        if not name or self._descriptions.of(shared[name]) < _LEAST:
            return None
        section = self._sections[name]
        text = f"写在“{section.label}{section.title}”：{section.hint}"
        return Draft(text, (section.clause or self._template.clause,), "place", verdict=True)

    def _described(self, text: str) -> str:
        """What is to be placed: the text without the names of the sections it might go into."""
        for section in self._template.sections:
            text = text.replace(section.title, ",")
        return text
