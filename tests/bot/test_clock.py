"""Campaign time: shifted once and for all processes, or read from a file; real time stays what it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import open_clock
from domain.errors import ConfigError
from store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
CLOSE = timedelta(seconds=30)


def test_without_a_setting_both_times_are_the_same(database: Database) -> None:
    clock = open_clock("", ZONE, database)
    moment = clock.real()
    assert clock.campaign(moment) == moment


def test_the_shift_is_fixed_at_the_first_start(database: Database) -> None:
    first = open_clock("2023-05-06T09:00+08:00", ZONE, database)
    second = open_clock("2023-05-19T09:00+08:00", ZONE, database)
    moment = datetime.now(UTC)
    assert first.campaign(moment) == second.campaign(moment)
    assert abs(first.campaign(moment) - datetime(2023, 5, 6, 1, 0, tzinfo=UTC)) < CLOSE
    assert abs(first.real() - moment) < CLOSE


def test_a_time_without_zone_is_the_notices_own(database: Database) -> None:
    clock = open_clock("2023-05-06T09:00", ZONE, database)
    assert abs(clock.now() - datetime(2023, 5, 6, 1, 0, tzinfo=UTC)) < CLOSE


def test_a_file_is_read_again_each_time(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "instant"
    file.write_text("2023-05-20T23:59:59+08:00\n", encoding="utf-8")
    clock = open_clock(f"@{file}", ZONE, database)
    assert clock.now() == datetime(2023, 5, 20, 15, 59, 59, tzinfo=UTC)
    file.write_text("2023-05-21T00:00:00+08:00", encoding="utf-8")
    assert clock.now() == datetime(2023, 5, 20, 16, 0, tzinfo=UTC)


def test_a_file_without_a_time_stops_the_start(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "instant"
    file.write_text("tomorrow", encoding="utf-8")
    with pytest.raises(ConfigError, match="BOT_CLOCK"):
        open_clock(f"@{file}", ZONE, database)
