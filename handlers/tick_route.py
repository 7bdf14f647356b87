"""已上传平台, 已发邮箱: a coordinator marks what the unit has done on the official routes, or takes it back."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.notice import Route
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.routes import routes_to_tick
from handlers.contract import Context, Handler, Mode
from handlers.said import plain, spoken
from store import quotas

DONE = "已勾选“{label}”：{unit}的{subject}已送到{target}。勾错了请回复“取消{label}”。"
UNDONE = "已取消“{label}”。"
_UNDO = re.compile(r"(?:取消|撤销|撤回|没有)(?:勾选)?")


def matches(message: Incoming, ctx: Context) -> bool:
    """The mark's own words, with 取消 before them to take it back."""
    return _meant(message, ctx) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Set or clear the unit's mark; saying it twice changes nothing."""
    meant = _meant(message, ctx)
    return [Reply(may(ctx.actor, Act.TICK_ROUTE).reason)] if meant is None else [tick(ctx, *meant)]


def tick(ctx: Context, route: Route, done: bool) -> Reply:  # noqa: FBT001 - what was said, as a pair
    """Set this mark of the person's unit, or clear it, if they may."""
    decision = may(ctx.actor, Act.TICK_ROUTE)
    if not decision.allowed or ctx.actor.unit_id is None:
        return Reply(decision.reason)
    quotas.tick_route(
        ctx.session, ctx.actor.unit_id, route.id, done=done, actor_id=ctx.actor.person_id, now=ctx.now
    )  # fmt: skip
    text = DONE if done else UNDONE
    unit = ctx.notice.unit(ctx.actor.unit_id).name
    said = text.format(label=route.done_label, unit=unit, subject=route.subject, target=route.target)
    return Reply(said, (Choice("进度", "进度"),))


def _meant(message: Incoming, ctx: Context) -> tuple[Route, bool] | None:
    said = plain(spoken(message))
    undo = _UNDO.match(said)
    words = said[undo.end() :] if undo else said
    for route in routes_to_tick(ctx.notice):
        if words == plain(route.done_label):
            return route, undo is None
    return None


HANDLER = Handler(
    name="tick_route",
    usage="发“已上传平台”“已发邮箱”，勾选本单位已办的事",
    roles=frozenset({Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
