"""Every number, date and clause of an answer is led back to the notice, whatever was asked; noise is never answered."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import read_cases

from answers import Answer, AnswerKind, Engine
from domain.notice import Notice
from domain.notice_loader import load_notice
from domain.roles import Role

ROOT = Path(__file__).parents[2]
PACK = ROOT / "notices/enshi-2023-05"
NOTICE = load_notice(PACK)
ENGINE = Engine(NOTICE)
EXAMPLES = int(os.environ.get("ANSWER_EXAMPLES", "200"))
"""How many strings are tried: few each day, 20,000 by `make fuzz`."""

NOW = datetime(2023, 5, 6, 1, tzinfo=UTC)
CASES = ROOT / "tests/cases/answers"
QUESTIONS = [
    *(case["q"] for path in sorted(CASES.glob("*.toml")) for case in tomllib.loads(path.read_text("utf-8"))["case"]),
    *(
        case.question
        for name in ("asked.jsonl", "fresh.jsonl", "fresh_more.jsonl", "held_back.jsonl")
        for case in read_cases(name)
    ),
]
_NUMBER = re.compile(r"\d+")
_COMPUTED = re.compile(
    r"还差 ?\d+|超出 ?\d+|多出 ?\d+|合计至少 \d+|一共 \d+|还有\d+天(?:\d+小时)?|最多 \d+ 个|\d+ 个不得奖|"
    r"等奖 (?:占 )?\d+|每县市至少 \d+|\d+日(?:在截止之前|之后已经超过|已经超过)|"
    r"占 \d+%|县市有 \d+|有 \d+ [个项栏条步]|分 \d+ [步小]|的 \d+ 个"
)
"""Differences, sums, counts and times left are reckoned from the notice's numbers; other tests judge the reckoning."""


def numbers_of(notice: Notice) -> frozenset[str]:
    """Every number that the pack states: in its data, its clauses, and its dates as they are shown."""
    stated = set(_NUMBER.findall((PACK / "notice.toml").read_text("utf-8")))
    stated |= {number.lstrip("0") for number in stated}
    for clause in notice.clauses:
        stated |= set(_NUMBER.findall(clause.text)) | set(_NUMBER.findall(clause.label))
    days = {stage.opens_at.astimezone(notice.timezone) for stage in notice.stages}
    days |= {datetime.fromtimestamp(stage.closes_at.timestamp() - 1, notice.timezone) for stage in notice.stages}
    return frozenset(stated | {str(part) for day in days for part in (day.year, day.month, day.day)})


STATED = numbers_of(NOTICE)


def untraced(question: str, answer: Answer) -> set[str]:
    """The numbers of an answer that stand neither in the notice nor in the question and are not reckoned."""
    body = "\n".join(line for line in answer.text.splitlines() if not line.startswith("依据："))
    asked = set(_NUMBER.findall(question)) | {str(int(item.value)) for item in ENGINE.read(question).amounts}
    asked |= {str(part) for day in ENGINE.read(question).days for part in (day.year, day.month, day.day)}
    asked |= {str(int(value)) for _, value in ENGINE.read(question).counts}
    return set(_NUMBER.findall(_COMPUTED.sub("", body))) - STATED - asked


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_number_and_clause_is_led_back_to_the_notice(question):
    answer = ENGINE.answer(question, role=Role.TEACHER, now=NOW)
    assert untraced(question, answer) == set(), answer.text
    known = {clause.id: clause for clause in NOTICE.clauses}
    assert set(answer.clauses) <= set(known)
    if answer.clauses:
        cited = answer.text.splitlines()[-1]
        for name in answer.clauses:
            assert known[name].label.rpartition(" ")[2] in cited


@pytest.mark.parametrize("question", QUESTIONS)
def test_quotations_are_word_for_word(question):
    answer = ENGINE.answer(question, role=Role.TEACHER, now=NOW)
    source = re.sub(r"[\s“”‘’]", "", "".join(clause.text for clause in NOTICE.clauses))
    for quoted in re.findall(r"通知写有“([^”]+)”", answer.text):
        assert re.sub(r"[\s‘’]", "", quoted) in source


NOISE = st.text(
    alphabet=st.characters(whitelist_categories=("So", "Sk", "Sm", "Sc", "Po", "Ps", "Pe", "Zs", "Cc", "Cs", "Mn")),
    max_size=120,
)
LETTERS = st.text(alphabet="абвгдежзийкλμνξπρσ日本語ひらがな한국어ท", max_size=60)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.one_of(NOISE, LETTERS))
def test_noise_is_never_labelled_an_answer(text):
    assert ENGINE.answer(text, role=Role.TEACHER, now=NOW).kind is not AnswerKind.ANSWER


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=3), st.text(max_size=60), st.integers(0, 200))
def test_spoilt_questions_are_traced_as_well(questions, insert, place):
    whole = "，".join(questions)
    spoilt = whole[:place] + insert + whole[place:]
    answer = ENGINE.answer(spoilt, role=Role.ADMIN, now=NOW)
    assert answer.text
    assert set(answer.clauses) <= {clause.id for clause in NOTICE.clauses}
    assert answer.kind is not AnswerKind.ANSWER or answer.clauses


@pytest.mark.parametrize(
    "signs", ["c靐施的2", "a靐1c", "在a0张靐恩原", "2张心", "施也0张料", "收助有上提c送33", "b推就和3c"]
)
def test_a_number_among_signs_is_not_judged(signs):
    assert ENGINE.answer(signs, role=Role.TEACHER, now=NOW).kind is not AnswerKind.ANSWER
