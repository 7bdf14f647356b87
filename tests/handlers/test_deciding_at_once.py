"""Coordinators who act in the same moment: pressed forty times it counts once; of two who disagree one wins."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from dialogue_stage import Heard, OpenStage, Stage
from sqlalchemy import select

from store import audit, quotas
from store.schema.campaign import Case, CaseState

NOW = datetime(2023, 5, 6, 1, 12, tzinfo=UTC)
CLICKS = 40
DECISIONS = {"case.recommend", "case.return", "case.unrecommend"}


@pytest.fixture
def stage(open_stage: OpenStage) -> Stage:
    opened = open_stage(NOW)
    opened.enrol("wang", unit="lichuan", school="利川市某中学", name="王老师")
    for userid, name in (("lc-xt", "李主任"), ("lc-xt2", "赵老师")):
        opened.enrol(userid, "coordinator", unit="lichuan", name=name)
    opened.say({"who": "wang", "file": "good"})
    opened.say({"who": "wang", "says": "类别 B1"})
    return opened


def at_once(stage: Stage, lines: list[dict[str, str]]) -> list[Heard]:
    """Everybody says their line in the same moment; the answers in the order of the lines."""
    barrier = threading.Barrier(len(lines))
    heard: list[Heard | BaseException | None] = [None] * len(lines)

    def say(place: int) -> None:
        barrier.wait()
        try:
            heard[place] = stage.say(lines[place])
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            heard[place] = error

    threads = [threading.Thread(target=say, args=(place,)) for place in range(len(lines))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(each, Heard) for each in heard), heard
    return heard


def decisions(stage: Stage) -> list[str]:
    with stage.database.read() as session:
        case = session.scalars(select(Case)).one()
        return [row.act for row in audit.of_case(session, case.id) if row.act in DECISIONS]


def test_forty_presses_of_recommend_count_once(stage: Stage) -> None:
    line = {"who": "lc-xt", "says": "推荐 {receipt1}"}
    heard = at_once(stage, [line] * CLICKS)
    assert decisions(stage) == ["case.recommend"]
    assert sum(each.text.startswith("✅ 已推荐") for each in heard) == 1
    assert sum("已经推荐过了" in each.text for each in heard) == CLICKS - 1
    assert sum("wang" in each.told for each in heard) == 1
    with stage.database.read() as session:
        (standing,) = quotas.standings(session, stage.notice, "lichuan")
        assert (standing.of("B1").recommended, standing.of("B1").submitted) == (1, 0)


@pytest.mark.parametrize("turn", range(4))
def test_of_two_who_disagree_one_wins_and_the_other_hears_who_was_first(stage: Stage, turn: int) -> None:
    lines = [
        {"who": "lc-xt", "says": "推荐 {receipt1}"},
        {"who": "lc-xt2", "says": "退回 {receipt1} 原因：请补充数据"},
    ]
    order = lines if turn % 2 else lines[::-1]
    heard = dict(zip((line["who"] for line in order), at_once(stage, order), strict=True))
    (made,) = decisions(stage)
    state = stage.cases()[0]["state"]
    if made == "case.recommend":
        assert state == CaseState.RECOMMENDED
        assert heard["lc-xt"].text.startswith("✅ 已推荐")
        loser, by = heard["lc-xt2"], "已由同单位协调员李主任推荐，现在是“已推荐”；您的“退回”没有生效"
    else:
        assert state == CaseState.RETURNED
        assert heard["lc-xt2"].text.startswith("已退回")
        loser, by = heard["lc-xt"], "已由同单位协调员赵老师退回"
        assert "您的“推荐”没有生效" in loser.text
    assert by in loser.text
    assert loser.told == {}
    assert loser.choices


@pytest.mark.parametrize("answer", ["推荐 {receipt1}", "退回 {receipt1} 原因：重写"])
def test_a_decision_and_the_owner_taking_back_leave_one_clear_end(stage: Stage, answer: str) -> None:
    lines = [{"who": "lc-xt", "says": answer}, {"who": "wang", "says": "确定撤回 {receipt1}"}]
    decided, withdrawn = at_once(stage, lines)
    state = stage.cases()[0]["state"]
    # Taking back is allowed after either decision, deciding is not allowed afterwards.
    assert state == CaseState.WITHDRAWN
    assert "已撤回" in withdrawn.text
    assert decisions(stage) == [] or decided.told.keys() == {"wang"}
    if not decisions(stage):
        assert "已由交案例的人王老师撤回" in decided.text
