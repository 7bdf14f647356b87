"""Fail points: for tests only, and dead unless asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import fail_points
from bot.config import load_settings
from bot.fail_points import FAIL_POINTS, FailPointError, arm, reach
from domain.errors import ConfigError

BOT = {"wecom_bot_token": "bot-token-value", "wecom_bot_aes_key": "A" * 43, "_env_file": None}
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    """Nothing armed before and after."""
    arm("")
    yield
    arm("")


def test_nothing_is_armed_by_itself() -> None:
    for name in FAIL_POINTS:
        reach(name)


def test_it_happens_at_the_nth_time_and_once() -> None:
    arm("before_send:2:raise, after_mark:1:raise")
    reach("before_send")
    with pytest.raises(FailPointError):
        reach("before_send")
    reach("before_send")
    with pytest.raises(FailPointError):
        reach("after_mark")


@pytest.mark.parametrize(
    "setting", ["nowhere:1", "before_send", "before_send:0", "before_send:x", "before_send:1:burn"]
)
def test_what_is_not_understood_stops_the_start(setting: str) -> None:
    with pytest.raises(ConfigError, match="BOT_FAIL_POINTS"):
        load_settings(**BOT, wecom_api_base="http://127.0.0.1:1/cgi-bin/", bot_fail_points=setting)


@pytest.mark.parametrize(("name", "value"), [("bot_fail_points", "before_send:1"), ("bot_lease_seconds", 2)])
def test_what_is_for_tests_is_refused_with_the_real_platform(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=name.upper()):
        load_settings(**BOT, **{name: value})


@pytest.mark.parametrize(("value", "good"), [(30, True), (600, True), (601, False), (0, False), ("", True)])
def test_leases_are_bounded(value: object, *, good: bool) -> None:
    if good:
        assert load_settings(**BOT, bot_lease_seconds=value).bot_lease_seconds == (value or None)
    else:
        with pytest.raises(ConfigError, match="BOT_LEASE_SECONDS"):
            load_settings(**BOT, bot_lease_seconds=value)


def test_each_point_stands_in_the_code_and_no_other() -> None:
    reached = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").glob("*.py"))
    assert {name for name in FAIL_POINTS if f'reach("{name}")' in reached} == set(FAIL_POINTS)
    assert reached.count('fail_points.reach("') >= len(FAIL_POINTS)
    assert fail_points.__doc__
