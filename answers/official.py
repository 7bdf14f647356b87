"""Answers given by a person of the office, kept beside the notice: found again by questions of the same meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from answers.likeness import Likeness, Meaning


@dataclass(frozen=True, slots=True)
class OfficialAnswer:
    """One question answered officially: the question as it was asked, the answer, the day, and who gave it."""

    question: str
    text: str
    answered_on: date
    by: str


class Officials:
    """The official answers of one notice. `meaning` reads a question the way the engine does."""

    def __init__(self, answers: Iterable[OfficialAnswer], meaning: Callable[[str], Meaning]) -> None:
        self._entries = [(answer, meaning(answer.question)) for answer in answers]
        self._likeness = Likeness([meant for _, meant in self._entries])

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, asked: Meaning) -> OfficialAnswer | None:
        """The official answer to a question of the same meaning, the latest of equals; None when there is none."""
        found = [
            (share, answer.answered_on, place)
            for place, (answer, meant) in enumerate(self._entries)
            if (share := self._likeness.of_same(meant, asked))
        ]
        return self._entries[max(found)[2]][0] if found else None
