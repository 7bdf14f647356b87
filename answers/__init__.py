"""The question-answering engine: a question in, a cited answer out."""

from __future__ import annotations

from answers.engine import Engine, check
from answers.reply import Answer, AnswerKind

__all__ = ["Answer", "AnswerKind", "Engine", "check"]
