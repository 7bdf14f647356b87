"""群发进度, 停止群发, 撤回群发, 谁没收到, 补发: what becomes of a broadcast that has been confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from domain.audience import Audience
from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may, may_broadcast
from domain.roles import Role
from handlers.casework.broadcast_draft import show_draft
from handlers.casework.broadcast_text import (
    PLUGIN,
    follow_choices,
    standing,
    unreached_line,
    without_signature,
)
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import audiences, broadcasts
from store.broadcasts import Writing
from store.schema.broadcasts import Broadcast

NONE = "没有找到这次群发。发“我的群发”看您发过的。"
NONE_YET = "您还没有群发过。"
STOPPED = "群发 {id} 已停止，还没发的不会再发。"
NOT_RUNNING = "群发 {id} 已经不在发送，没有可停的。"
ASK_RECALL = "要撤回群发 {id} 吗？企业微信里的会消失，" + PLUGIN
RECALLING = "正在撤回群发 {id}，完成后告诉您。"
NOTHING_TO_RECALL = "群发 {id} 没有可以撤回的：还没有发出，或者已过 24 小时。"
EVERYBODY_GOT_IT = "群发 {id}：没有发不到的人。"
UNREACHED = "群发 {id} 没收到或不能确定的 {count} 人{page}："
_PAGE = 20
_LATEST = 5
_SAID = re.compile(
    r"(?P<what>群发进度|群发情况|群发结果|停止群发|确认撤回群发|撤回群发|谁没收到|补发|我的群发|群发记录|群发列表)"
    r"\s*(?P<id>\d{1,9})?(?:\s*第(?P<page>\d{1,4})页)?"
)
_LISTS = frozenset({"我的群发", "群发记录", "群发列表"})


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """群发进度, 停止群发 12, 谁没收到 12."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Do it with a broadcast that this person may know of: the one with this number, else their latest."""
    decision = may(ctx.actor, Act.BROADCAST)
    found = _SAID.fullmatch(spoken(message))
    if not decision.allowed or found is None:
        return [Reply(decision.reason)]
    mine = broadcasts.latest(ctx.session, ctx.actor.person_id, _LATEST)
    latest = [each for each in mine if may_broadcast(ctx.actor, each.unit_id).allowed]
    if found["what"] in _LISTS:
        lines = [standing(row, broadcasts.ledger(ctx.session, row.id)) for row in latest]
        return [Reply("\n".join(lines) if lines else NONE_YET)]
    row = latest[0] if latest else None
    if found["id"] is not None:
        everybodys = may_broadcast(ctx.actor, None).allowed
        row = broadcasts.get(ctx.session, int(found["id"]), None if everybodys else ctx.actor.person_id)
    if row is None or row.confirmed_at is None:
        return [Reply(NONE)]
    if not may_broadcast(ctx.actor, row.unit_id).allowed:
        return [Reply(NONE)]
    return [_STEPS[found["what"]](ctx, row, int(found["page"] or 1))]


def _progress(ctx: Context, row: Broadcast, _page: int) -> Reply:
    ledger = broadcasts.ledger(ctx.session, row.id)
    return Reply(standing(row, ledger), follow_choices(row, ledger))


def _stop(ctx: Context, row: Broadcast, _page: int) -> Reply:
    done = broadcasts.stop(ctx.session, row, ctx.now, actor_id=ctx.actor.person_id)
    ctx.session.refresh(row)
    ledger = broadcasts.ledger(ctx.session, row.id)
    text = (STOPPED if done else NOT_RUNNING).format(id=row.id)
    return Reply(f"{text}\n{standing(row, ledger)}", follow_choices(row, ledger))


def _ask_recall(_ctx: Context, row: Broadcast, _page: int) -> Reply:
    choices = (Choice("确认撤回", f"确认撤回群发 {row.id}"), Choice("不撤回", f"群发进度 {row.id}"))
    return Reply(ASK_RECALL.format(id=row.id), choices)


def _recall(ctx: Context, row: Broadcast, _page: int) -> Reply:
    queued = broadcasts.recall(ctx.session, row, ctx.now, actor_id=ctx.actor.person_id)
    return Reply((RECALLING if queued else NOTHING_TO_RECALL).format(id=row.id))


def _unreached(ctx: Context, row: Broadcast, page: int) -> Reply:
    found, total = broadcasts.unreached(ctx.session, row.id, offset=(page - 1) * _PAGE, limit=_PAGE)
    if not total:
        return Reply(EVERYBODY_GOT_IT.format(id=row.id))
    pages = -(-total // _PAGE)
    head = UNREACHED.format(id=row.id, count=total, page=f"（第 {page}/{pages} 页）" if pages > 1 else "")
    lines = [head, *(unreached_line(ctx.notice, each) for each in found)]
    more = (Choice("下一页", f"谁没收到 {row.id} 第{page + 1}页"),) if page < pages else ()
    return Reply("\n".join(lines), (Choice("补发给没收到的", f"补发 {row.id}"), *more))


def _again(ctx: Context, row: Broadcast, _page: int) -> Reply:
    """A new draft of the same text for those it has certainly not reached, as they are now."""
    missed = frozenset(broadcasts.missed_people(ctx.session, row.id))
    everybody = audiences.find(ctx.session, ctx.notice, Audience(everybody=True), within=row.unit_id)
    members = [each for each in everybody if each.person_id in missed]
    if not members:
        return Reply(EVERYBODY_GOT_IT.format(id=row.id))
    text = without_signature(row.text)
    words = f"群发 {row.id} 没收到的人"
    writing = Writing(
        ctx.actor.person_id, row.unit_id, words, text, asks=row.asks, follows=row.id, file=broadcasts.file_of(row)
    )
    return show_draft(ctx, writing, members)


_STEPS: Mapping[str, Callable[[Context, Broadcast, int], Reply]] = {
    "群发进度": _progress,
    "群发情况": _progress,
    "群发结果": _progress,
    "停止群发": _stop,
    "撤回群发": _ask_recall,
    "确认撤回群发": _recall,
    "谁没收到": _unreached,
    "补发": _again,
}

HANDLER = Handler(
    name="follow_broadcast",
    usage="发“群发进度”“谁没收到”“停止群发”“撤回群发”，管您发出的群发",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
