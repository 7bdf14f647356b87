"""`verify`: whether what is stored is as promised; reads only. What it needs is loaded when it is called."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict
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
    help="把文件从头读一遍核对内容：all 全部（默认），或随机抽 N 个。",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="json：每处问题一行。")
def verify(sample: int | None, form: str) -> None:
    """Look at the rows, then at the files, and tell every fault."""
    from bot.config import load_settings  # noqa: PLC0415 - a service that starts loads this module
    from bot.safekeeping.opening import CannotBeDoneError, opened  # noqa: PLC0415

    try:
        with opened(load_settings()) as installation:
            found, looked = _look(installation, sample)
    except CannotBeDoneError as error:
        click.echo(str(error), err=True)
        sys.exit(_USAGE)
    tell(found, looked, form)
    sys.exit(1 if found else 0)


def _look(installation: Installation, sample: int | None) -> tuple[list[Fault], dict[str, int]]:
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from bot.safekeeping.checks import CHECKS  # noqa: PLC0415
    from bot.safekeeping.verifying import check_rows, drawn, files_of  # noqa: PLC0415

    faults: list[Fault] = []
    looked = {"checks": len(CHECKS) + 1, "files": 0, "read": 0, "bytes": 0}
    try:
        faults.extend(check_rows(installation))
        files = files_of(installation)
        read = drawn(files, sample)
        looked |= {"files": len(files), "read": len(read), "bytes": _look_at(installation, files, read, faults)}
    except SQLAlchemyError:
        if not faults:
            raise
        # The database is damaged, as has been found: what cannot be read any more is no news.
    return faults, looked


def _look_at(
    installation: Installation, files: Sequence[tuple[str, int]], read: Collection[str], faults: list[Fault]
) -> int:
    """Look at every file, with a bar; adds what is wrong to `faults`, returns how many bytes were read."""
    from bot.safekeeping.verifying import check_files  # noqa: PLC0415

    size, hidden = 0, not sys.stderr.isatty()
    looking = check_files(installation, files, read)
    with click.progressbar(looking, length=len(files), label="正在核对文件", file=sys.stderr, hidden=hidden) as bar:
        for bytes_read, fault in bar:
            size += bytes_read
            faults += [fault] if fault is not None else []
    return size


def tell(faults: Sequence[Fault], looked: dict[str, int], form: str) -> None:
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
    click.echo(_LOOKED.format(size=show_size(looked["bytes"]), **looked))
