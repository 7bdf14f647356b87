"""What a rule is: a code, a stable name, parameters from the notice, and one function from facts to faults."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from domain.notice import Category, Notice, RuleUse, Severity
from validators.facts import FileFacts, WordFacts
from validators.report import Status, Where

_QUOTE = 20
_HEADING = 40
_BELOW = " > "


class Subject(Enum):
    """What a rule looks at. It is applied only to files that have it."""

    FILE = "file"
    WORD = "word"
    VIDEO = "video"

    def applies(self, facts: FileFacts) -> bool:
        """Whether these facts hold what the rule looks at."""
        if self is Subject.WORD:
            return facts.word is not None
        return self is Subject.FILE or facts.video is not None


@dataclass(frozen=True, slots=True)
class NoParams:
    """For rules that take no parameters."""


@dataclass(frozen=True, slots=True)
class Context:
    """The notice a file is judged by: the category it was handed in for, and the clause the rule stands on."""

    category: Category
    notice: Notice
    clause: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found, before the engine adds code, name, severity and clause. `severity` overrides the notice's only
    to make a finding milder. `paragraphs` are the numbers of all paragraphs that show it, where they are more than
    one."""

    message: str
    advice: str
    expected: str
    found: str
    where: Where | None = None
    status: Status = Status.WRONG
    severity: Severity | None = None
    paragraphs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `title` is its short Chinese name; `measured` gives the value shown beside it, "" for none;
    `documentation` is the module's docstring, from which the page about the rules is made.
    `needs_template`: it has nothing to look at in a category without one."""

    code: str
    name: str
    title: str
    subject: Subject
    params: type
    check: Callable[[FileFacts, Any, Context], Iterable[Fault]]
    measured: Callable[[FileFacts], str] | None = None
    documentation: str | None = None
    needs_template: bool = False


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule with the parameters one entry of the notice gives it."""

    rule: Rule
    params: Any
    use: RuleUse


def word_of(facts: FileFacts) -> WordFacts:
    """The Word facts of a file that a WORD rule is applied to."""
    if facts.word is None:
        raise ValueError("a Word rule was applied to a file without Word facts")
    return facts.word


def where(word: WordFacts, index: int) -> Where | None:
    """The place of paragraph `index`: the headings it stands under, its own included, and its own first words."""
    path: list[tuple[int, str]] = []
    for paragraph in word.paragraphs:
        text = paragraph.visible.strip()
        if paragraph.level:
            path = [(level, above) for level, above in path if level < paragraph.level]
            path.append((paragraph.level, text.partition("。")[0][:_HEADING]))
        if paragraph.index == index:
            return Where(index, _BELOW.join(heading for _, heading in path), text[:_QUOTE])
    return None
