"""Follow-ups are read with what was spoken of before; official answers are found again by their meaning."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from answers import AnswerKind, Conversation, Engine, OfficialAnswer
from domain.notice_loader import load_notice
from domain.roles import Role

NOTICE = load_notice(Path(__file__).parents[2] / "notices/enshi-2023-05")
ENGINE = Engine(NOTICE)
NOW = datetime(2023, 5, 6, 1, tzinfo=UTC)


def asked_in_turn(*questions: str):
    """The answer to the last question, the conversation going through a stored line each time."""
    conversation, answer = Conversation(), None
    for question in questions:
        answer = ENGINE.answer(question, role=Role.TEACHER, now=NOW, conversation=conversation)
        conversation = Conversation.read(answer.conversation.written())
    return answer


@pytest.mark.parametrize(
    ("questions", "starts", "has"),
    [
        (("B1写了3200字能交吗", "那C类呢"), "符合", "1500"),
        (("B1写了3200字能交吗", "5000呢"), "符合", "5000"),
        (("B1写了3200字能交吗", "那2万字呢"), "不符合", "超出 15000 字"),
        (("A1要写多少字", "C呢"), "“网络学习空间”", "1500"),
        (("B2报几个", "那C类呢"), "每县市C", "5 个"),
        (("C类要写多少字", "视频呢"), "“网络学习空间”", "1080P"),
        (("C类要写多少字", "谢谢", "那A1呢"), "区域案例", "3500"),
        (("B1要写多少字", "C类报几个"), "每县市C", "5 个"),
        (("B1要写多少字", "截止时间"), "初选", "5月20日"),
    ],
)
def test_a_follow_up_is_answered_with_what_was_spoken_of(questions, starts, has):
    answer = asked_in_turn(*questions)
    assert answer.kind is AnswerKind.ANSWER
    assert answer.text.startswith(starts)
    assert has in answer.text


@pytest.mark.parametrize("line", ["", "x", "\t\t", "a\tb", "a\tb\tc\td", "\twords\tA1"])
def test_a_line_that_is_no_conversation_reads_as_none(line):
    assert Conversation.read(line) == Conversation()


def test_a_conversation_comes_back_as_it_was_written():
    kept = asked_in_turn("A1和C的字数分别是多少").conversation
    assert kept.topic == "words"
    assert kept.categories == ("A1", "C")
    assert Conversation.read(kept.written()) == kept


OFFICIAL = (
    OfficialAnswer("视频最长多少分钟", "不超过 10 分钟。", date(2023, 5, 7), "李四"),
    OfficialAnswer("每个学校最多可以报几个B1", "每校限 2 个。", date(2023, 5, 8), "李四"),
)
ANSWERED = ENGINE.with_official(OFFICIAL)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("视频最长多少分钟", "不超过 10 分钟"),
        ("视频最长可以几分钟", "不超过 10 分钟"),
        ("一所学校B1最多报几个", "每校限 2 个"),
    ],
)
def test_an_official_answer_is_found_by_questions_of_the_same_meaning(question, text):
    before = ENGINE.answer(question, role=Role.TEACHER, now=NOW)
    assert before.kind is AnswerKind.REFUSE
    assert before.open_question
    answer = ANSWERED.answer(question, role=Role.TEACHER, now=NOW)
    assert answer.kind is AnswerKind.ANSWER
    assert answer.official in OFFICIAL
    assert text in answer.text
    assert "官方答复：李四，2023年5月" in answer.text


@pytest.mark.parametrize("question", ["一所学校B2最多报几个", "一等奖奖金多少", "视频要什么格式", "C类字数", "你好"])
def test_an_official_answer_does_not_answer_other_questions(question):
    assert ANSWERED.answer(question, role=Role.TEACHER, now=NOW).official is None


def test_the_later_of_two_official_answers_counts():
    newer = OfficialAnswer("视频最长多少分钟", "不超过 8 分钟。", date(2023, 5, 9), "王五")
    answer = Engine(NOTICE, (newer, *OFFICIAL)).answer("视频最长多少分钟", role=Role.TEACHER, now=NOW)
    assert answer.official == newer
