"""Settings: everything that is wrong is told at once, and no secret is ever shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.config import REAL_API_BASE, Settings, load_settings
from domain.errors import ConfigError

KEY = "A" * 43
_NOBODY = 65534
APP = {
    "wecom_corp_id": "ww1",
    "wecom_agent_id": 1000002,
    "wecom_app_secret": "app-secret-value",
    "wecom_app_token": "app-token-value",
    "wecom_app_aes_key": KEY,
}
BOT = {"wecom_bot_token": "bot-token-value", "wecom_bot_aes_key": KEY}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """No setting of the machine the tests run on."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(str(tmp_path))


@contextmanager
def nobody_special() -> Iterator[None]:
    """Root, who may read everything, is somebody else in the block."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(own)


def faults(**values: object) -> str:
    with pytest.raises(ConfigError) as raised:
        load_settings(**values)
    return "\n".join(raised.value.faults)


@pytest.mark.parametrize("values", [APP, BOT, APP | BOT], ids=["app", "bot", "both"])
def test_either_channel_is_enough(values: dict[str, object]) -> None:
    settings = load_settings(**values)
    assert settings.has_app is ("wecom_app_token" in values)
    assert settings.has_bot is ("wecom_bot_token" in values)
    assert settings.wecom_api_base == REAL_API_BASE


def test_without_any_channel_there_is_nothing_to_do() -> None:
    assert "WECOM_APP_TOKEN、WECOM_BOT_TOKEN" in faults()


@pytest.mark.parametrize("missing", sorted(APP))
def test_half_a_channel_names_what_is_missing(missing: str) -> None:
    assert missing.upper() in faults(**{name: value for name, value in (APP | BOT).items() if name != missing})


def test_all_faults_are_told_at_once() -> None:
    told = faults(
        wecom_bot_token="t",
        wecom_bot_aes_key="short",
        wecom_api_base="http://far.example/cgi-bin/",
        public_url="ftp://x",
        blob_url="ftp://x",
    )
    for name in ("WECOM_BOT_AES_KEY", "WECOM_API_BASE", "PUBLIC_URL", "BLOB_URL"):
        assert name in told


@pytest.mark.parametrize("url", ["", "s3://cases", "s3://cases.example/enshi-2023/blobs/"])
def test_files_lie_in_a_folder_or_in_a_bucket(url: str) -> None:
    assert load_settings(**BOT, blob_url=url).blob_url == url


@pytest.mark.parametrize("url", ["s3://", "s3://X", "s3://key:secret@host/bucket", "/var/blobs", "file:///blobs"])
def test_no_other_place_for_files_is_taken(url: str) -> None:
    assert "BLOB_URL" in faults(**BOT, blob_url=url)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"port": "many"}, "PORT：要填整数"),
        ({"port": "0"}, "PORT：不能小于 1"),
        ({"port": "70000"}, "PORT：不能大于 65535"),
        ({"wecom_agent_id": "app"}, "WECOM_AGENT_ID：要填整数"),
    ],
)
def test_wrong_types_name_their_variable(values: dict[str, object], told: str) -> None:
    assert told in faults(**(BOT | values))


@pytest.mark.parametrize(
    "url", ["https://[bot", "https://bot.example.cn:port", "https://bot.example.cn:0", "bot.example.cn"]
)
def test_addresses_that_cannot_be_taken_apart_are_named(url: str) -> None:
    told = faults(**BOT, public_url=url, wecom_api_base=url, model_base_url=url, model_name="m", secret_key="s" * 32)
    assert [line.partition("：")[0] for line in told.splitlines()] == ["WECOM_API_BASE", "PUBLIC_URL", "MODEL_BASE_URL"]


@pytest.mark.parametrize("clock", ["2023-05-06", "@instant.txt"])
def test_a_shifted_clock_is_refused_with_the_real_wecom(clock: str) -> None:
    assert "BOT_CLOCK" in faults(**BOT, bot_clock=clock)
    assert load_settings(**BOT, bot_clock=clock, wecom_api_base="http://127.0.0.1:1/cgi-bin/").bot_clock == clock


def test_a_clock_that_is_no_time_is_refused() -> None:
    assert "2023-05-06T09:00" in faults(**BOT, bot_clock="soon", wecom_api_base="http://127.0.0.1:1/cgi-bin/")


def test_values_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (APP | BOT).items():
        monkeypatch.setenv(name.upper(), str(value))
    monkeypatch.setenv("ADMIN_USERIDS", "Boss, other ;third")
    monkeypatch.setenv("REDIS_URL", "")
    settings = load_settings()
    assert settings.admin_userids == ("boss", "other", "third")
    assert settings.wecom_agent_id == 1000002


def test_secrets_are_never_shown() -> None:
    shown = repr(load_settings(**APP, **BOT)) + str(load_settings(**APP, **BOT))
    for secret in ("app-secret-value", "app-token-value", "bot-token-value", KEY):
        assert secret not in shown
    assert "app-secret-value" not in faults(**(APP | {"wecom_app_aes_key": "x"}))


@pytest.mark.parametrize("key", ["A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + " ", "钥" * 43, "A" * 42 + "-"])
def test_a_key_that_does_not_decode_is_refused_and_not_shown(key: str) -> None:
    told = faults(**(BOT | {"wecom_bot_aes_key": key}))
    assert "WECOM_BOT_AES_KEY" in told
    assert key not in told


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("# 设置\nPORT=8000\n".encode("gbk"))
    assert "UTF-8" in faults(**BOT)


def test_a_file_of_somebody_else_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=8000\n")
    (tmp_path / ".env").chmod(0)
    tmp_path.chmod(0o755)
    with nobody_special():
        told = faults(**BOT)
    assert "读不了" in told
