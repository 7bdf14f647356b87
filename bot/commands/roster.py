"""`roster`: import the people from a workbook or a text with separators, or write the empty template."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.config import Settings, load_settings
from bot.services import Services, build
from bot.tables import table_of
from documents.roster_template import roster_template
from domain.notice_loader import load_notice
from domain.roster import RosterRow, read_roster, show_fault
from handlers.casework.roster_text import difference_lines, plan_lines
from store import roster as roster_store

FAULTS = "{file} 有 {count} 处要改，一个人都没有导入："
NO_ADMIN = "没有导入：导入后就没有管理员了。请在名单里至少留一位管理员。"
ALL_THE_SAME = "{count} 人，和现在登记的一样，不用导入。"
PREVIEW = "{file} 共 {count} 人，导入后："
ASK = "确认导入？"
NOT_DONE = "没有导入，什么也没有改。要不问就导入，请加 --yes。"
CHANGED_MEANWHILE = "您看的时候有人的登记变了，没有导入。请再运行一次。"
DONE = "已导入。"
_DEFAULT_NOTICE: Path = Settings.model_fields["notice"].default
_WRONG = 1


@click.group(help="名单：导入教师、协调员、管理员，或写出空的模板。")
def roster() -> None:
    """The group of roster commands."""


@roster.command("template", help="写出空的名单模板（xlsx）。")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--notice", type=click.Path(path_type=Path, exists=True), default=_DEFAULT_NOTICE, show_default=True)
def template(file: Path, notice: Path) -> None:
    """Write the template; no installation is needed for that."""
    try:
        file.write_bytes(roster_template(load_notice(notice)))
    except OSError as error:
        raise click.ClickException(f"写不了 {file}：{error.strerror}") from None
    click.echo(f"已写好 {file}")


@roster.command("import", help="导入名单（xlsx 或 csv）：先列出全部改动，确认后一次导入。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="不再询问，直接导入")
@click.option("--keep-others", is_flag=True, help="保留名单外的人；不加时，以前名单里有、这份里没有的人算离开")
def import_(file: Path, *, yes: bool, keep_others: bool) -> None:
    """Show what would change, ask, do it in one transaction. Exit 1 when the file has faults or nothing was done."""
    services = build(load_settings())
    try:
        _import(services, file, yes=yes, keep_others=keep_others)
    finally:
        services.close()


def _import(services: Services, file: Path, *, yes: bool, keep_others: bool) -> None:
    people = _people(services, file)
    with services.database.read() as session:
        plan = roster_store.compare(session, people)
    if plan.without_admin:
        raise click.ClickException(NO_ADMIN)
    if not (plan.new or plan.changed or (plan.leaving and not keep_others)):
        click.echo(ALL_THE_SAME.format(count=len(people)))
        return
    click.echo(PREVIEW.format(file=file, count=len(people)))
    click.echo("\n".join((*plan_lines(services.notice, plan), "", *difference_lines(services.notice, plan))))
    if not yes and not (sys.stdin.isatty() and click.confirm(ASK)):
        raise click.ClickException(NOT_DONE)
    with services.database.begin() as session:
        now = roster_store.compare(session, people)
        if now.digest != plan.digest:
            raise click.ClickException(CHANGED_MEANWHILE)
        roster_store.carry_out(session, now, with_leaving=not keep_others, by=None, now=services.clock.now())
    click.echo(DONE)


def _people(services: Services, file: Path) -> tuple[RosterRow, ...]:
    try:
        table = table_of(services.sandbox, file, file.name)
    except OSError as error:
        raise click.ClickException(f"打不开 {file}：{error.strerror}") from None
    read = read_roster(table, services.notice)
    if read.faults:
        click.echo(FAULTS.format(file=file, count=len(read.faults)), err=True)
        for fault in read.faults:
            click.echo(show_fault(fault), err=True)
        sys.exit(_WRONG)
    return read.people
