"""`check`: the same checks as in chat, for files and folders on this computer.

One JSON object a line for each file with `--format json`. Without `--category` the file is read as every category:
`category` is null, each finding names the `categories` it holds for, `readings` gives the verdict of each group of
categories judged alike, and the verdict is theirs where they agree, else "unchecked": somebody has to say the category.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from bot.config import Settings
from domain.errors import ConfigError
from domain.notice import Notice
from domain.notice_loader import load_notice
from handlers.casework.report_text import checked_line, finding_lines, headline
from validators import bind, judge, judge_all
from validators.facts import FileFacts
from validators.json_codec import to_json
from validators.report import Finding, Reading, Verdict
from validators.sandbox import Sandbox

_DEFAULT_PACK: Path = Settings.model_fields["notice"].default
_LATER = "此选项尚未提供：{option}。"
_USAGE = 2


@dataclass(frozen=True, slots=True)
class _Checked:
    """One file with its readings: one when the category is known, else one for each group of categories."""

    path: Path
    facts: FileFacts
    category: str | None
    readings: tuple[Reading, ...]

    @property
    def verdict(self) -> Verdict:
        """The readings' verdict where they agree; a person has to choose where they do not."""
        verdicts = {reading.report.verdict for reading in self.readings}
        return verdicts.pop() if len(verdicts) == 1 else Verdict.UNCHECKED


@click.command(
    help="检查 Word 案例和 MP4 视频，和聊天里的检查完全一样。PATH 是文件或文件夹（跳过隐藏文件和 ~$ 开头的临时文件）。"
    "退出码：0 没有必须改的问题，1 有问题或有没能检查的，2 用法不对或没有可读的文件。"
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--category", metavar="类别", help="按哪一类检查，如 B1；不写就按所有类别各看一遍。")
@click.option("--format", "form", type=click.Choice(["text", "json", "xlsx"]), default="text", help="输出格式。")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="把结果写到这个文件。")
@click.option("--annotate", type=click.Path(path_type=Path), help="批注版放到这个文件夹（尚未提供）。")
@click.option("--reformat", type=click.Path(path_type=Path), help="自动排版版放到这个文件夹（尚未提供）。")
@click.option(
    "--notice", "pack", metavar="DIR", type=click.Path(path_type=Path), default=_DEFAULT_PACK, envvar="NOTICE"
)
def check(  # noqa: PLR0917  click passes options by name
    paths: tuple[Path, ...],
    category: str | None,
    form: str,
    output: Path | None,
    annotate: Path | None,
    reformat: Path | None,
    pack: Path,
) -> None:
    """Check every file, write the results as they come, and end with the contract's exit status."""
    later = {"--format xlsx": form == "xlsx", "--annotate": annotate is not None, "--reformat": reformat is not None}
    for option, wanted in later.items():
        if wanted:
            _stop(_LATER.format(option=option))
    notice = _notice(pack)
    known = tuple(item.code for item in notice.categories)
    if category is not None and category not in known:
        _stop(f"没有“{category}”这个类别，可以写：{'、'.join(known)}。")
    files, problems = _files(paths)
    for problem in problems:
        click.echo(problem, err=True)
    if not files:
        _stop("没有可以检查的文件。")
    verdicts = _check_files(files, category, notice, form, output)
    if not verdicts:
        _stop("一个文件也没能打开。")
    clean = not problems and len(verdicts) == len(files) and all(verdict is Verdict.PASS for verdict in verdicts)
    sys.exit(0 if clean else 1)


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


