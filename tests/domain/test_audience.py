"""Whom a broadcast is for: understood whole or not at all, and never wider than it was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audience import Audience, read_audience
from domain.notice import Notice, UnitKind
from domain.roles import Role

COORDINATORS, TEACHERS = frozenset({Role.COORDINATOR}), frozenset({Role.TEACHER})


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("还差的县的协调员", Audience(roles=COORDINATORS, kinds=frozenset({UnitKind.COUNTY}), owes=True)),
        ("利川市全体教师", Audience(roles=TEACHERS, units=frozenset({"lichuan"}), everybody=True)),
        ("利川市、恩施市的协调员和教师", Audience(COORDINATORS | TEACHERS, frozenset({"lichuan", "enshi"}))),
        ("B1类老师", Audience(roles=TEACHERS, categories=frozenset({"B1"}))),
        ("没确认的协调员", Audience(roles=COORDINATORS, unacknowledged=True)),
    ],
)
def test_understood_whole(notice: Notice, said: str, meant: Audience) -> None:
    heard = read_audience(said, notice)
    assert (heard.audience, heard.unknown) == (meant, "")


@pytest.mark.parametrize(
    "said",
    [
        "利川市协调员和恩施市教师",
        "协调员和还差的县的教师",
        "教师、B1类",
        "除利川市以外的协调员",
        "不是利川市的教师",
        "所有教师 除利川市",
        "利川市教师以外的人",
        "D9类老师",
    ],
)
def test_left_over_words_are_given_back(notice: Notice, said: str) -> None:
    assert read_audience(said, notice).unknown


@given(st.text(alphabet="利川市恩施县协调员教师的和、除外不还差没B1类", max_size=14))
def test_nothing_said_after_a_role_is_dropped_or_joined(notice: Notice, said: str) -> None:
    heard = read_audience(said, notice)
    first = min((said.find(word) for word in ("协调员", "教师") if word in said), default=len(said))
    if not heard.unknown and any(name in said[first:] for name in ("利川", "恩施")):
        raise AssertionError(heard)
