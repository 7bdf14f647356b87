"""确认群发, 先发给我看, 取消群发, 附文件: the second step of a broadcast, about exactly what was shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from domain.chat import Incoming, MessageKind, OutgoingFile, Reply
from domain.policy import may_broadcast
from domain.roles import Role
from handlers.casework.broadcast_draft import show_draft
from handlers.casework.broadcast_text import (
    STATES,
    draft_choices,
    ended,
    follow_choices,
    without_signature,
)
from handlers.contract import Attachment, Context, Handler, Mode
from handlers.said import spoken
from store import broadcasts
from store.broadcasts import Writing
from store.schema.broadcasts import Broadcast, BroadcastState

NONE = "没有找到您写的这份群发，什么都没有发。请重新发“群发 发给谁：正文”。"
STARTED = "群发 {id} 开始发送，共 {total} 人。发完我会告诉您。"
TEST = "已发给您自己一份，请在应用消息里看。别人还没有收到。"
CANCELLED = "好，群发 {id} 已取消，没有发给任何人。"
TOO_OLD = "这份群发写好已超过 30 分钟，没有发。收件人可能变了，请重新写一次。"
ALREADY = "群发 {id} {state}。"
SEND_FILE = "请在 30 分钟内把文件发给我，不超过 20 MB。收到后我会给您看新的一份，再确认。"
FILE_SIZE = "文件要大于 5 字节、不超过 20 MB，这个不行，还没有附上。请换一个，或不附文件直接确认。"
_FILE_BYTES = range(6, (20 << 20) + 1)  # protocol 5.1
_FEW = 10
_SAID = re.compile(r"(?P<what>确认群发|先发给我看|取消群发|群发附文件)\s*(?P<id>\d{1,9})")


def matches(message: Incoming, ctx: Context) -> bool:
    """确认群发 12; or the file that a draft waits for."""
    if _file_in(message, ctx) is not None:
        return broadcasts.awaiting_file(ctx.session, ctx.actor.person_id, ctx.now) is not None
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Send, send to oneself, or throw away: only by whoever wrote it, and only as it was shown."""
    file = _file_in(message, ctx)
    found = _SAID.fullmatch(spoken(message))
    if file is not None:
        waiting = broadcasts.awaiting_file(ctx.session, ctx.actor.person_id, ctx.now)
        return [Reply(NONE) if waiting is None else _attach(ctx, waiting, file)]
    row = None if found is None else broadcasts.get(ctx.session, int(found["id"]), ctx.actor.person_id)
    if row is None or found is None:
        return [Reply(NONE)]
    decision = may_broadcast(ctx.actor, row.unit_id)
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
    file = broadcasts.file_of(row)
    files = () if file is None else (file,)
    return [Reply(row.text, files=files, to=ctx.actor.person_id, cause=cause), Reply(TEST, draft_choices(row))]


def _await_file(ctx: Context, row: Broadcast) -> list[Reply]:
    broadcasts.await_file(row, ctx.now)
    return [Reply(SEND_FILE)]


def _attach(ctx: Context, old: Broadcast, file: Attachment) -> Reply:
    """A new draft with the file takes the place of the old: what confirms the old one confirms nothing any more."""
    decision = may_broadcast(ctx.actor, old.unit_id)
    if not decision.allowed:
        return Reply(decision.reason)
    if file.size not in _FILE_BYTES:
        return Reply(FILE_SIZE, draft_choices(old))
    members, text = broadcasts.members_of(ctx.session, old.id), without_signature(old.text)
    kept = OutgoingFile(file.name, file.sha256, file.size)
    writing = Writing(old.sender_id, old.unit_id, old.audience, text, old.asks, old.follows, kept)
    broadcasts.cancel(ctx.session, old, ctx.now)
    return show_draft(ctx, writing, members)


def _file_in(message: Incoming, ctx: Context) -> Attachment | None:
    """The one file of the message."""
    files = [each for each in ctx.attachments if each.kind in {MessageKind.FILE, MessageKind.VIDEO}]
    return files[0] if len(files) == 1 and message.kind is not MessageKind.MIXED else None


def _confirm(ctx: Context, row: Broadcast) -> list[Reply]:
    confirmed = broadcasts.confirm(ctx.session, row, ctx.now)
    ctx.session.refresh(row)
    if not confirmed:
        return [Reply(TOO_OLD) if row.state == BroadcastState.DRAFT else _already(ctx, row)]
    ledger = broadcasts.ledger(ctx.session, row.id)
    if row.state == BroadcastState.DONE:  # nobody among them whom a push could reach
        return [ended(ctx.notice, row, ledger, broadcasts.unreached(ctx.session, row.id, offset=0, limit=_FEW)[0])]
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
    "群发附文件": _await_file,
}

HANDLER = Handler(
    name="confirm_broadcast",
    usage="",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
