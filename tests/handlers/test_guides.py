"""The guides for people are played: whatever they say to write is said, in their order, and understood; whatever they
quote of the bot is what it answered.

In a guide `code` is what the reader sends, a quotation is part of the answer to what was sent last (… stands for
anything), and a comment tells what the reader does besides: `<!-- sends: FILE, NAME -->`, `<!-- says: WORDS -->`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dialogue_stage import Heard, OpenStage, Stage

from answers import AnswerKind, Engine
from domain.receipt import normalise_receipt
from domain.roles import Role

DOCS = Path(__file__).resolve().parents[2] / "docs"
NOW = datetime(2023, 5, 6, 1, tzinfo=UTC)
ME = "reader"
STEP = re.compile(r"<!-- (?P<act>sends|says): (?P<what>.+?) -->|`(?P<said>[^`\n]+)`|^ *> (?P<quoted>.+)$", re.MULTILINE)
RECEIPT = re.compile(r"\b[A-Z]\d?-[0-9A-Z]{8}-[0-9A-Z]\b")
# Handlers that take what nobody else understood.
NOT_UNDERSTOOD = re.compile(r"explain_.*|refuse_.*")

TEACHER = {"userid": "teacher", "name": "王敏", "unit": "lichuan", "school": "利川市某中学"}
COORDINATOR = {"userid": "coordinator", "name": "李主任", "role": "coordinator", "unit": "lichuan"}
A_CASE = (
    {"who": "teacher", "file": "good", "name": "智慧课堂案例.docx"},
    {"who": "teacher", "says": "类别 B1"},
)
ANOTHER_CASE = (
    {"who": "teacher", "file": "other", "name": "数据驱动的作业设计.docx"},
    {"who": "teacher", "says": "类别 B2"},
)


@dataclass(frozen=True)
class Scene:
    """Who the reader is, who else there is, and what has happened before."""

    people: tuple[dict[str, str], ...]
    before: tuple[dict[str, Any], ...] = ()


SCENES = {
    "teacher": Scene((COORDINATOR,)),
    "coordinator": Scene((TEACHER, {**COORDINATOR, "userid": ME}), (*A_CASE, *ANOTHER_CASE)),
    "admin": Scene(
        (TEACHER, COORDINATOR, {"userid": ME, "name": "周老师", "role": "admin"}),
        ({"who": "teacher", "says": "一等奖奖金多少"}, *A_CASE),
    ),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # words do not differ by database
@pytest.mark.parametrize("reader", SCENES)
def test_the_guide_can_be_followed_word_by_word(reader: str, open_stage: OpenStage, engine: Engine) -> None:
    stage, scene, heard = open_stage(NOW), SCENES[reader], None
    for person in scene.people:
        stage.enrol(**person)
    for line in scene.before:
        stage.say(line)
    said = 0
    for step in STEP.finditer((DOCS / f"guide-{reader}.md").read_text(encoding="utf-8")):
        if step["quoted"] is not None:
            assert heard is not None
            pattern = ".*".join(re.escape(part) for part in RECEIPT.sub("…", step["quoted"]).split("…"))
            assert re.search(pattern, heard.text, re.DOTALL), f"quoted: {step['quoted']}\nanswered: {heard.text}"
            continue
        line = _line(step, stage)
        heard = stage.say(line)
        said += 1
        assert _understood(heard, line, engine), f"{line}\n{heard}"
    assert said >= 20


def _line(step: re.Match[str], stage: Stage) -> dict[str, Any]:
    if step["act"] == "sends":
        file, name, *kind = (part.strip() for part in step["what"].split(","))
        return {"who": ME, "file": file, "name": name} | ({"kind": kind[0]} if kind else {})
    words = step["said"] or step["what"]
    newest = stage.receipts().get("receipt1", "")
    assert all(normalise_receipt(each) for each in RECEIPT.findall(words)), f"no receipt can look like this: {words}"
    return {"who": ME, "says": RECEIPT.sub(newest, words)}


def _understood(heard: Heard, line: dict[str, Any], engine: Engine) -> bool:
    """Whether the words were meant for the handler that took them; a question must have got its answer."""
    if heard.handler == "answer_question":
        return engine.answer(line["says"], role=Role.TEACHER, now=NOW).kind is AnswerKind.ANSWER
    return NOT_UNDERSTOOD.fullmatch(heard.handler) is None
