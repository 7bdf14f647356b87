"""Where something stands: which section of the template it goes into, which clauses speak of it."""

from __future__ import annotations

import re
from dataclasses import replace

from answers.descriptions import Descriptions
from answers.lexicon import Lexicon
from answers.question import Question
from answers.recognition import Recogniser
from answers.reply import Draft
from answers.wording_files import INSIDE
from domain.notice import Notice

_LEAST = 0.9
_HEARD = 2.0
"""What it weighs beside shared words that a question sounds like those asked of a section."""

_NEARLY = 0.2
_A_LITTLE = 0.25
"""What has to speak for a section where it is sure that one is meant."""


_SHORTEST, _LONGEST, _MOST = 4, 24, 4
_PUT = re.compile(r"(?:写|放|归|搁|塞|摆)(?:到|在|进|入)")
_ASKS_WHERE = re.compile(r"(?:到|在|进|入)(?:哪|什么)")
_NOT_LETTERS = re.compile(r"[^\u4e00-\u9fffa-z0-9]+")


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text.lower())


class Places:
    """Finds the section of the template that speaks of what a question describes."""

    def __init__(self, notice: Notice, words: Lexicon, recogniser: Recogniser) -> None:
        self._notice = notice
        self._recogniser = recogniser
        self._template = notice.template
        self._texts = {clause.id: _letters(clause.text) for clause in notice.clauses}
        self._sections = {f"{INSIDE}{item.title}": item for item in notice.template.sections if item.hint}
        self._descriptions = Descriptions({name: item.hint for name, item in self._sections.items()}, words)

    def section(self, question: Question) -> Draft | None:
        """The section whose instruction is nearest to what is described; None when none speaks of it, or when what is
        asked for is a field of the table in front."""
        shared = self._descriptions.shared(self._described(question.text))
        heard = self._heard(question.text)
        likely = {name: self._descriptions.of(shared[name]) + _HEARD * heard.get(name, 0.0) for name in shared}
        name = max(likely, key=likely.__getitem__, default="")
        if not name or likely[name] < _LEAST:
            return None
        return replace(self.written_in(name), topic="place", verdict=True)

    def likeliest(self, question: Question) -> Draft | None:
        """What the template says of the section that a question about one sounds most like; None when like none."""
        scores = self._recogniser.scores(question.text)
        name = max(self._sections, key=lambda each: scores.get(each, 0.0), default="")
        if not name or scores.get(name, 0.0) < _A_LITTLE:
            return None
        section = self._sections[name]
        text = f"“{section.label}{section.title}”：{section.hint}"
        return Draft(text, (section.clause or self._template.clause,), "section")

    def _heard(self, text: str) -> dict[str, float]:
        """How much the plain `text` sounds like what is asked of each section; nothing of those it sounds less like
        than like something else altogether."""
        scores = self._recogniser.scores(text)
        least = max(scores.values(), default=0.0) - _NEARLY
        return {name: scores[name] for name in self._sections.keys() & scores.keys() if scores[name] >= max(least, 0.0)}

    @property
    def sections(self) -> tuple[str, ...]:
        """The labels of the sections something can be written in."""
        return tuple(self._sections)

    def written_in(self, name: str) -> Draft:
        """That something is written in the section of that label, and what the template says of it."""
        section = self._sections[name]
        text = f"写在“{section.label}{section.title}”：{section.hint}"
        return Draft(text, (section.clause or self._template.clause,), name)

    def mentioned(self, question: Question) -> Draft | None:
        """The clauses that hold the longest piece of the question word for word; None when no clause holds one of some
        length."""
        text = _letters(question.text)
        for length in range(min(len(text), _LONGEST), _SHORTEST - 1, -1):
            for at in range(len(text) - length + 1):
                piece = text[at : at + length]
                holding = [clause for clause in self._notice.clauses if piece in self._texts[clause.id]]
                if holding and len(holding) <= _MOST:
                    told = "；".join(f"{clause.label}{self._category(clause.id)}" for clause in holding)
                    return Draft(f"“{piece}”写在：{told}。", tuple(clause.id for clause in holding), "place")
        return None

    def misplaced(self, question: Question) -> Draft | None:
        """The verdict on putting something into a named section of the template; None when nothing is put anywhere, or
        no section speaks of it."""
        if not _PUT.search(question.text) or _ASKS_WHERE.search(question.text):
            return None
        named = [item for item in self._template.sections if item.title[-2:] in question.text]
        best = self.section(question)
        if len(named) != 1 or best is None:
            return None
        if best.clauses == (named[0].clause or self._template.clause,):
            return replace(best, text=f"可以。{best.text}")
        return replace(best, text=f"不合适，放错了地方。这些应{best.text}")

    def _category(self, clause_id: str) -> str:
        """The category a clause describes, in brackets."""
        owners = [
            item.code
            for item in self._notice.categories
            if item.clause == clause_id or clause_id.startswith(f"{item.clause}.")
        ]
        return f"（{'、'.join(owners)} 类）" if owners else ""

    def _described(self, text: str) -> str:
        """What is to be placed: the text without the names of the sections it might go into."""
        for section in self._template.sections:
            text = text.replace(section.title, ",")
        return text
