"""`ask`: put a question to the answer engine, one on the command line, several by hand, or many as JSON Lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import click

from answers import Answer, AnswerKind, Engine
from bot.config import Settings
from domain.notice_loader import load_notice
from domain.roles import Role

_DEFAULT_PACK: Path = Settings.model_fields["notice"].default


@click.command(help="按通知回答问题。不写问题就逐行输入；--jsonl 从标准输入逐行读 JSON，逐行写出。")
@click.argument("question", required=False)
@click.option("--jsonl", is_flag=True, help='每行读 {"id","q","role"}，每行写 {"id","answer","kind","clauses"}。')
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.TEACHER.value, help="以什么身份问。"
)
@click.option(
    "--notice",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=_DEFAULT_PACK,
    envvar="NOTICE",
    help="通知文件夹。",
)
@click.option("--at", metavar="TIME", help="当作这个时间来答，如 2023-05-06T09:00。不写就是现在。")
def ask(question: str | None, jsonl: bool, role: str, folder: Path, at: str | None) -> None:  # noqa: FBT001 - click's flag
    """Answer one question, each line typed, or each JSON line; every question is a conversation of its own."""
    notice = load_notice(folder)
    engine = Engine(notice)
    now = _instant(at, notice.timezone)
    if jsonl:
        for line in answered_lines(engine, _stdin_lines(), Role(role), now):
            click.echo(line)
            sys.stdout.flush()
    elif question is not None:
        _show(engine.answer(question, role=Role(role), now=now))
    else:
        for asked in _typed_lines():
            _show(engine.answer(asked, role=Role(role), now=now))


def answered_lines(engine: Engine, lines: Iterable[str], role: Role, now: datetime) -> Iterator[str]:
    """One JSON line `{"id","answer","kind","clauses"}` for each JSON line `{"id","q","role"}`, in order, as they come.

    `role` is taken where a line names none. Blank lines are skipped; a line that is not such an object gets
    `{"id","answer","kind","clauses","error"}` with what is wrong, a refusal, and the next one is read."""
    for line in lines:
        if line.strip():
            written = json.dumps(_answered(engine, line, role, now), ensure_ascii=False)
            yield written.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair stays a JSON escape


def _answered(engine: Engine, line: str, role: Role, now: datetime) -> dict[str, object]:
    try:
        item = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return _refused(None, "这一行不是 JSON")
    if not isinstance(item, dict):
        return _refused(None, '这一行要写成 {"id","q","role"}')
    asked = item.get("q")
    if not isinstance(asked, str):
        return _refused(item.get("id"), "缺少文字 q")
    try:
        as_role = Role(item.get("role", role))
    except ValueError:
        return _refused(item.get("id"), f"role 只能是 {'、'.join(each.value for each in Role)}")
    answer = engine.answer(asked, role=as_role, now=now)
    return {
        "id": item.get("id"),
        "answer": answer.text,
        "kind": answer.kind.value,
        "clauses": list(answer.clauses),
    }


def _refused(name: object, error: str) -> dict[str, object]:
    """The reply to a line that is no question: a refusal that says what is wrong."""
    return {"id": name, "answer": f"{error}。", "kind": AnswerKind.REFUSE.value, "clauses": [], "error": error}


def _instant(text: str | None, timezone: tzinfo) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("要写成 2023-05-06T09:00 这样的时间", param_hint="--at") from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=timezone)).astimezone(UTC)


def _stdin_lines() -> Iterator[str]:
    """Standard input as UTF-8 whatever the locale says; bytes that are not become replacement characters."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace")


def _typed_lines() -> Iterator[str]:
    """Lines typed by hand until the end of input."""
    while True:
        click.echo("问：", nl=False)
        line = sys.stdin.readline()
        if not line:
            click.echo()
            return
        yield line.strip()


def _show(answer: Answer) -> None:
    click.echo(answer.text)
    if answer.follow_ups:
        click.echo("　".join(f"[{follow_up}]" for follow_up in answer.follow_ups))
