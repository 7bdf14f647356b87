"""The board's words that several answers share."""

from __future__ import annotations

from collections.abc import Sequence

from domain.standing import UnitStanding
from domain.wording import last_minute, show_deadline, show_left
from handlers.contract import Context

DEADLINE = "距截止 {left}，{when}"
CLOSED = "已于 {when} 截止"
ALL_UNITS = "全部单位"
HEAD = "{who}　{deadline}"
UNIT_LINE = "{name}　{state}{filed}"
UNIT_FILED = "，已上报"
UNIT_ENOUGH = "✅ 已达最低数"
UNIT_NO_MINIMUM = "没有最低数，已推荐 {counted}"
UNIT_MISSING = "还差 {gaps}"
MORE_UNITS = "还有 {count} 个单位没有列出，发“导出进度”看全部。"
_MOST_UNITS = 20


def deadline_line(ctx: Context) -> str:
    """How long there is still time, or since when there is none."""
    stage, zone = ctx.notice.intake_stage, ctx.notice.timezone
    if ctx.now >= stage.closes_at:
        return CLOSED.format(when=show_deadline(stage, zone))
    return DEADLINE.format(left=show_left(last_minute(stage, zone) - ctx.now), when=show_deadline(stage, zone))


def all_units_lines(ctx: Context, standings: Sequence[UnitStanding]) -> list[str]:
    """A line for each unit, as many as fit a phone; how many more there are."""
    lines = [HEAD.format(who=ALL_UNITS, deadline=deadline_line(ctx))]
    lines += [_unit_line(standing) for standing in standings[:_MOST_UNITS]]
    if len(standings) > _MOST_UNITS:
        lines.append(MORE_UNITS.format(count=len(standings) - _MOST_UNITS))
    return lines


def _unit_line(standing: UnitStanding) -> str:
    owed = [f"{each.category} {each.missing}" for each in standing.owes]
    if owed:
        state = UNIT_MISSING.format(gaps="、".join(owed))
    elif any(each.minimum is not None for each in standing.categories):
        state = UNIT_ENOUGH
    else:
        state = UNIT_NO_MINIMUM.format(counted=sum(each.recommended for each in standing.categories))
    filed = UNIT_FILED if standing.report else ""
    return UNIT_LINE.format(name=standing.unit.name, state=state, filed=filed)
