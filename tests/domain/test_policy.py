"""Time, quotas, prizes and rights, decided by tables."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines import printed_deadline
from domain.notice import Awards, Unit, UnitKind
from domain.policy import (
    Act,
    counted_arrival,
    may,
    may_submit,
    missing,
    shortfall,
    split_awards,
    stage_at,
    with_deadline,
)
from domain.rights_page import markdown
from domain.roles import Actor, Role

CASES = Path(__file__).resolve().parents[1] / "cases" / "policy"
ACTORS = {
    "teacher": Actor(1, Role.TEACHER, "lichuan"),
    "coordinator": Actor(2, Role.COORDINATOR, "lichuan"),
    "admin": Actor(3, Role.ADMIN, None),
    "stranger": Actor(4, Role.TEACHER, None),
    "left": Actor(5, Role.COORDINATOR, "lichuan", left=True),
}
EXACT_AT = 25  # 80 % of 25 is 20, and 2:4:4 of 20 leaves no remainder


def cases(name: str) -> dict:
    return tomllib.loads((CASES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", cases("stages.toml")["case"], ids=lambda case: case["name"])
def test_stage_and_lateness(notice, case):
    stage = stage_at(notice, case["at"])
    assert (stage.id if stage else "") == case["stage"]
    assert printed_deadline(notice).on_time(None, case["at"]) is case["on_time"]


def test_a_moved_deadline_moves_every_decision(notice):
    moved = with_deadline(notice, datetime(2023, 5, 25, 16, 0, tzinfo=UTC))
    late = datetime(2023, 5, 22, 3, 0, tzinfo=UTC)
    assert not printed_deadline(notice).on_time(None, late)
    assert printed_deadline(moved).on_time(None, late)
    assert stage_at(moved, late).id == "reporting"
    assert moved.intake_stage.reading == ""
    assert moved.stage("review") == notice.stage("review")


def test_a_deadline_before_the_opening_is_refused(notice):
    with pytest.raises(ValueError, match="before it opens"):
        with_deadline(notice, notice.intake_stage.opens_at)


@pytest.mark.parametrize(("hours", "from_start"), [(0, True), (6, True), (6.01, False), (48, False)])
def test_an_upload_counts_from_its_start_within_the_grace(notice, hours, from_start):
    started = datetime(2023, 5, 20, 15, 59, tzinfo=UTC)
    completed = started + timedelta(hours=hours)
    assert counted_arrival(notice, started, completed) == (started if from_start else completed)


@pytest.mark.parametrize("case", cases("shortfall.toml")["case"], ids=lambda case: case["name"])
def test_shortfall(notice, case):
    unit = Unit("u", "某单位", UnitKind(case["kind"]))
    gaps = shortfall(notice, unit, case["counts"])
    assert {gap.category: gap.missing for gap in gaps} == case["missing"]
    assert [gap.category for gap in gaps] == list(case["missing"])
    assert all(gap.clause == "3" for gap in gaps)


@given(st.integers(0, 100), st.integers(0, 100))
def test_missing_is_never_negative_and_never_less_than_owed(minimum, counted):
    owed = missing(minimum, counted)
    assert owed >= 0
    assert counted + owed >= minimum
    assert owed == 0 or counted + owed == minimum


@pytest.mark.parametrize("case", cases("awards.toml")["case"], ids=lambda case: str(case["cases"]))
def test_prizes_of_the_notice(notice, case):
    assert list(split_awards(notice.awards, case["cases"])) == case["prizes"]


@given(count=st.integers(0, 5000))
def test_prizes_keep_the_rate_and_never_shrink(notice, count):
    prizes = split_awards(notice.awards, count)
    more = split_awards(notice.awards, count + 1)
    assert sum(prizes) == count * 80 // 100
    assert all(after >= before for before, after in zip(prizes, more, strict=True))


@given(times=st.integers(0, 400))
def test_prizes_are_exact_at_multiples(notice, times):
    assert split_awards(notice.awards, EXACT_AT * times) == (4 * times, 8 * times, 8 * times)


@given(
    parts=st.lists(st.integers(1, 50), min_size=1, max_size=6),
    rate=st.integers(1, 100),
    count=st.integers(0, 2000),
)
def test_any_division_is_within_one_of_its_fair_share(parts, rate, count):
    awards = Awards(tuple(map(str, parts)), tuple(parts), rate, "", "")
    prizes = split_awards(awards, count)
    total = count * rate // 100
    assert sum(prizes) == total
    for part, prize in zip(parts, prizes, strict=True):
        assert abs(prize - total * part / sum(parts)) < 1


def test_a_negative_number_of_cases_is_refused(notice):
    with pytest.raises(ValueError, match="negative"):
        split_awards(notice.awards, -1)


@pytest.mark.parametrize("who", list(ACTORS))
@pytest.mark.parametrize("act", list(Act))
def test_rights(act, who):
    """Every cell: each act by each person to what is their own, their unit's and another unit's."""
    actor, told = ACTORS[who], cases("rights.toml")["acts"][act.value].split()[list(ACTORS).index(who)]
    for target, allowed in zip(((actor.unit_id, actor.person_id), ("lichuan", 9), ("hefeng", 9)), told, strict=True):
        decision = may(actor, act, *target)
        assert decision.allowed is (allowed == "Y"), target
        assert (decision.reason == "") is decision.allowed
        assert decision.allowed or decision.reason.endswith("。")


@pytest.mark.parametrize("who", list(ACTORS))
@pytest.mark.parametrize("act", list(Act))
def test_nothing_named_is_ones_own_and_never_wider(act, who):
    actor = ACTORS[who]
    assert may(actor, act).allowed is may(actor, act, actor.unit_id, actor.person_id).allowed


def test_the_page_shows_the_table_that_decides():
    page = CASES.parents[2] / "docs" / "rights.md"
    assert page.read_text("utf-8") == markdown(), "write domain.rights_page.markdown() to docs/rights.md"


@pytest.mark.parametrize(("who", "category", "allowed"), cases("rights.toml")["submit"])
def test_who_submits_which_category(notice, who, category, allowed):
    decision = may_submit(ACTORS[who], notice.category(category))
    assert decision.allowed is allowed
    assert (decision.reason == "") is allowed


def test_the_reason_for_a_regional_case_names_who_submits_it(notice):
    reason = may_submit(ACTORS["teacher"], notice.category("A1")).reason
    assert "A1" in reason
    assert "协调员" in reason


def test_a_category_for_nobody_known_is_refused_for_all(notice):
    closed = replace(notice.category("C"), submitters=())
    assert not may_submit(ACTORS["teacher"], closed).allowed
