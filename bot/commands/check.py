"""`check`: the same checks as in chat, for files and folders on this computer.

One JSON object a line for each file with `--format json`. Without `--category` the file is read as every category:
`category` is null, each finding names the `categories` it holds for, `readings` gives the verdict of each group of
categories judged alike, and the verdict is theirs where they agree, else "unchecked": somebody has to say the category.

What cannot be opened gets an object too, "unchecked", and a line on standard error; the rest is checked all the same.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.commands.check_copies import Make, make_copies
from bot.commands.check_output import Output
from bot.commands.check_report import Checked, Copy
from bot.commands.check_targets import Target, find_targets, readable, why
from bot.config import Settings
from bot.copies import COMMAND, COPY_NAMES, CopyMaker
from bot.copy_orders import ANNOTATE, REFORMAT
from domain.errors import ConfigError
from domain.notice import Notice
from domain.notice_loader import load_notice
from validators import bind, judge, judge_all
from validators.facts import FileFacts, Trouble, unopened
from validators.report import Reading, Verdict
from validators.sandbox import Sandbox

_DEFAULT_PACK: Path = Settings.model_fields["notice"].default
_NO_TERMINAL = "表格不能显示在屏幕上，请用 --output 写明文件名，例如 --output 检查结果.xlsx。"
_USAGE = 2


@click.command(
    help="检查 Word 案例和 MP4 视频，和聊天里的检查完全一样。PATH 是文件或文件夹（跳过隐藏文件和 ~$ 开头的临时文件）。"
    "退出码：0 没有必须改的问题，1 有问题或有没能检查的，2 用法不对或没有可读的文件。"
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--category", "chosen", metavar="类别", multiple=True, help="按哪一类检查，如 B1；不写就按所有类别各看一遍。"
)
@click.option("--format", "form", type=click.Choice(["text", "json", "xlsx"]), default="text", help="输出格式。")
@click.option("--output", type=click.Path(path_type=Path), help="把结果写到这个文件。")
@click.option(
    "--annotate", type=click.Path(path_type=Path), help="给每个 Word 文件做一份带批注的副本，放到这个文件夹。"
)
@click.option(
    "--reformat", type=click.Path(path_type=Path), help="给每个 Word 文件做一份排好版的副本，放到这个文件夹。"
)
@click.option(
    "--notice", "pack", metavar="DIR", type=click.Path(path_type=Path), default=_DEFAULT_PACK, envvar="NOTICE"
)
def check(  # noqa: PLR0917  click passes options by name
    paths: tuple[Path, ...],
    chosen: tuple[str, ...],
    form: str,
    output: Path | None,
    annotate: Path | None,
    reformat: Path | None,
    pack: Path,
) -> None:
    """Check every file, write the results as they come, and end with the contract's exit status."""
    if form == "xlsx" and output is None:
        _stop(_NO_TERMINAL)
    folders = _folders({COPY_NAMES[ANNOTATE]: annotate, COPY_NAMES[REFORMAT]: reformat})
    _make_writable(form)
    notice = _notice(pack)
    category = _category(chosen, notice)
    targets = find_targets(paths)
    for target in targets:
        if target.trouble:
            _tell(target.path, target.trouble)
    if all(target.named and target.trouble for target in targets):
        _stop("没有可以检查的文件。")
    if output is not None and _is_one_of(output, targets):
        _stop(f"{readable(str(output))} 是要检查的文件，结果请写到别的文件。")
    found = _check_all(targets, category, notice, folders, Output(form, output, notice, tuple(folders)))
    if all(target.named for target in targets) and not any(opened for _, opened in found):
        _stop("一个文件也没能打开。")
    sys.exit(0 if all(verdict is Verdict.PASS for verdict, _ in found) else 1)


def _is_one_of(output: Path, targets: Sequence[Target]) -> bool:
    try:
        return any(output.samefile(target.path) for target in targets if not target.trouble)
    except OSError:
        return False  # there is no such file yet


def _make_writable(form: str) -> None:
    """No sign of a report or a file name may stop the run because the terminal cannot show it; JSON is UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if form == "json" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def _category(chosen: Sequence[str], notice: Notice) -> str | None:
    if not chosen:
        return None
    if len(chosen) > 1:
        _stop(f"--category 只能写一次，这里写了 {len(chosen)} 次：{'、'.join(map(readable, chosen))}。")
    known = {item.code.casefold(): item.code for item in notice.categories}
    code = known.get(chosen[0].strip().casefold())
    if code is None:
        _stop(f"没有“{readable(chosen[0])}”这个类别，可以写：{'、'.join(known.values())}。")
    return code


def _tell(path: Path, trouble: str) -> None:
    click.echo(readable(f"{path}：{trouble}"), err=True)


def _stop(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(_USAGE)


def _notice(pack: Path) -> Notice:
    try:
        notice = load_notice(pack)
        bind(notice)
    except ConfigError as error:
        _stop("\n".join(error.faults))
        raise
    return notice


def _folders(wanted: Mapping[str, Path | None]) -> dict[str, Path]:
    """The folders for copies, made where they are missing."""
    folders = {what: folder for what, folder in wanted.items() if folder is not None}
    for folder in folders.values():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            _stop(f"{readable(str(folder))} 不是文件夹，请换一个位置。")
        except OSError as error:
            _stop(f"写不了 {readable(str(folder))}：{why(error)}")
    return folders


def _check_all(
    targets: Sequence[Target], category: str | None, notice: Notice, folders: Mapping[str, Path], output: Output
) -> list[tuple[Verdict, bool]]:
    """Check one after the other and write each result at once; give each verdict and whether there was a file."""
    found = []
    with output, Sandbox(command=COMMAND) as sandbox, _progress(targets) as waiting:
        maker = CopyMaker(sandbox, notice)
        for target in waiting:
            facts = _read(sandbox, target)
            readings = _readings(facts, category, notice)
            copies = _copies(maker, target, facts, readings, folders)
            checked = Checked(target.path, facts, category, readings, copies)
            found.append((checked.verdict, checked.opened))
            output.write(checked)
    return found


def _copies(
    maker: CopyMaker, target: Target, facts: FileFacts, readings: Sequence[Reading], folders: Mapping[str, Path]
) -> dict[str, Copy]:
    if facts.trouble_kind is Trouble.NOT_OPENED:
        return {what: Copy(trouble=facts.trouble) for what in folders}
    makers: dict[str, Make] = {
        COPY_NAMES[ANNOTATE]: lambda result: maker.annotate(target.path, facts, readings, datetime.now(UTC), result),
        COPY_NAMES[REFORMAT]: lambda result: maker.reformat(target.path, facts, result),
    }
    return make_copies(folders, makers, facts.name)


def _read(sandbox: Sandbox, target: Target) -> FileFacts:
    name = readable(target.path.name or str(target.path))
    if target.trouble:
        return unopened(name, target.trouble)
    try:
        return sandbox.read(target.path, name)
    except OSError as error:
        trouble = why(error)
        _tell(target.path, trouble)
        return unopened(name, trouble)


def _progress(targets: Sequence[Target]) -> click._termui_impl.ProgressBar[Target]:
    def shown(target: Target | None) -> str | None:
        return readable(target.path.name) if target else None

    hidden = not sys.stderr.isatty()
    return click.progressbar(targets, label="正在检查", file=sys.stderr, hidden=hidden, item_show_func=shown)


def _readings(facts: FileFacts, category: str | None, notice: Notice) -> tuple[Reading, ...]:
    if category is None:
        return judge_all(facts, notice)
    return (Reading((category,), judge(facts, notice.category(category), notice)),)
