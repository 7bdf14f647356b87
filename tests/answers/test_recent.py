"""What is asked of this moment: one answer for all who ask in the same minute, and never another's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from answers import Conversation, Engine, OfficialAnswer
from domain.notice_loader import load_notice
from domain.roles import Role

NOTICE = load_notice(Path(__file__).parents[2] / "notices/enshi-2023-05")
CLOSES_AT = NOTICE.intake_stage.closes_at
NEAR = CLOSES_AT - timedelta(days=2, minutes=30)
ENGINE = Engine(NOTICE)
QUESTION = "还有多久截止"


def test_the_same_words_in_the_same_minute_are_thought_about_once() -> None:
    first = ENGINE.answer(QUESTION, role=Role.TEACHER, now=NEAR)
    assert ENGINE.answer(QUESTION, role=Role.TEACHER, now=NEAR + timedelta(seconds=59.9)) is first


def test_the_next_hour_tells_what_is_left_then() -> None:
    before = ENGINE.answer(QUESTION, role=Role.TEACHER, now=NEAR)
    after = ENGINE.answer(QUESTION, role=Role.TEACHER, now=NEAR + timedelta(hours=1))
    assert before.text != after.text


def test_the_deadline_passes_on_the_second() -> None:
    before = ENGINE.answer("截止了吗", role=Role.TEACHER, now=CLOSES_AT - timedelta(milliseconds=1))
    after = ENGINE.answer("截止了吗", role=Role.TEACHER, now=CLOSES_AT)
    assert "还没有截止" in before.text
    assert "已经截止" in after.text


def test_another_role_and_another_conversation_are_answered_for_themselves() -> None:
    """Whom to ask depends on who asks, and 那B类呢 on what was spoken of."""
    unknown = "案例要不要交查重报告"
    answers = {ENGINE.answer(unknown, role=role, now=NEAR).text for role in (Role.TEACHER, Role.COORDINATOR)}
    assert len(answers) == 2
    alone = ENGINE.answer("那C类呢", role=Role.TEACHER, now=NEAR)
    talk = ENGINE.answer("A类字数要求", role=Role.TEACHER, now=NEAR).conversation
    assert talk != Conversation()
    assert ENGINE.answer("那C类呢", role=Role.TEACHER, now=NEAR, conversation=talk).text != alone.text


def test_an_official_answer_is_heard_at_once() -> None:
    question = "案例要不要交查重报告"
    before = ENGINE.answer(question, role=Role.TEACHER, now=NEAR)
    told = OfficialAnswer(question, "不用交。", NEAR.date(), "州教育局")
    after = ENGINE.with_official([told]).answer(question, role=Role.TEACHER, now=NEAR)
    assert before.official is None
    assert "不用交" in after.text
    assert ENGINE.answer(question, role=Role.TEACHER, now=NEAR) == before


@pytest.mark.parametrize(
    "question", ["还能交吗", "还可以报吗？", "还收材料吗", "还能不能交", "老师还让交吗", "案例还能提交么", "还接收吧"]
)
def test_whether_it_is_still_open_is_asked_of_this_moment(question: str) -> None:
    before = ENGINE.answer(question, role=Role.TEACHER, now=NEAR)
    after = ENGINE.answer(question, role=Role.TEACHER, now=CLOSES_AT)
    assert before.text.startswith("可以。")
    assert after.text.startswith("不行，已经截止。")


@pytest.mark.parametrize("question", ["还能补交吗", "还能报几个", "还能改吗", "视频还能交吗", "还收费吗"])
def test_what_only_begins_like_it_is_another_question(question: str) -> None:
    assert not ENGINE.answer(question, role=Role.TEACHER, now=NEAR).text.startswith("可以。")
