"""The engine against written cases: questions as people put them, and what the answer must be and say."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from answers import AnswerKind, Engine
from domain.notice_loader import load_notice
from domain.roles import Role

ROOT = Path(__file__).parents[2]
NOW = datetime(2023, 5, 6, 1, tzinfo=UTC)
NOTICE = load_notice(ROOT / "notices/enshi-2023-05")
CASES = [
    pytest.param(case, id=f"{path.stem}-{place}")
    for path in sorted((ROOT / "tests/cases/answers").glob("*.toml"))
    for place, case in enumerate(tomllib.loads(path.read_text("utf-8"))["case"], start=1)
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(NOTICE)


def asked_at(case):
    """When the question is put: the case's local time, else the usual day."""
    return datetime.fromisoformat(case["at"]).replace(tzinfo=NOTICE.timezone) if "at" in case else NOW


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_as_the_case_says(engine, case):
    answer = engine.answer(case["q"], role=Role.TEACHER, now=asked_at(case))
    assert answer.kind.value in case["kind"].split("|"), answer.text
    assert answer.text.startswith(tuple(case.get("starts", "").split("|"))), answer.text
    for wanted in case.get("has", ()):
        assert any(each in answer.text for each in wanted.split("|")), answer.text
    for unwanted in case.get("lacks", ()):
        assert unwanted not in answer.text, answer.text
    assert set(case.get("clauses", ())) <= set(answer.clauses)


@pytest.mark.parametrize("case", CASES)
def test_every_answer_cites_what_it_rests_on_and_fits_a_phone(engine, case):
    answer = engine.answer(case["q"], role=Role.COORDINATOR, now=asked_at(case))
    if answer.kind is AnswerKind.ANSWER:
        assert answer.clauses
    assert bool(answer.clauses) == ("依据：" in answer.text.splitlines()[-1])
    assert len(answer.text) <= 800
    assert len(answer.follow_ups) <= 3
