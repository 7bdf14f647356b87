"""`deadline`: shows the deadline and its changes, or moves it, after a question."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy.orm import Session

from bot.clock import open_clock
from bot.config import load_settings
from domain.deadlines import Deadlines
from domain.notice import Notice
from domain.notice_loader import load_notice
from domain.policy import Act, may
from domain.wording import show_closing, show_instant
from store import deadlines, people
from store.database import Database
from store.deadlines import Wanted


@click.command(help="看截止时间和每次改期；写了 --to 就改截止时间（会先问一次）。改后回答和提醒马上按新时间。")
@click.option("--to", metavar="TIME", help="新的截止时间，如 2023-05-25T18:00（通知的时区）。")
@click.option("--unit", metavar="ID", help="只给一个单位延期：通知里单位的 id。")
@click.option("--reason", default="", help="原因，会原样告诉相关的人。")
@click.option("--by", metavar="USERID", help="谁改的：管理员的企业微信账号。")
@click.option("--yes", is_flag=True, help="不再问。")
def deadline(to: str | None, unit: str | None, reason: str, by: str | None, *, yes: bool) -> None:
    """Print what holds; with a new time, show old and new and change it."""
    settings = load_settings()
    notice, database = load_notice(settings.notice), Database(settings.effective_database_url)
    try:
        now = open_clock(settings.bot_clock, notice.timezone, database).now()
        with database.read() as session:
            known = deadlines.load(session, notice.intake_stage.closes_at)
            if to is None:
                _show(session, notice, known)
                return
            actor_id = _admin(session, by)
        wanted = _wanted(notice, known, now, to=to, unit=unit, reason=reason)
        name = "全部单位" if unit is None else notice.unit(unit).name
        click.echo(f"{name}：{_at(notice, wanted.before)} 改到 {_at(notice, wanted.closes_at)}，原因：{reason}")
        if not yes:
            click.confirm("确认修改？", abort=True)
        with database.begin() as session:
            done = deadlines.change(session, wanted, actor_id=actor_id, now=now)
        click.echo("已改。" if done else "刚才已被别人改过，这次没有改，请再看一次。")
        if not done:
            raise SystemExit(1)
    finally:
        database.close()


def _show(session: Session, notice: Notice, known: Deadlines) -> None:
    click.echo(f"全部单位：{_at(notice, known.of(None).closes_at)}")
    for unit_id, own in known.extended().items():
        click.echo(f"{notice.unit(unit_id).name}（延期）：{_at(notice, own.closes_at)}")
    for each in known.changes:
        row = deadlines.get(session, each.number)
        who = "全部单位" if each.unit_id is None else notice.unit(each.unit_id).name
        after = "取消延期" if each.closes_at is None else f"改到 {_at(notice, each.closes_at)}"
        reason = "" if row is None else f"，原因：{row.reason}"
        click.echo(f"第{each.number}次　{show_instant(each.changed_at, notice.timezone)}　{who}{after}{reason}")


def _admin(session: Session, by: str | None) -> int:
    person = people.by_userid(session, by or "")
    if person is None:
        raise click.BadParameter("请写管理员的企业微信账号", param_hint="--by")
    decision = may(people.as_actor(person), Act.CHANGE_DEADLINE)
    if not decision.allowed:
        raise click.ClickException(decision.reason)
    return person.id


def _wanted(notice: Notice, known: Deadlines, now: datetime, *, to: str, unit: str | None, reason: str) -> Wanted:
    if not reason.strip():
        raise click.BadParameter("请写明原因", param_hint="--reason")
    if unit is not None and unit not in {each.id for each in notice.units}:
        raise click.BadParameter(f"通知里没有 {unit} 这个单位", param_hint="--unit")
    try:
        closes_at = datetime.fromisoformat(to)
    except ValueError:
        raise click.BadParameter("要写成 2023-05-25T18:00 这样的时间", param_hint="--to") from None
    closes_at = closes_at if closes_at.tzinfo else closes_at.replace(tzinfo=notice.timezone)
    if closes_at <= max(now, notice.intake_stage.opens_at):
        raise click.BadParameter("这个时间已经过去了", param_hint="--to")
    if unit is not None and closes_at <= known.of(None).closes_at:
        raise click.BadParameter("一个单位的延期要比全部单位的截止时间晚", param_hint="--to")
    return Wanted(known.revision + 1, unit, closes_at, known.of(unit).closes_at, reason.strip())


def _at(notice: Notice, closes_at: datetime | None) -> str:
    return "" if closes_at is None else show_closing(closes_at, notice.timezone)
