"""The language model's endpoint: bounded whatever it does, left alone while it fails, shown nothing personal."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from model_stand_in import MANNERS, StandIn, model_stand_in

from bot.model.breaker import Breaker
from bot.model.discretion import without_personal
from bot.model.endpoint import Endpoint, ModelError

BUDGET_S = 0.6


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with model_stand_in() as endpoint:
        yield endpoint


def test_it_asks_as_the_protocol_says(stand_in: StandIn) -> None:
    stand_in.say = lambda text: f" {text}! "
    assert Endpoint(stand_in.base_url + "/", "small", "k-1").ask("Be short.", "字数？") == "字数？!"
    (asked,) = stand_in.asked
    assert (asked["path"], asked["authorization"], asked["model"]) == ("/v1/chat/completions", "Bearer k-1", "small")
    assert [each["role"] for each in asked["messages"]] == ["system", "user"]
    assert "tools" not in asked
    assert "k-1" not in repr(Endpoint(stand_in.base_url, "small", "k-1"))


@pytest.mark.parametrize("manner", sorted(set(MANNERS) - {"good"}))
def test_a_bad_endpoint_ends_in_an_error_and_in_time(stand_in: StandIn, manner: str) -> None:
    stand_in.manner = manner
    begun = time.monotonic()
    with pytest.raises(ModelError):
        Endpoint(stand_in.base_url, "small", budget_s=BUDGET_S).ask("Be short.", "字数？")
    assert time.monotonic() - begun < BUDGET_S * 4


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ModelError):
        Endpoint("http://127.0.0.1:9/v1", "small", budget_s=BUDGET_S).ask("Be short.", "字数？")


def test_the_breaker_rests_after_three_failures_and_lets_one_attempt_decide() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(2):
        breaker.note(success=False)
    assert breaker.allows()
    breaker.note(success=False)
    assert not breaker.allows()
    now[0] = 61.0
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.note(success=False)
    now[0] = 100.0
    assert not breaker.allows()
    now[0] = 130.0
    assert breaker.allows()
    breaker.note(success=True)
    assert [breaker.allows(), breaker.allows()] == [True, True]


@pytest.mark.parametrize(
    "told",
    [
        "电话13812345678",
        "我的邮箱是 wang@example.com",
        "身份证422801198001011234",
        "回执B1-7K2QM9XD-4过了没",
        "我叫张三丰，能报吗",
        "我是建始县某某小学的",
    ],
)
def test_what_points_to_a_person_is_masked(told: str) -> None:
    shown = without_personal(told, None, "")
    assert "〔略〕" in shown
    for part in ("13812345678", "example.com", "4228", "7K2QM9XD", "张三丰", "某某小学"):
        assert part not in shown


def test_the_persons_own_name_and_school_are_masked_and_the_question_stays() -> None:
    assert (
        without_personal("王老师在实验学堂写了3200字能交吗", "王老师", "实验学堂") == "〔略〕在〔略〕写了3200字能交吗"
    )
    assert without_personal("B1要写3500字吗，2023年5月20日截止？") == "B1要写3500字吗，2023年5月20日截止？"
