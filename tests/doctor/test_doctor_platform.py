"""What the doctor says of WeCom's API and of the app, against a stand-in of it that is spoilt in every way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from examining_place import ASLEEP, QUICK, Place
from installation import ADMIN, OUTSIDER

from bot.doctor.finding import Verdict
from bot.doctor.platform import judge_skew

RIGHT, WARNING, WRONG, UNCHECKED = Verdict.RIGHT, Verdict.WARNING, Verdict.WRONG, Verdict.UNCHECKED


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("page", 0, "是一个网页"),
        ("status", 404, "HTTP 404"),
        ("delay", 2, "等了很久"),
        ("reset", 0, "中途断开"),
    ],
)
def test_what_is_not_wecoms_interface_is_named(place: Place, pace, kind: str, value: float, told: str) -> None:
    place.platform.knobs.set("get_api_domain_ip", kind, value)
    found = place.look("token", replace(QUICK, patience_s=0.5))
    assert found["interface"].verdict is WRONG
    assert told in found["interface"].seen
    assert (found["token"].verdict, found["token"].seen) == (UNCHECKED, "要先解决“企业微信接口”")


@pytest.mark.parametrize(
    ("base", "told"),
    [("https://no-such-host.invalid/cgi-bin/", "域名解析不了"), ("https://127.0.0.1:1/cgi-bin/", "连不上")],
)
def test_a_road_that_is_closed_is_named(place: Place, monkeypatch: pytest.MonkeyPatch, base: str, told: str) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    found = place.look("interface", wecom_api_base=base, bot_clock="")
    assert (found["interface"].verdict, told in found["interface"].seen) == (WRONG, True)


def test_a_proxy_that_is_away_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    found = place.look("interface", wecom_api_base="https://wecom.invalid/cgi-bin/", bot_clock="")
    assert "代理" in found["interface"].seen


@pytest.mark.parametrize(
    ("ahead", "verdict", "told"),
    [
        (0, RIGHT, "一致"),
        (90, WARNING, "快 90 秒"),
        (-90, WARNING, "慢 90 秒"),
        (900, WRONG, "快 15 分钟"),
        (-8 * 3600, WRONG, "慢 8 小时"),
    ],
)
def test_the_clock_is_compared(place: Place, ahead: int, verdict: Verdict, told: str) -> None:
    shifted = replace(QUICK, now=lambda: datetime.now(UTC) + timedelta(seconds=ahead))
    found = place.look("clock", shifted)["clock"]
    assert found.verdict is verdict
    assert told[:1] in found.seen
    assert told in judge_skew(ahead).seen


@pytest.mark.parametrize(
    ("changed", "told", "where"),
    [
        ({"wecom_app_secret": "not-the-secret"}, "40001", "WECOM_APP_SECRET"),
        ({"wecom_corp_id": "ww0000000000000000"}, "40013", "我的企业 → 企业信息"),
    ],
)
def test_wrong_credentials_are_tried_once_and_then_rest(
    place: Place, pace, changed: dict[str, object], told: str, where: str
) -> None:
    found = place.look("admins", **changed)
    assert found["token"].verdict is WRONG
    assert told in found["token"].seen
    assert where in found["token"].advice
    assert found["app"].seen == found["admins"].seen == "要先解决“企业ID和Secret”"
    asked = len(place.platform.ledger.entries())
    again = place.look("token", **changed)
    calls = [entry for entry in place.platform.ledger.entries()[asked:] if entry.data.get("call") == "gettoken"]
    assert (again["token"].verdict, calls) == (WRONG, [])


def test_the_secret_is_tried_although_the_service_has_a_token(place: Place, pace) -> None:
    assert place.look("token")["token"].verdict is RIGHT
    place.platform.knobs.set("gettoken", "errcode", 40091)
    assert "40091" in place.look("token", wecom_app_secret="once-more")["token"].seen


def test_an_address_that_is_not_trusted_is_named_with_the_place_to_enter_it(place: Place, pace) -> None:
    pace.untrusted_ip = "203.0.113.7"
    found = place.look("upload")
    assert found["token"].verdict is RIGHT
    assert found["app"].seen == "60020：企业可信IP 里没有 203.0.113.7"
    assert "企业可信IP → 配置" in found["app"].advice
    assert found["upload"].seen == "要先解决“自建应用”"


def test_the_app_is_looked_at(place: Place, pace) -> None:
    found = place.look("range")
    assert (found["app"].verdict, found["range"].verdict) == (RIGHT, RIGHT)
    assert "301002" in place.look("app", wecom_agent_id=1000099)["app"].seen
    pace.app_reports_enter = False
    assert place.look("app")["app"].verdict is WARNING
    pace.app_closed = True
    assert "停用" in place.look("app")["app"].seen


def test_an_empty_visible_range_is_wrong(place: Place, pace, monkeypatch: pytest.MonkeyPatch) -> None:
    core = place.platform.core
    monkeypatch.setattr(core, "settings", replace(core.settings, people=()))
    found = place.look("range")["range"]
    assert (found.verdict, "→ 可见范围" in found.advice) == (WRONG, True)


@pytest.mark.parametrize(("domain", "told"), [("", "还没有可信域名"), ("old.example.cn", "old.example.cn")])
def test_another_trusted_domain_is_wrong(place: Place, monkeypatch, domain: str, told: str) -> None:
    assert place.look("domain")["domain"].verdict is RIGHT
    core = place.platform.core
    monkeypatch.setattr(core, "settings", replace(core.settings, app_domain=domain))
    found = place.look("domain")["domain"]
    assert (found.verdict, told in found.seen, "设置可信域名" in found.advice) == (WRONG, True, True)


@pytest.mark.parametrize("home", ["", "https://old.example.cn/"])
def test_another_home_page_is_told(place: Place, monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    assert place.look("home")["home"].verdict is RIGHT
    core = place.platform.core
    monkeypatch.setattr(core, "settings", replace(core.settings, app_home_url=home))
    found = place.look("home")["home"]
    assert (found.verdict, f"{place.url}/console/" in found.advice) == (WARNING, True)


def test_a_file_is_uploaded_and_sent_to_nobody(place: Place, pace) -> None:
    assert place.look("upload")["upload"].verdict is RIGHT
    place.platform.knobs.set("media/upload", "errcode", 48001)
    assert "48001" in place.look("upload")["upload"].seen
    assert "message/send" not in {entry.data.get("call") for entry in place.platform.ledger.entries()}


@pytest.mark.parametrize(
    ("userids", "verdict", "told"),
    [
        (ADMIN, RIGHT, "1 位"),
        (ASLEEP, WARNING, "没有激活企业微信：bureau-new"),
        (f"{ADMIN},{OUTSIDER}", WRONG, f"可见范围里：{OUTSIDER}"),
        (f"nobody,{OUTSIDER},no-one", WRONG, "没有这个账号：nobody、no-one"),
        ("", UNCHECKED, "ADMIN_USERIDS"),
    ],
)
def test_each_admin_is_looked_up(place: Place, pace, userids: str, verdict: Verdict, told: str) -> None:
    found = place.look("admins", admin_userids=userids)["admins"]
    assert found.verdict is verdict
    assert told in found.seen
