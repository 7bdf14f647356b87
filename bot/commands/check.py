"""`check`: the same checks as in chat, for files and folders on this computer.

One JSON object a line for each file with `--format json`. Without `--category` the file is read as every category:
`category` is null, each finding names the `categories` it holds for, `readings` gives the verdict of each group of
categories judged alike, and the verdict is theirs where they agree, else "unchecked": somebody has to say the category.

What cannot be opened gets an object too, "unchecked", and a line on standard error; the rest is checked all the same.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from bot.commands.check_targets import Target, find_targets, readable, why
from bot.config import Settings
from domain.errors import ConfigError
from domain.notice import Notice
from domain.notice_loader import load_notice
from handlers.casework.report_text import checked_line, finding_lines, headline, show_title
from validators import bind, judge, judge_all
from validators.facts import FileFacts, Trouble, unopened
from validators.json_codec import to_json
from validators.report import Finding, Reading, Verdict, fuller
from validators.sandbox import Sandbox

_DEFAULT_PACK: Path = Settings.model_fields["notice"].default
_NOT_OPENED = "⚠️《{name}》没能检查：{trouble}"
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
    def opened(self) -> bool:
        """Whether there was anything to read."""
        return self.facts.trouble_kind is not Trouble.NOT_OPENED

    @property
    def verdict(self) -> Verdict:
        """The readings' verdict where they agree; a person has to choose where they do not, and to look at what could
        not be opened, whatever the notice demands."""
        if not self.opened:
            return Verdict.UNCHECKED
        verdicts = {reading.report.verdict for reading in self.readings}
        return verdicts.pop() if len(verdicts) == 1 else Verdict.UNCHECKED


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
@click.option("--annotate", type=click.Path(path_type=Path), help="批注版放到这个文件夹（尚未提供）。")
@click.option("--reformat", type=click.Path(path_type=Path), help="自动排版版放到这个文件夹（尚未提供）。")
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
    later = {"--format xlsx": form == "xlsx", "--annotate": annotate is not None, "--reformat": reformat is not None}
    for option, wanted in later.items():
        if wanted:
            _stop(_LATER.format(option=option))
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
    found = _check_all(targets, category, notice, form, output)
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


def _check_all(
    targets: Sequence[Target], category: str | None, notice: Notice, form: str, output: Path | None
) -> list[tuple[Verdict, bool]]:
    """Check one after the other and write each result at once; give each verdict and whether there was a file."""
    found = []
    writing = nullcontext(sys.stdout) if output is None else _opened(output)
    with writing as out, Sandbox() as sandbox, _progress(targets) as waiting:
        for target in waiting:
            facts = _read(sandbox, target)
            checked = _Checked(target.path, facts, category, _readings(facts, category, notice))
            found.append((checked.verdict, checked.opened))
            lines = [_as_json(checked)] if form == "json" else _as_text(checked, notice)
            out.write(readable("\n".join(lines)) + "\n")
            out.flush()
    return found


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


def _opened(output: Path) -> TextIO:
    try:
        return output.open("w", encoding="utf-8")
    except OSError as error:
        _stop(f"写不了 {readable(str(output))}：{why(error)}")
        raise


def _progress(targets: Sequence[Target]) -> click._termui_impl.ProgressBar[Target]:
    def shown(target: Target | None) -> str | None:
        return readable(target.path.name) if target else None

    hidden = not sys.stderr.isatty()
    return click.progressbar(targets, label="正在检查", file=sys.stderr, hidden=hidden, item_show_func=shown)


def _readings(facts: FileFacts, category: str | None, notice: Notice) -> tuple[Reading, ...]:
    if category is None:
        return judge_all(facts, notice)
    return (Reading((category,), judge(facts, notice.category(category), notice)),)


def _as_text(checked: _Checked, notice: Notice) -> list[str]:
    if not checked.opened:
        return [_NOT_OPENED.format(name=show_title(checked.facts.name), trouble=checked.facts.trouble), ""]
    lines = []
    for reading in checked.readings:
        report = reading.report
        lines.append(headline(checked.facts.name, report))
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
    merged: dict[tuple[object, ...], tuple[Finding, list[str]]] = {}
    for reading in checked.readings:
        for finding in reading.report.findings:
            known, categories = merged.get(finding.cause, (finding, []))
            merged[finding.cause] = fuller(known, finding), [*categories, *reading.categories]
    return [{**to_json(finding), "categories": categories} for finding, categories in merged.values()]


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
