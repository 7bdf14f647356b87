"""`doctor`: says in plain words what is wrong with this installation."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.config import load_settings
from bot.logs import keep_quiet
from domain.errors import ConfigError

if TYPE_CHECKING:
    from bot.doctor.examining import Result

_WRONG, _UNREADABLE = 1, 2
_NO_FILE = "这个文件夹里没有 .env：是不是应该先 cd 到程序所在的文件夹？"
_FAULTS = "设置有 {count} 处不对，改好 .env 再查（每一项的说明见 docs/operations.zh-CN.md 第 9 节）："


@click.command(
    help="体检：这套安装哪里不对、下一步怎么办。不发消息，不改任何人看得到的东西。"
    "没有不对的退出码为 0，有不对的为 1，设置读不出来为 2。"
)
@click.option("--offline", is_flag=True, help="不连网：只查设置、通知、硬盘、数据库和这台机器")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def doctor(*, offline: bool, form: str) -> None:
    """Examine the installation of the environment and `.env`; a line for each check as it ends."""
    try:
        settings = load_settings()
    except ConfigError as error:
        _tell(error.faults, form)
        sys.exit(_UNREADABLE)
    # Most of the product is loaded for it: other commands shall start without.
    from bot.doctor import CHECKS  # noqa: PLC0415
    from bot.doctor.examining import examine  # noqa: PLC0415
    from bot.doctor.finding import Verdict  # noqa: PLC0415
    from bot.doctor.showing import as_json, as_text  # noqa: PLC0415
    from bot.doctor.subject import Subject  # noqa: PLC0415

    keep_quiet()
    ended: set[Verdict] = set()

    def noted() -> Iterator[Result]:
        for result in examine(Subject(settings, offline=offline), CHECKS):
            ended.add(result.finding.verdict)
            yield result

    for line in (as_json if form == "json" else as_text)(noted()):
        click.echo(line)
    sys.exit(_WRONG if Verdict.WRONG in ended else 0)


def _tell(faults: tuple[str, ...], form: str) -> None:
    if form == "json":
        for fault in faults:
            told = {"check": "settings", "title": "设置", "verdict": "wrong", "seen": fault, "advice": ""}
            click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(_FAULTS.format(count=len(faults)), err=True)
    for fault in faults:
        click.echo(fault, err=True)
    if not Path(".env").exists():
        click.echo(_NO_FILE, err=True)
