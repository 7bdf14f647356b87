"""确认群发, 先发给我看, 取消群发: the second step of a broadcast, about exactly what was shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from domain.chat import Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.broadcast_text import STATES, draft_choices, ended_text, follow_choices
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import broadcasts
from store.schema.broadcasts import Broadcast, BroadcastState

NONE = "没有找到您写的这份群发，什么都没有发。请重新发“群发 发给谁：正文”。"
STARTED = "群发 {id} 开始发送，共 {total} 人。发完我会告诉您。"
TEST = "已发给您自己一份，请在应用消息里看。别人还没有收到。"
CANCELLED = "好，群发 {id} 已取消，没有发给任何人。"
TOO_OLD = "这份群发写好已超过 30 分钟，没有发。收件人可能变了，请重新写一次。"
ALREADY = "群发 {id} {state}。"
_SAID = re.compile(r"(?P<what>确认群发|先发给我看|取消群发)\s*(?P<id>\d{1,9})")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """确认群发 12."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Send, send to oneself, or throw away: only by whoever wrote it, and only as it was shown."""
    found = _SAID.fullmatch(spoken(message))
    row = None if found is None else broadcasts.get(ctx.session, int(found["id"]), ctx.actor.person_id)
    if row is None or found is None:
        return [Reply(NONE)]
    decision = may(ctx.actor, Act.BROADCAST, target_unit=row.unit_id)
    if not decision.allowed:
        return [Reply(decision.reason)]
    if row.state != BroadcastState.DRAFT:
        return [_already(ctx, row)]
    return _STEPS[found["what"]](ctx, row)


def _cancel(ctx: Context, row: Broadcast) -> list[Reply]:
    broadcasts.cancel(ctx.session, row, ctx.now)
    return [Reply(CANCELLED.format(id=row.id))]


def _test(ctx: Context, row: Broadcast) -> list[Reply]:
    cause = f"broadcast:{row.id}:test:{ctx.inbox_id}"
    return [Reply(row.text, to=ctx.actor.person_id, cause=cause), Reply(TEST, draft_choices(row))]


def _confirm(ctx: Context, row: Broadcast) -> list[Reply]:
    confirmed = broadcasts.confirm(ctx.session, row, ctx.now)
    ctx.session.refresh(row)
    if not confirmed:
        return [Reply(TOO_OLD) if row.state == BroadcastState.DRAFT else _already(ctx, row)]
    ledger = broadcasts.ledger(ctx.session, row.id)
    if row.state == BroadcastState.DONE:  # nobody among them whom a push could reach
        return [Reply(ended_text(row, ledger), follow_choices(row, ledger))]
    return [Reply(STARTED.format(id=row.id, total=row.total), follow_choices(row, ledger))]


def _already(ctx: Context, row: Broadcast) -> Reply:
    text = ALREADY.format(id=row.id, state=STATES[BroadcastState(row.state)])
    if row.confirmed_at is None:
        return Reply(text)
    return Reply(text, follow_choices(row, broadcasts.ledger(ctx.session, row.id)))


_STEPS: Mapping[str, Callable[[Context, Broadcast], list[Reply]]] = {
    "确认群发": _confirm,
    "先发给我看": _test,
    "取消群发": _cancel,
}

HANDLER = Handler(
    name="confirm_broadcast",
    usage="",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