def _files(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The files to check, in order, each once; and a sentence for each path that leads nowhere."""
    found: dict[Path, None] = {}
    problems = []
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_in_folder(path)))
        elif path.is_file():
            found[path] = None
        else:
            problems.append(f"找不到 {path}。")
    return list(found), problems


def _in_folder(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield Path(place, name)


def _check_files(
    files: Sequence[Path], category: str | None, notice: Notice, form: str, output: Path | None
) -> list[Verdict]:
    """Check one file after the other and write each result at once; what could not be opened is told and left out."""
    verdicts = []
    target = nullcontext(sys.stdout) if output is None else _opened(output)
    with Sandbox() as sandbox, target as out, _progress(files) as waiting:
        for path in waiting:
            try:
                facts = sandbox.read(path, path.name)
            except OSError as error:
                click.echo(f"打不开 {path}：{error.strerror or error}。", err=True)
                continue
            checked = _Checked(path, facts, category, _readings(facts, category, notice))
            verdicts.append(checked.verdict)
            lines = [_as_json(checked)] if form == "json" else _as_text(checked, notice)
            out.write("\n".join(lines) + "\n")
            out.flush()
    return verdicts


def _opened(output: Path) -> TextIO:
    try:
        return output.open("w", encoding="utf-8")
    except OSError as error:
        _stop(f"写不了 {output}：{error.strerror or error}。")
        raise


def _progress(files: Sequence[Path]) -> click._termui_impl.ProgressBar[Path]:
    hidden = not sys.stderr.isatty()
    return click.progressbar(
        files, label="正在检查", file=sys.stderr, hidden=hidden, item_show_func=lambda path: path.name if path else None
    )


def _readings(facts: FileFacts, category: str | None, notice: Notice) -> tuple[Reading, ...]:
    if category is None:
        return judge_all(facts, notice)
    return (Reading((category,), judge(facts, notice.category(category), notice)),)


def _as_text(checked: _Checked, notice: Notice) -> list[str]:
    lines = []
    for reading in checked.readings:
        report = reading.report
        lines.append(headline(checked.path.name, report))
        if checked.category is None and len(checked.readings) > 1:
            lines[-1] += f"（按 {'、'.join(reading.categories)} 类）"
        lines.extend(finding_lines(notice, report, most=None))
        lines.append(checked_line(report))
    return [*lines, ""]


def _as_json(checked: _Checked) -> str:
    record = {
        "file": str(checked.path),
        "category": checked.category,
        "sha256": checked.facts.sha256,
        "verdict": checked.verdict.value,
        "facts": _facts(checked.facts),
        "findings": _findings(checked),
    }
    if checked.category is None:
        record["readings"] = [
            {"categories": list(reading.categories), "verdict": reading.report.verdict.value}
            for reading in checked.readings
        ]
    return json.dumps(record, ensure_ascii=False)


def _findings(checked: _Checked) -> list[dict[str, object]]:
    if checked.category is not None:
        return [to_json(finding) for finding in checked.readings[0].report.findings]
    merged: dict[Finding, list[str]] = {}
    for reading in checked.readings:
        for finding in reading.report.findings:
            merged.setdefault(finding, []).extend(reading.categories)
    return [{**to_json(finding), "categories": categories} for finding, categories in merged.items()]


def _facts(facts: FileFacts) -> dict[str, object]:
    """The facts of the contract: what the file is, then the numbers of a Word file or of a video."""
    shown: dict[str, object] = {"kind": facts.kind.value, "size": facts.size, "readable": facts.readable}
    if facts.word is not None:
        word = facts.word
        shown |= {
            "words": word.words.total.high,
            "words_low": word.words.total.low,
            "words_split": {
                "body": word.words.body.high,
                "tables": word.words.tables.high,
                "text_boxes": word.words.text_boxes.high,
                "notes": word.words.notes.high,
            },
            "pictures": word.pictures.drawn,
            "title": word.title.text,
            "headings": [{"level": p.level, "text": p.visible.strip(), "paragraph": p.index} for p in word.headings],
        }
    if facts.video is not None:
        video = facts.video
        shown |= {
            "width": video.width,
            "height": video.height,
            "duration_s": video.duration_s,
            "container": video.container,
            "codec": video.codec,
            "has_audio": video.has_audio,
            "subtitles": video.subtitles,
        }
    return shown
