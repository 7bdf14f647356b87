"""What the engine hands back, and the line that names the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from answers.conversation import NOTHING, Conversation
from answers.lexicon import Lexicon
from answers.official import OfficialAnswer
from domain.notice import Clause, Notice
from domain.wording import show_moved


class AnswerKind(StrEnum):
    """answer: the notice says it. refuse: it does not, or it is not our subject. smalltalk: neither was asked."""

    ANSWER = "answer"
    REFUSE = "refuse"
    SMALLTALK = "smalltalk"


_CITED = "依据："
_WRONG = ("不", "还差")


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. `text` is ready for the chat and ends with the 依据 line when `clauses` (ids) is not empty;
    `follow_ups` are the questions the person may like to ask next, likeliest first, at most three. `conversation` is to
    be handed back with the same person's next question. `official` is set where a person's answer was found again;
    `topics` names what was
    told, `judged` tells that something the person stated was judged, `open_question` that the notice leaves it open,
    so that a person may be asked."""

    kind: AnswerKind
    text: str
    clauses: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    conversation: Conversation = NOTHING
    official: OfficialAnswer | None = None
    open_question: bool = False
    topics: tuple[str, ...] = ()
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """One piece of an answer with the clauses it rests on. `verdict` pieces judge something the person stated and
    stand first; `topic` names what it is about, so that no topic is told twice."""

    text: str
    clauses: tuple[str, ...]
    topic: str
    verdict: bool = False


def cited(notice: Notice, clause_ids: tuple[str, ...]) -> str:
    """The line "依据：二、材料要求 1、2": labels as the notice prints them, a shared heading written once. Where one
    of them prints a deadline that was moved since, that is said.

    Raises KeyError for an id the notice does not have."""
    return _cited(notice, tuple(map(notice.clause, clause_ids)))


def _cited(notice: Notice, clauses: tuple[Clause, ...]) -> str:
    shown: list[str] = []
    heading = ""
    for label in (clause.label for clause in clauses):
        head, blank, number = label.rpartition(" ")
        if blank and head == heading:
            shown[-1] += f"、{number}"
        else:
            shown.append(label)
        heading = head if blank else ""
    line = _CITED + "；".join(shown)
    stage = notice.intake_stage
    spoken_of = any(clause.id == stage.clause for clause in clauses)
    moved = show_moved(stage, notice.timezone, notice.issued_by_short) if spoken_of else ""
    return f"{line}（{moved}）" if moved else line


def without_citation(text: str) -> tuple[str, str]:
    """The text of an answer, and what `cited` put behind it, with its line break; "" where there is none."""
    told, mark, clauses = text.rpartition(f"\n{_CITED}")
    return (told, mark + clauses) if mark else (text, "")


def joined(notice: Notice, drafts: tuple[Draft, ...], follow_ups: tuple[str, ...]) -> Answer:
    """One answer out of its pieces: verdicts first, what is wrong before what is right, each text once, then the
    clauses in the notice's order."""
    ordered = sorted(drafts, key=lambda draft: (not draft.verdict, not draft.text.startswith(_WRONG)))
    texts = tuple(dict.fromkeys(draft.text for draft in ordered))
    used = {clause_id for draft in ordered for clause_id in draft.clauses}
    clauses = tuple(clause for clause in notice.clauses if clause.id in used)
    lines = (*texts, _cited(notice, clauses)) if clauses else texts
    return Answer(
        AnswerKind.ANSWER,
        "\n".join(lines),
        tuple(clause.id for clause in clauses),
        follow_ups,
        topics=tuple(dict.fromkeys(draft.topic for draft in drafts)),
        judged=any(draft.verdict for draft in drafts),
    )


def next_questions(drafts: Sequence[Draft], words: Lexicon) -> tuple[str, ...]:
    """What is likely asked next after these pieces of an answer."""
    return words.follow_ups.get(drafts[0].topic, words.follow_ups["other"])
