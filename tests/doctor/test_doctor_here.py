"""What the doctor says of the settings, the notice and the machine."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from examining_place import QUICK, Place

from bot.doctor.finding import Verdict
from documents.chinese_font import chinese_face
from validators.reading.video import can_read_videos

RIGHT, WARNING, WRONG, UNCHECKED = Verdict.RIGHT, Verdict.WARNING, Verdict.WRONG, Verdict.UNCHECKED


@pytest.mark.parametrize(
    ("changed", "verdict", "told"),
    [
        ({}, RIGHT, "自建应用、智能机器人"),
        ({"wecom_app_token": "with space"}, WRONG, "WECOM_APP_TOKEN"),
        ({"wecom_bot_token": "x" * 33}, WRONG, "WECOM_BOT_TOKEN"),
        ({"secret_key": "x" * 40}, WARNING, "SECRET_KEY"),
        ({"secret_key": "x" * 40, "admin_userids": ""}, WARNING, "SECRET_KEY 太容易猜；没有填 ADMIN_USERIDS"),
    ],
)
def test_settings_that_only_look_right(place: Place, changed: dict, verdict: Verdict, told: str) -> None:
    found = place.look("settings", **changed)["settings"]
    assert (found.verdict, told in found.seen) == (verdict, True)


def test_keys_that_others_can_read_are_told(place: Place, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("")
    for mode, verdict in ((0o600, RIGHT), (0o644, WARNING)):
        file.chmod(mode)
        assert place.look("settings", replace(QUICK, env_file=file))["settings"].verdict is verdict


@pytest.mark.parametrize(
    ("url", "real", "verdict", "told"),
    [
        ("http://127.0.0.1:8000", False, RIGHT, "127.0.0.1"),
        ("https://bot.example.edu.cn/", True, RIGHT, "bot.example.edu.cn"),
        ("http://bot.example.edu.cn", True, WRONG, "不是 https"),
        ("https://10.1.2.3", True, WRONG, "IP"),
        ("https://localhost", True, WRONG, "外面能访问"),
        ("https://bot.example.edu.cn/bot", False, WRONG, "后面还有别的"),
        ("https://me:pass@bot.example.edu.cn", True, WRONG, "用户名"),
        ("https:///x", True, WRONG, "没有域名"),
        ("", True, WARNING, "没有填 PUBLIC_URL"),
    ],
)
def test_the_form_of_the_address(place: Place, *, url: str, real: bool, verdict: Verdict, told: str) -> None:
    changed = {"wecom_api_base": "https://qyapi.weixin.qq.com/cgi-bin/", "bot_clock": ""} if real else {}
    found = place.look("public_url", public_url=url, **changed)["public_url"]
    assert (found.verdict, told in found.seen) == (verdict, True)
    if not url:
        assert place.look("service", public_url=url)["service"].verdict is UNCHECKED


def test_the_notice_is_loaded_and_bound(place: Place, tmp_path: Path) -> None:
    assert place.look("notice")["notice"].verdict is RIGHT
    assert place.look("notice", notice=tmp_path / "none")["notice"].verdict is WRONG
    found = place.look("sandbox", notice=tmp_path)
    assert (found["notice"].verdict, "notice check" in found["notice"].advice) == (WRONG, True)
    assert found["sandbox"].seen == "要先解决“通知”"


def test_a_notice_that_is_over_is_told(place: Place) -> None:
    found = place.look("notice", bot_clock="")["notice"]
    assert (found.verdict, "NOTICE" in found.advice) == (WARNING, True)


def test_the_sandbox_reads_a_file_or_not(place: Place) -> None:
    assert place.look("sandbox")["sandbox"].verdict is RIGHT
    assert place.look("sandbox", replace(QUICK, sandbox=("false",)))["sandbox"].verdict is WRONG


def test_the_library_of_videos_loads_or_not(place: Place) -> None:
    assert place.look("videos")["videos"].verdict is RIGHT
    without = replace(QUICK, can_read_videos=partial(can_read_videos, "/no/such/libmediainfo.so"))
    assert place.look("videos", without)["videos"].verdict is WRONG


def test_a_font_is_found_or_not(place: Place, tmp_path: Path) -> None:
    without = replace(QUICK, chinese_font=partial(chinese_face, tmp_path / "none.ttf"))
    assert place.look("font", without)["font"].verdict is WARNING


@pytest.mark.browser
def test_the_font_of_this_machine_is_named(place: Place) -> None:
    found = place.look("font")["font"]
    assert found.verdict is RIGHT
