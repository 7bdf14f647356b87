"""进度图: the board of all units as one picture; as text where this machine has no Chinese font."""

from __future__ import annotations

import re

from documents.chinese_font import find_chinese_font
from documents.heat_table import heat_table
from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from domain.wording import show_instant
from handlers.casework.board_text import ALL_UNITS, all_units_lines, deadline_line
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import quotas

HERE = "各单位进度图发给您，数字是 {now} 的。{deadline}。"
TITLE = "{who}进度"
ABOUT = "{now}　{deadline}"
NAME = "各单位进度_{day}.png"
NO_FONT = "这台服务器没有中文字体，画不了图，先给您文字："
_SAID = re.compile(
    r"(?:请)?(?:给我|看|看看|画|生成|发)?(?:一下|一张)?(?:全州|各单位|所有单位|全部单位)?的?(?:进度|热力|统计)(?:热力)?图(?:表)?(?:发我)?"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """进度图, 热力图."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - the picture is of all units
    """The picture, or the words of 进度."""
    decision = may(ctx.actor, Act.SEE_ALL)
    if not decision.allowed:
        return [Reply(decision.reason)]
    standings = quotas.standings(ctx.session, ctx.notice)
    choices = (Choice("进度", "进度"), Choice("导出进度", "导出进度"))
    font = find_chinese_font()
    if font is None:
        return [Reply("\n".join((NO_FONT, *all_units_lines(ctx, standings))), choices)]
    zone = ctx.notice.timezone
    slots = {"now": show_instant(ctx.now, zone), "deadline": deadline_line(ctx), "who": ALL_UNITS}
    picture = heat_table(standings, TITLE.format(**slots), ABOUT.format(**slots), font)
    file = ctx.keep(NAME.format(day=ctx.now.astimezone(zone).strftime("%Y%m%d")), picture)
    return [Reply(HERE.format(**slots), choices, (file,))]


HANDLER = Handler(
    name="draw_progress",
    usage="发“进度图”，看各单位进度的一张图",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
