"""The question-answering engine: a question in, a cited answer out."""

from __future__ import annotations

from answers.conversation import Conversation
from answers.engine import Engine
from answers.grounding import brings_nothing_new, is_grounded
from answers.official import OfficialAnswer
from answers.reply import Answer, AnswerKind, without_citation
from answers.slots import check

__all__ = [
    "Answer",
    "AnswerKind",
    "Conversation",
    "Engine",
    "OfficialAnswer",
    "brings_nothing_new",
    "check",
    "is_grounded",
    "without_citation",
]
