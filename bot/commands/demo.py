"""`demo`: the whole service on this machine, against a stand-in of WeCom with a chat in the browser."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from bot.config import Settings, load_settings
from bot.logs import set_up_logs
from bot.serving import listening, wait_for_signal, working
from domain.roles import Role
from domain.roster import RosterRow
from store.roster import import_rows

_ROOT = Path(__file__).resolve().parent.parent.parent
_PEOPLE = _ROOT / "demo" / "people.toml"
_CLOCK = "2023-05-06T09:00:00+08:00"
_HOST = "127.0.0.1"
_START_SECONDS = 30.0
_READY = """
演示已就绪：在浏览器里打开  {address}

左边选一个人，就是以他的身份说话。可以这样试：
  1. 选一位教师，问“字数要求是多少”，再把一个 .docx 拖进聊天窗口，按提示回答，看检查结果。
  2. 选同一县市的协调员，发“进度”“待推荐”。
  3. 选管理员，发“帮助”看他能做什么。
  4. 点聊天窗口上方的“工作台”，以所选的人打开网页版。
右边是企业微信收发的记录，下面的旋钮可以让它出故障。
按 Ctrl+C 结束。下次加 --keep 接着用这次的数据。
"""
_AES_KEY_CHARACTERS = 43


@click.command(help="演示：本机启动机器人和模拟的企业微信，在浏览器里聊天。")
@click.option("--port", default=8000, show_default=True, help="机器人端口，被占用时自动换一个")
@click.option("--chat-port", default=8100, show_default=True, help="浏览器聊天页端口，被占用时自动换一个")
@click.option("--data", type=click.Path(path_type=Path), default=Path(".data/demo"), show_default=True)
@click.option("--clock", default=_CLOCK, show_default=True, help="演示的起始时间")
@click.option("--keep", is_flag=True, help="保留上次演示的数据")
def demo(port: int, chat_port: int, data: Path, clock: str, *, keep: bool) -> None:
    """Start both, seed the roster, print the address, run until INT or TERM."""
    set_up_logs(readable=True)
    if not keep:
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    port, chat_port = _free(port), _free(chat_port)
    settings = _settings(data, port, chat_port, clock)
    stopped = wait_for_signal()
    with working(settings) as services:
        with services.database.begin() as session:
            import_rows(session, roster(_PEOPLE), by=None, now=services.clock.real())
        with listening(services, _HOST, port), _chat(settings, data, port, chat_port) as simulator:
            click.echo(_READY.format(address=f"http://{_HOST}:{chat_port}/"))
            while not stopped.wait(0.5):
                if simulator.poll() is not None:
                    raise click.ClickException("模拟的企业微信意外退出了，请看上面的输出。")


def roster(file: Path) -> tuple[RosterRow, ...]:
    """The people of a demo file who are on the roster: those with a unit, and the bureau's admin."""
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["people"]
    return tuple(
        RosterRow(
            userid=row["userid"],
            name=row.get("name"),
            role=Role(row.get("role", "teacher")),
            unit_id=row.get("unit") or None,
            school=row.get("school") or None,
        )
        for row in rows
        if row.get("unit") or row.get("role") == Role.ADMIN
    )


def _settings(data: Path, port: int, chat_port: int, clock: str) -> Settings:
    return load_settings(
        wecom_corp_id="ww" + secrets.token_hex(8),
        wecom_agent_id=1000002,
        wecom_app_secret=secrets.token_urlsafe(32),
        wecom_app_token=secrets.token_hex(8),
        wecom_app_aes_key=_aes_key(),
        wecom_bot_token=secrets.token_hex(8),
        wecom_bot_aes_key=_aes_key(),
        wecom_bot_id="demo-bot",
        wecom_bot_secret="",
        wecom_api_base=f"http://{_HOST}:{chat_port}/cgi-bin/",
        public_url=f"http://{_HOST}:{port}",
        data_dir=data,
        database_url="",
        redis_url="",
        blob_url="",
        notice=_ROOT / "notices" / "enshi-2023-05",
        secret_key=secrets.token_urlsafe(32),
        host=_HOST,
        port=port,
        bot_clock=clock,
        _env_file=None,
    )


@contextmanager
def _chat(settings: Settings, data: Path, port: int, chat_port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The stand-in platform as a process of its own, so that it can share nothing with us but the wire."""
    config = data / "simulator.json"
    config.write_text(json.dumps(_platform(settings, port)), encoding="utf-8")
    config.chmod(0o600)
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
        [
            sys.executable,
            "-m",
            "simulator",
            "--port",
            str(chat_port),
            "--config",
            str(config),
            "--people",
            str(_PEOPLE),
        ],
        cwd=_ROOT,
    )
    try:
        _wait_for(chat_port, process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=10)


def _platform(settings: Settings, port: int) -> dict[str, object]:
    def shown(name: str) -> str:
        value = getattr(settings, name)
        return value.get_secret_value() if value is not None else ""

    return {
        "corp_id": settings.wecom_corp_id,
        "agent_id": settings.wecom_agent_id,
        "app_secret": shown("wecom_app_secret"),
        "app_token": shown("wecom_app_token"),
        "app_aes_key": shown("wecom_app_aes_key"),
        "bot_token": shown("wecom_bot_token"),
        "bot_aes_key": shown("wecom_bot_aes_key"),
        "bot_id": settings.wecom_bot_id,
        "app_callback_url": f"http://{_HOST}:{port}/wecom/app",
        "bot_callback_url": f"http://{_HOST}:{port}/wecom/aibot",
        # Not /console/ itself: whoever was chosen before in this browser is still signed in there.
        "app_home_url": f"http://{_HOST}:{port}/console/login",
    }


def _aes_key() -> str:
    return secrets.token_urlsafe(64).replace("-", "A").replace("_", "B")[: _AES_KEY_CHARACTERS - 1] + "A"


def _free(port: int) -> int:
    """This port, or any free one if it is taken."""
    for candidate in (port, 0):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise click.ClickException("这台电脑上没有空闲的端口。")


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with closing(socket.socket()) as probe:
            probe.settimeout(1)
            if probe.connect_ex((_HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise click.ClickException("模拟的企业微信没有启动，请看上面的输出。")
