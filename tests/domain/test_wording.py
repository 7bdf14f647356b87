"""How instants, spans and sizes look to people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.wording import show_day, show_day_year, show_deadline, show_instant, show_left, show_size


def test_an_instant_is_shown_in_the_zone_of_the_people(notice):
    instant = datetime(2023, 5, 19, 17, 5, 59, tzinfo=UTC)
    assert show_instant(instant, notice.timezone) == "5月20日（周六）01:05"
    assert show_day(instant, notice.timezone) == "5月20日（周六）"
    assert show_day_year(instant, notice.timezone) == "2023年5月20日（周六）"
    assert show_day_year(instant, UTC) == "2023年5月19日（周五）"


def test_a_stage_that_closes_at_midnight_ends_the_day_before(notice):
    assert show_deadline(notice.stage("reporting"), notice.timezone) == "5月20日（周六）23:59"
    assert show_deadline(notice.stage("review"), notice.timezone) == "5月30日（周二）23:59"


def test_a_stage_that_closes_at_noon_ends_at_noon(notice):
    stage = replace(notice.stage("reporting"), closes_at=datetime(2023, 5, 24, 4, 0, tzinfo=UTC))
    assert show_deadline(stage, notice.timezone) == "5月24日（周三）12:00"


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(days=2, hours=6, minutes=59), "2天6小时"),
        (timedelta(days=2, minutes=59), "2天"),
        (timedelta(hours=23, minutes=59, seconds=59), "23小时59分钟"),
        (timedelta(hours=3), "3小时"),
        (timedelta(minutes=59, seconds=59), "59分钟"),
        (timedelta(minutes=1), "1分钟"),
        (timedelta(seconds=59), "不到1分钟"),
        (timedelta(0), "0分钟"),
        (timedelta(seconds=-5), "0分钟"),
        (timedelta(days=-3), "0分钟"),
    ],
)
def test_time_left(left, shown):
    assert show_left(left) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 字节"),
        (1023, "1023 字节"),
        (1024, "1 KB"),
        (1536, "1.5 KB"),
        (1887437, "1.8 MB"),
        (10 * 1024**2, "10 MB"),
        (1024**2 - 1, "1 MB"),
        (3 * 1024**3, "3 GB"),
        (5000 * 1024**4, "5000 TB"),
    ],
)
def test_size(size, shown):
    assert show_size(size) == shown


@given(st.integers(1024, 2**50))
def test_a_size_is_within_a_rounding_of_the_truth(size):
    number, unit = show_size(size).split(" ")
    factor = 1024 ** (["KB", "MB", "GB", "TB"].index(unit) + 1)
    assert abs(float(number) * factor - size) <= 0.051 * factor or abs(float(number) * factor - size) <= 0.06 * size
