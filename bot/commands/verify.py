"""`verify`: whether what is stored is as promised; reads only. What it needs is loaded when it is called."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.check_targets import readable

if TYPE_CHECKING:
    from bot.safekeeping.checks import Fault
    from bot.safekeeping.opening import Installation

_USAGE = 2
_MOST_SHOWN = 20
_NO_NUMBER = "要写 all 或一个正整数，如 --files 200"
_MORE = "　　同样的还有 {count} 处，加 --format json 可以看到全部。"
_SOUND = "没有发现问题。"
_UNSOUND = "发现 {count} 处问题，每一处后面写着怎么办。"
_LOOKED_AT_BACKUPS = (
    "核对了 {copies} 份数据库副本、{files} 个文件，其中 {read} 个（{size}）从头读了一遍。最新一份：{newest}。"
)
_LOOKED = "核对了 {checks} 项承诺、{files} 个文件，其中 {read} 个（{size}）从头读了一遍。"


class Sample(click.ParamType[int | None]):
    """`all` (None) or how many files."""

    name = "all|N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """Raises click.BadParameter for anything else."""
        if value is None or isinstance(value, int):
            return value
        written = str(value).strip()
        if written.casefold() == "all":
            return None
        if not written.isascii() or not written.isdecimal() or int(written) == 0:
            self.fail(_NO_NUMBER, param, ctx)
        return int(written)


@click.command(
    help="核对数据库和文件是不是都好好的，只读不改，服务运行时也可以用。"
    "退出码：0 没有问题，1 有问题（逐条列出，写明怎么办），2 没能核对。"
)
@click.option(
    "--files",
    "sample",
    type=Sample(),
    default="all",
    help="从头读一遍核对内容的文件：all 全部（默认），或随机抽 N 个。",
)
@click.option(
    "--backup",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="不看正在用的系统，改看这个文件夹里的备份能不能用来恢复；在哪台机器上都可以。",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="json：每处问题一行。")
def verify(sample: int | None, folder: Path | None, form: str) -> None:
    """Look at the rows, then at the files, and tell every fault."""
    from bot.safekeeping.opening import CannotBeDoneError  # noqa: PLC0415 - a service that starts loads this module

    try:
        found, looked = _installation(sample) if folder is None else _backups(folder, sample)
    except CannotBeDoneError as error:
        click.echo(readable(str(error)), err=True)
        sys.exit(_USAGE)
    _tell(found, looked, form)
    sys.exit(1 if found else 0)


def _installation(sample: int | None) -> tuple[list[Fault], dict[str, int | str]]:
    from bot.config import load_settings  # noqa: PLC0415
    from bot.safekeeping.opening import opened  # noqa: PLC0415

    with opened(load_settings()) as installation:
        return _look(installation, sample)


def _backups(path: Path, sample: int | None) -> tuple[list[Fault], dict[str, int | str]]:
    from bot.safekeeping.verifying import drawn  # noqa: PLC0415
    from bot.safekeeping.verifying_backup import backups_in, check_files, files_named  # noqa: PLC0415

    folder, whole, faults = backups_in(path)
    files = files_named(whole)
    read = drawn(files, sample)
    newest = whole[0].made_at if whole else ""
    size = _walk(check_files(folder, files, read), len(files), faults)
    return faults, {"copies": len(whole), "newest": newest, "files": len(files), "read": len(read), "bytes": size}


def _look(installation: Installation, sample: int | None) -> tuple[list[Fault], dict[str, int | str]]:
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from bot.safekeeping.checks import CHECKS  # noqa: PLC0415
    from bot.safekeeping.verifying import check_files, check_rows, drawn, files_of  # noqa: PLC0415

    faults: list[Fault] = []
    looked: dict[str, int | str] = {"checks": len(CHECKS) + 1, "files": 0, "read": 0, "bytes": 0}
    try:
        faults.extend(check_rows(installation, datetime.now(UTC)))
        files = files_of(installation)
        read = drawn(files, sample)
        size = _walk(check_files(installation, files, read), len(files), faults)
        looked |= {"files": len(files), "read": len(read), "bytes": size}
    except SQLAlchemyError:
        if not faults:
            raise
        # The database is damaged, as has been found: what cannot be read any more is no news.
    return faults, looked


def _walk(looking: Iterable[tuple[int, Fault | None]], length: int, faults: list[Fault]) -> int:
    """Look at every file, with a bar; adds what is wrong to `faults`, returns how many bytes were read."""
    size, hidden = 0, not sys.stderr.isatty()
    with click.progressbar(looking, length=length, label="正在核对文件", file=sys.stderr, hidden=hidden) as bar:
        for bytes_read, fault in bar:
            size += bytes_read
            faults += [fault] if fault is not None else []
    return size


def _tell(faults: Sequence[Fault], looked: dict[str, int | str], form: str) -> None:
    """JSON: an object for each fault, and at the end one with what was looked at. Text: at most twenty of a kind."""
    from bot.safekeeping.checks import PROMISES  # noqa: PLC0415
    from domain.wording import show_size  # noqa: PLC0415

    if form == "json":
        for each in (*map(asdict, faults), looked | {"faults": len(faults)}):
            click.echo(readable(json.dumps(each, ensure_ascii=False)))
        return
    for name in dict.fromkeys(fault.check for fault in faults):
        same = [fault for fault in faults if fault.check == name]
        click.echo(f"【{PROMISES[same[0].promise]}】")
        for fault in same[:_MOST_SHOWN]:
            click.echo(readable(f"　{fault.text}"))
        if len(same) > _MOST_SHOWN:
            click.echo(_MORE.format(count=len(same) - _MOST_SHOWN))
    click.echo(_UNSOUND.format(count=len(faults)) if faults else _SOUND)
    said = _LOOKED_AT_BACKUPS if "copies" in looked else _LOOKED
    click.echo(said.format(**looked | {"size": show_size(int(looked["bytes"])), "newest": _newest(looked)}))


def _newest(looked: dict[str, int | str]) -> str:
    from domain.wording import show_instant_year  # noqa: PLC0415

    made_at = str(looked.get("newest", ""))
    moment = datetime.fromisoformat(made_at) if made_at else None
    return show_instant_year(moment, moment.tzinfo or UTC) if moment is not None else "没有一份完整的"
