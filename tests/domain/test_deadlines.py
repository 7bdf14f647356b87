"""Which deadline holds for whom and when; what has arrived is judged by the one that held then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines import Deadline, DeadlineChange, Deadlines, notice_with, printed_deadline

PRINTED = datetime(2023, 5, 20, 16, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def change(number: int, unit: str | None, days: int | None, at: int) -> DeadlineChange:
    closes_at = None if days is None else PRINTED + days * DAY
    return DeadlineChange(number, unit, closes_at, PRINTED + at * DAY)


ALL_LATER = change(1, None, 5, -3)
ONE_LATER = change(2, "lichuan", 7, -2)
ONE_ENDED = change(3, "lichuan", None, -1)
ALL_EARLIER = change(4, None, 1, 0)


@pytest.mark.parametrize(
    ("changes", "unit", "at", "days", "version"),
    [
        ((), "lichuan", None, 0, 0),
        ((ALL_LATER,), None, None, 5, 1),
        ((ALL_LATER,), "lichuan", -4, 0, 0),
        ((ALL_LATER,), "lichuan", -3, 5, 1),
        ((ALL_LATER, ONE_LATER), "lichuan", None, 7, 2),
        ((ALL_LATER, ONE_LATER), "enshi", None, 5, 1),
        ((ALL_LATER, ONE_LATER), None, None, 5, 1),
        ((ALL_LATER, ONE_LATER, ONE_ENDED), "lichuan", None, 5, 1),
        ((ONE_LATER, ALL_EARLIER), "lichuan", None, 7, 2),
        ((ALL_LATER, ONE_LATER, ONE_ENDED, ALL_EARLIER), "lichuan", None, 1, 4),
        ((ONE_LATER, change(5, None, 9, 1)), "lichuan", None, 9, 5),
    ],
)
def test_the_deadline_of_a_unit(
    changes: tuple[DeadlineChange, ...], unit: str | None, at: int | None, days: int, version: int
) -> None:
    instant = None if at is None else PRINTED + at * DAY
    assert Deadlines(PRINTED, changes).of(unit, instant) == Deadline(PRINTED + days * DAY, version)


def test_units_that_have_more_time() -> None:
    assert set(Deadlines(PRINTED, (ALL_LATER, ONE_LATER)).extended()) == {"lichuan"}
    assert Deadlines(PRINTED, (ALL_LATER, ONE_LATER, ONE_ENDED)).extended() == {}


_DAYS = st.integers(-10, 10)
_CHANGES = st.lists(st.tuples(st.sampled_from([None, "lichuan", "enshi"]), st.none() | _DAYS, _DAYS), max_size=8)


@given(drawn=_CHANGES, later=_CHANGES, arrived=_DAYS)
def test_no_later_change_touches_what_has_arrived(drawn: list, later: list, arrived: int) -> None:
    before = sorted((each for each in drawn if each[2] <= arrived), key=lambda each: each[2])
    after = sorted((each for each in later if each[2] > arrived), key=lambda each: each[2])
    numbered = [change(number, *each) for number, each in enumerate((*before, *after), start=1)]
    at = PRINTED + arrived * DAY
    known, all_known = Deadlines(PRINTED, tuple(numbered[: len(before)])), Deadlines(PRINTED, tuple(numbered))
    for unit in (None, "lichuan", "enshi", "hefeng"):
        assert known.on_time(unit, at) is all_known.on_time(unit, at)
        assert all_known.of(unit).closes_at >= all_known.of(None).closes_at


def test_the_notice_with_a_moved_deadline(notice) -> None:
    assert notice_with(notice, printed_deadline(notice).of("enshi")) is notice
    moved = notice_with(notice, Deadline(PRINTED + 5 * DAY, 1))
    assert moved.intake_stage.closes_at == moved.summary_table.deadline.closes_at == PRINTED + 5 * DAY
    assert moved.intake_stage.moved_from == PRINTED
