"""Facts and numbers come from the notice: slots, quotations, a moved deadline, another limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answers import AnswerKind, Engine, check
from domain.notice import Fact
from domain.notice_loader import load_notice
from domain.policy import with_deadline
from domain.roles import Role

PACK = Path(__file__).parents[2] / "notices/enshi-2023-05"
NOTICE = load_notice(PACK)
ENGINE = Engine(NOTICE)
NOW = datetime(2023, 5, 6, 1, tzinfo=UTC)


def ask(question: str, engine: Engine = ENGINE, now: datetime = NOW) -> str:
    return engine.answer(question, role=Role.TEACHER, now=now).text


def test_the_pack_of_the_notice_has_no_faults():
    assert check(NOTICE) == ()


@pytest.mark.parametrize(
    ("say", "clauses", "named"),
    [
        ("至少 {B9.min_words} 字", ("2.1",), "{B9.min_words}"),
        ("字数 3500 起", ("2.1",), "数字"),
        ("通知写“字数控制在八千字以内”", ("2.1",), "引文"),
        ("见条款", ("9.9",), "9.9"),
    ],
)
def test_a_fact_that_is_not_grounded_is_a_fault(say, clauses, named):
    notice = replace(NOTICE, facts=(Fact("planted", ("问",), say, clauses),))
    (fault,) = check(notice)
    assert "planted" in fault
    assert named in fault


def test_a_moved_deadline_moves_the_answers():
    moved = Engine(with_deadline(NOTICE, datetime(2023, 6, 2, 16, tzinfo=UTC)))
    assert "2023年6月2日（周五）" in ask("什么时候截止", moved)
    assert ask("6月1号交来得及吗", moved).startswith("来得及")
    assert ask("6月1号交来得及吗").startswith("不行")
    for question in ("什么时候截止", "流程分哪几步", "材料怎么报送"):
        assert "5月20日" not in ask(question, moved).replace("通知写“5月20日前”", "")


def test_another_limit_changes_verdict_and_difference():
    changed = tuple(
        replace(item, text=replace(item.text, min_words=3000)) if item.text and item.code == "B1" else item
        for item in NOTICE.categories
    )
    engine = Engine(replace(NOTICE, categories=changed))
    assert ask("B1写了3200字能交吗", engine).startswith("符合")
    assert ask("B1写了3200字能交吗").startswith("不符合")


def test_the_time_left_is_told_when_the_deadline_is_near():
    assert "还有14天15小时" in ask("什么时候截止")
    late = datetime(2023, 5, 25, tzinfo=UTC)
    assert "已经截止" in ask("什么时候截止", now=late)


def test_a_silent_topic_that_a_notice_regulates_is_no_longer_refused():
    clause = NOTICE.clause("4.2")
    clauses = tuple(
        replace(clause, text=clause.text + "一等奖奖金为一千元。") if each.id == "4.2" else each
        for each in NOTICE.clauses
    )
    fact = Fact("money", ("奖金 多少|什么",), "通知规定“一等奖奖金为一千元”。", ("4.2",))
    engine = Engine(replace(NOTICE, clauses=clauses, facts=(*NOTICE.facts, fact)))
    assert ENGINE.answer("奖金多少", role=Role.ADMIN, now=NOW).kind is AnswerKind.REFUSE
    told = engine.answer("奖金多少", role=Role.ADMIN, now=NOW)
    assert told.kind is AnswerKind.ANSWER
    assert told.clauses == ("4.2",)


def test_quoted_clauses_are_word_for_word():
    answer = ENGINE.answer("截止时间的原文", role=Role.TEACHER, now=NOW)
    quoted = answer.text.splitlines()[0].removeprefix("原文：")
    assert quoted in NOTICE.clause(answer.clauses[0]).text


def test_a_long_story_with_one_question_gets_that_question_answered():
    story = "我们是一个很偏的村小，学生不多，老师也少，去年才通网。" * 80
    assert "1500" in ask(story + "我就想问一句，写成C类的文章最少要多少字？")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gets_some_answer(text):
    answer = ENGINE.answer(text, role=Role.TEACHER, now=NOW)
    assert answer.text
    assert set(answer.clauses) <= {clause.id for clause in NOTICE.clauses}


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(whitelist_categories=("So", "Sk", "Po", "Zs", "Cc", "Cs")), max_size=80))
def test_noise_is_never_answered(text):
    assert ENGINE.answer(text, role=Role.TEACHER, now=NOW).kind is not AnswerKind.ANSWER


@pytest.mark.parametrize(
    "beside",
    [
        "施的在市",
        "我在施市",
        "仍然藏例a类",
        "进的列",
        "列是别",
        "提，川文是案列",
        "龘张在地?",
        "仍2是收是月",
        "暑交发是交我往",
        "b提秋昃然",
    ],
)
def test_signs_of_questions_without_their_sense_are_not_answered(beside):
    assert ENGINE.answer(beside, role=Role.TEACHER, now=NOW).kind is not AnswerKind.ANSWER


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=100, max_value=20_000))
def test_a_stated_length_is_judged_by_the_limits(words):
    demand = NOTICE.category("B1").text
    assert demand is not None
    assert demand.min_words is not None
    assert demand.max_words is not None
    inside = demand.min_words <= words <= demand.max_words
    text = ask(f"B1写了{words}字可以吗")
    assert text.startswith("符合" if inside else "不符合")
    if words < demand.min_words:
        assert f"还差 {demand.min_words - words} 字" in text
    if words > demand.max_words:
        assert f"超出 {words - demand.max_words} 字" in text


def test_a_deadline_moved_to_an_hour_leaves_the_hour_open_no_more():
    assert "通知没有规定" in ask("5月20日下午5点交来得及吗")
    moved = Engine(with_deadline(NOTICE, datetime(2023, 5, 25, 10, tzinfo=UTC)))
    told = ask("5月25日下午5点交来得及吗", moved)
    assert told.startswith("可以")
    assert "没有规定" not in told
