"""A start without its database or its port: waited for while that helps, then told in a sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
import structlog
from sqlalchemy import create_engine, make_url, text

from bot.config import load_settings
from bot.opening import open_database
from bot.services import build
from bot.serving import listening
from domain.errors import ConfigError

ROOT = Path(__file__).parents[2]


def test_a_database_that_comes_later_is_waited_for(postgres_url_factory: Callable[[], str]) -> None:
    """Its server answers already, the database is made after the first try has failed."""
    server = create_engine(postgres_url_factory(), isolation_level="AUTOCOMMIT")
    late = make_url(str(server.url.render_as_string(hide_password=False))).set(database="late")
    with structlog.testing.capture_logs() as logs, ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_database, late.render_as_string(hide_password=False))
        while not logs:
            assert not wait([opening], timeout=0.05).done
        with server.connect() as connection:
            connection.execute(text("create database late"))
        opened = opening.result(timeout=60)
    opened.ping()
    opened.close()
    with server.connect() as connection:
        connection.execute(text("drop database late with (force)"))
    server.dispose()


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("postgresql+psycopg://bot:the-password@127.0.0.1:1/bot", "refused"),
        ("sqlite:////nowhere/at/all/case-keeper.db", "unable to open database file"),
    ],
)
def test_one_that_does_not_come_is_told_without_its_password(url: str, cause: str) -> None:
    with pytest.raises(ConfigError) as raised:
        open_database(url, patience=0.0)
    (fault,) = raised.value.faults
    assert fault.startswith("数据库打不开：")
    assert cause in fault
    assert "DATABASE_URL" in fault
    assert "the-password" not in fault


# Cheroot leaves the socket it could not bind to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_port_that_is_taken_is_told(database_url: str, tmp_path: Path) -> None:
    settings = load_settings(
        wecom_bot_token="t",
        wecom_bot_aes_key="A" * 43,
        data_dir=tmp_path,
        database_url=database_url,
        _env_file=None,
    )
    services = build(settings)
    with (
        listening(services, "127.0.0.1", 0) as port,
        pytest.raises(ConfigError) as raised,
        listening(services, "127.0.0.1", port),
    ):
        raise AssertionError("two listen at one port")
    services.close()
    assert str(port) in raised.value.faults[0]
    assert "PORT" in raised.value.faults[0]


def test_the_command_line_ends_with_that_sentence_and_no_trace(tmp_path: Path) -> None:
    key = "A" * 43
    settings = {
        "WECOM_BOT_TOKEN": "t",
        "WECOM_BOT_AES_KEY": key,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/missing/x.db",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert ended.returncode == 2
    assert "数据库打不开" in ended.stderr
    assert "Traceback" not in ended.stderr
