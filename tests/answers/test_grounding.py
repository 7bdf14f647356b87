"""A text somebody else worded is used only when it adds nothing and turns nothing round."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import brings_nothing_new, is_grounded
from domain.notice_loader import load_notice

NOTICE = load_notice(Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05")
TOLD = "不符合。A、B 类要求 3500–5000 字，还差 300 字。若您报的是 C 类（网络学习空间），1500 字以上即可。"
CLAUSE = ("插图控制在5张以内，字数控制在3500--5000字范围。",)
DEADLINE = "利川市上报截止到 2023年5月20日（周六），还有14天15小时。"


@pytest.mark.parametrize(
    ("told", "worded"),
    [
        (TOLD, TOLD),
        (TOLD, "不符合，A、B 类要 3500–5000 字，还差 300 字。报 C 类（网络学习空间）的话 1500 字以上即可。"),
        (DEADLINE, "利川市的上报截止到 2023年5月20日（周六），您还有14天15小时，请一起抓紧。"),
        ("可以。插图放3张，在5张以内。", "可以，插图放3张，在5张以内。"),
    ],
)
def test_other_words_for_the_same_are_taken(told: str, worded: str) -> None:
    assert is_grounded(worded, told, CLAUSE, NOTICE)


@pytest.mark.parametrize(
    ("told", "worded"),
    [
        (TOLD, TOLD.replace("3500", "3000")),
        (TOLD, TOLD.replace("还差 300 字", "还差三百五十字")),
        (TOLD, TOLD.replace("不符合", "符合")),
        (TOLD, "您好，" + TOLD.replace("不符合", "基本符合")),
        (TOLD, TOLD.replace("1500 字以上", "1500 字以下")),
        (TOLD, TOLD.replace("C 类", "D 类")),
        (TOLD, TOLD + "奖金 2000 元。"),
        (TOLD, TOLD + "详见 https://example.com"),
        (TOLD, TOLD + "请用《格式范本》。"),
        (TOLD, TOLD.replace("，还差 300 字", "")),
        (TOLD, TOLD + "无需担心。"),
        (TOLD, TOLD + "一等奖奖金5000元。"),
        (TOLD, TOLD + "请联系教育部。"),
        (TOLD, TOLD + "逾期作废。"),
        (TOLD, ""),
        (DEADLINE, DEADLINE.replace("利川市", "恩施市")),
        (DEADLINE, DEADLINE.replace("周六", "周六").replace("20日", "21日")),
        (DEADLINE, DEADLINE + "请用楷体。"),
        (DEADLINE, DEADLINE + "至少报两个。"),
        ("可以。插图放3张，在5张以内。", "插图放3张可以，在5张以内。"),
        ("可以。插图放3张，在5张以内。", "不可以。插图放3张，在5张以内。"),
    ],
)
def test_what_adds_or_changes_anything_is_left(told: str, worded: str) -> None:
    assert not is_grounded(worded, told, CLAUSE, NOTICE)


@given(st.integers(min_value=0, max_value=99_999), st.sampled_from(["{}字", "第{}条", "{}天后", "5月{}日", "{}%"]))
def test_no_number_from_nowhere_gets_in(number: int, form: str) -> None:
    added = form.format(number)
    stands = str(number) in {"3500", "5000", "300", "1500", "5"} and "%" not in added and "5月" not in added
    assert brings_nothing_new(TOLD + added, TOLD + CLAUSE[0], NOTICE) is stands


@pytest.mark.parametrize(
    ("asked", "stands"),
    [
        ("C类的字数要求是多少", True),
        ("A2类的字数要求是多少", False),
        ("C类写2000字能交吗", False),
        ("利川市C类的字数要求是多少", False),
    ],
)
def test_an_understood_follow_up_holds_only_what_was_said(asked: str, stands: bool) -> None:  # noqa: FBT001
    assert brings_nothing_new(asked, "上一个问题：B1的字数要求是多少\n追问：那C类呢", NOTICE) is stands
