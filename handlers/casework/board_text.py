"""The board's words that several answers share."""

from __future__ import annotations

from domain.wording import last_minute, show_deadline, show_left
from handlers.contract import Context

DEADLINE = "距截止 {left}，{when}"
CLOSED = "已于 {when} 截止"
ALL_UNITS = "全部单位"


def deadline_line(ctx: Context) -> str:
    """How long there is still time, or since when there is none."""
    stage, zone = ctx.notice.intake_stage, ctx.notice.timezone
    if ctx.now >= stage.closes_at:
        return CLOSED.format(when=show_deadline(stage, zone))
    return DEADLINE.format(left=show_left(last_minute(stage, zone) - ctx.now), when=show_deadline(stage, zone))
