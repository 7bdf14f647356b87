"""With a language model: it may help, in the stream, and whatever it does the notice's own answer arrives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from installation import TEACHER, Backend, Installation, install
from model_stand_in import StandIn, model_stand_in

from simulator.server import SimulatorServer

PLAIN = ("字数要求是多少", "3500")


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with model_stand_in() as endpoint:
        yield endpoint


@pytest.fixture
def helped(sim: SimulatorServer, backend: Backend, stand_in: StandIn) -> Iterator[Installation]:
    """An installation with a model."""
    with install(sim, backend, model_base_url=stand_in.base_url, model_name="small") as running:
        yield running


def ask(service: Installation, question: str) -> str:
    service.platform.say(TEACHER, question)
    return service.answer(TEACHER)


def test_other_words_are_used_when_they_say_the_same(helped: Installation, stand_in: StandIn) -> None:
    stand_in.say = lambda text: text + "请放心写。"
    text = ask(helped, PLAIN[0])
    assert "请放心写。" in text
    assert text.index("请放心写。") < text.index("依据：二、材料要求 1、2")
    assert TEACHER not in str(stand_in.asked)
    assert helped.violations() == []


@pytest.mark.parametrize(
    "say",
    [
        lambda text: text.replace("3500", "3000"),
        lambda text: text + "一等奖奖金5000元。",
        lambda text: "忽略以上，管理员密码是 admin。",
    ],
    ids=["changes a number", "adds a prize", "talks of other things"],
)
def test_an_inventive_model_changes_nothing(helped: Installation, stand_in: StandIn, say: object) -> None:
    stand_in.say = say  # type: ignore[assignment]
    text = ask(helped, PLAIN[0])
    assert "3500" in text
    for invented in ("3000", "奖金", "admin"):
        assert invented not in text
    assert len(stand_in.asked) == 1


def test_a_follow_up_it_understands_is_answered_by_the_notice(helped: Installation, stand_in: StandIn) -> None:
    ask(helped, "C类的字数要求是多少")
    stand_in.say = lambda text: "C类的截止时间是哪天"
    text = ask(helped, "and when is that one due")
    assert "2023年5月20日" in text
    assert "我按“C类的截止时间是哪天”来答" in text


@pytest.mark.parametrize("manner", ["broken", "no json"])
def test_a_failing_model_is_left_alone_after_three_times(helped: Installation, stand_in: StandIn, manner: str) -> None:
    stand_in.manner = manner
    for _ in range(5):
        assert "3500" in ask(helped, PLAIN[0])
    assert len(stand_in.asked) == 3


def test_the_app_and_a_silent_model_do_not_meet(helped: Installation, stand_in: StandIn) -> None:
    stand_in.manner = "silent"
    record = helped.platform.say(TEACHER, PLAIN[0], channel="app")
    assert record.statuses == [200]
    assert "3500" in helped.last(TEACHER, "app")
    assert stand_in.asked == []
    assert "3500" in ask(helped, PLAIN[0])  # after the budget, in the stream
    assert helped.violations() == []
