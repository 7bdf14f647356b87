"""导出进度: the board as a workbook, with the very numbers that 进度 shows."""

from __future__ import annotations

import re

from documents.board_workbook import board_workbook
from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from domain.wording import show_day_year, show_instant
from handlers.casework.board_text import ALL_UNITS, deadline_line
from handlers.casework.routes import routes_to_tick
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import quotas

HERE = "{who}的进度表发给您，数字是 {now} 的。"
NAME = "{who}进度_{day}.xlsx"
OF = "{title}"
AT = "统计时间：{year}年{now}"
MEANING = (
    "已收到：没有撤回、可能计数的全部案例；待修改：未达要求或退回的；待推荐：已提交、等协调员推荐的；"
    "已推荐：已推荐、已上报和以后各步的；还差：最低数减已推荐；迟交：待推荐和已推荐里截止后收到的。"
)
UNKNOWN_UNIT = "通知里没有您所在的单位，请告诉管理员。"
_SAID = re.compile(
    r"(?:请)?(?:帮我|给我)?(?:导出|下载|生成)(?:一下|一份)?(?:全州|全县|全市|各单位|本单位|所有单位)?的?(?:进度表?|统计表?|进展)"
    r"|(?:进度|统计)(?:表|导出|下载|excel|表格)"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """导出进度, 进度表."""
    return _SAID.fullmatch(spoken(message).lower()) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - the actor decides what is in it
    """The own unit for a coordinator, all units for an admin."""
    return [progress(ctx)]


def progress(ctx: Context) -> Reply:
    """The workbook this person may have."""
    everywhere = may(ctx.actor, Act.SEE_ALL).allowed
    decision = may(ctx.actor, Act.SEE_UNIT_CASES)
    if not everywhere and (not decision.allowed or ctx.actor.unit_id is None):
        return Reply(decision.reason)
    standings = quotas.standings(ctx.session, ctx.notice, None if everywhere else ctx.actor.unit_id)
    if not standings:
        return Reply(UNKNOWN_UNIT)
    zone = ctx.notice.timezone
    now, year = show_instant(ctx.now, zone), show_day_year(ctx.now, zone).split("年", 1)[0]
    notes = (OF.format(title=ctx.notice.title), AT.format(year=year, now=now), deadline_line(ctx), MEANING)
    who = ALL_UNITS if everywhere else standings[0].unit.name
    routes = {route.id: route.done_label for route in routes_to_tick(ctx.notice)}
    name = NAME.format(who=who, day=ctx.now.astimezone(zone).strftime("%Y%m%d"))
    file = ctx.keep(name, board_workbook(standings, routes, notes))
    return Reply(HERE.format(who=who, now=now), (Choice("进度", "进度"),), (file,))


HANDLER = Handler(
    name="export_progress",
    usage="发“导出进度”，我把进度做成 Excel 发给您",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
