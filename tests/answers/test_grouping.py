"""Open questions of the same meaning are one group, however they are worded; others stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from answers import Engine
from domain.notice_loader import load_notice

ROOT = Path(__file__).resolve().parents[2]
ALIKE = (
    ("一等奖奖金多少", "请问获一等奖有奖金吗，是多少钱", "老师您好，奖金有多少"),
    ("一个案例能写几个作者", "作者最多能写几个", "请问老师，作者可以有几个呀"),
    ("可以用AI写吗", "用ai生成的能不能交"),
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(load_notice(ROOT / "notices" / "enshi-2023-05"))


@pytest.mark.parametrize("wordings", ALIKE, ids=lambda wordings: wordings[0])
def test_wordings_of_one_question_are_one_group(engine: Engine, wordings: tuple[str, ...]) -> None:
    assert engine.groups(wordings) == (0,) * len(wordings)


def test_different_questions_stay_apart(engine: Engine) -> None:
    questions = [wordings[0] for wordings in ALIKE]
    questions += ["A1类可以和B1类合报吗", "A2类可以和B1类合报吗", "食堂几点开饭", "报3个有奖励吗", "报5个有奖励吗"]
    assert engine.groups(questions) == tuple(range(len(questions)))


def test_no_question_is_no_group(engine: Engine) -> None:
    assert engine.groups([]) == ()
    assert engine.groups(["", "？？", "字数"]) == (0, 1, 2)
