"""Our reader and Writer side by side: Chinese character by Chinese character, paragraph by paragraph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from validators.facts import Paragraph, WordFacts

SIZE_STEP = 0.25
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_SHOWN_ALIKE = {"distribute": "both", "start": "left", "end": "right"}

Look = tuple[str, float | None]


@dataclass
class Outcome:
    """What was compared of one file, and where the two differ: (aspect, Writer's word, ours, where)."""

    characters: int = 0
    font: int = 0
    size: int = 0
    paragraphs: int = 0
    alignment: int = 0
    labels: int = 0
    label: int = 0
    unmatched: int = 0
    differences: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        for name in ("characters", "font", "size", "paragraphs", "alignment", "labels", "label", "unmatched"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.differences += other.differences


def compare(facts: WordFacts, shown: dict[str, Any]) -> Outcome:
    """Compare the paragraphs that both hold, found by their text; the others' characters are `unmatched`."""
    outcome = Outcome()
    theirs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in shown["paragraphs"]:
        theirs[_key(item["text"])].append(item)
    for paragraph in facts.paragraphs:
        same = theirs.get(_key(paragraph.text))
        if same:
            _compare_paragraph(paragraph, same.pop(0), facts, outcome)
        else:
            outcome.unmatched += len(_CHINESE.findall(paragraph.text))
    return outcome


def _compare_paragraph(ours: Paragraph, theirs: dict[str, Any], facts: WordFacts, outcome: Outcome) -> None:
    where = ours.text[:20]
    if not _key(ours.text):
        return
    outcome.paragraphs += 1
    mine = _SHOWN_ALIKE.get(ours.alignment, ours.alignment)
    _note(outcome, "alignment", theirs["align"], mine, where)
    if ours.label or theirs["label"]:
        outcome.labels += 1
        _note(outcome, "label", theirs["label"], ours.label, where)
    for (sign, font, size), (name, points) in zip(_signs(theirs), _looks(ours, facts), strict=True):
        if _CHINESE.match(sign):
            outcome.characters += 1
            _note(outcome, "font", font, name, where)
            close = points is not None and abs(points - size) < SIZE_STEP
            _note(outcome, "size", f"{size:g}", f"{size:g}" if close else str(points), where)


def _note(outcome: Outcome, aspect: str, theirs: str, mine: str, where: str) -> None:
    if theirs == mine:
        setattr(outcome, aspect, getattr(outcome, aspect) + 1)
    else:
        outcome.differences.append((aspect, theirs, mine, where))


def _signs(theirs: dict[str, Any]) -> Iterator[tuple[str, str, float]]:
    for text, font, size in theirs["portions"]:
        for sign in text:
            if not sign.isspace():
                yield sign, font, size


def _looks(ours: Paragraph, facts: WordFacts) -> Iterator[Look]:
    start = 0
    for run in ours.runs:
        look = facts.formats[run.format]
        for sign in ours.text[start : start + run.chars]:
            if not sign.isspace():
                yield look.east_asian, look.size_pt
        start += run.chars


def _key(text: str) -> str:
    return re.sub(r"\s", "", text)
