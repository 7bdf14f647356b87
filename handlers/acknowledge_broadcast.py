"""收到: whoever was asked by a broadcast to acknowledge it does so; once counts."""

from __future__ import annotations

import re

from domain.chat import Incoming, Reply
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import spoken
from store import broadcasts

THANKS = "好的，已记下您看到了群发 {id}。"
KNOWN = "好的，已经记下了。"
NOT_SENT = "没有发给您的群发 {id}，不用回复。"
_NUMBERED = re.compile(r"(?:已?收到|已阅|知悉|确认收到)(?:了)?\s*(?:群发)?\s*(?P<id>\d{1,9})")
_SAID = re.compile(
    r"(?:好的?|嗯|ok)?[,，\s]*(?:已|我)?(?:收到|确认收到|已阅|知悉|知道了)(?:了|谢谢|,谢谢)?", re.IGNORECASE
)


def matches(message: Incoming, ctx: Context) -> bool:
    """收到 12; 收到 alone while a broadcast waits for it."""
    if _NUMBERED.fullmatch(spoken(message)) is not None:
        return True
    if _SAID.fullmatch(spoken(message)) is None:
        return False
    return broadcasts.asked_of(ctx.session, ctx.actor.person_id, ctx.now) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Note it, for oneself only."""
    person_id, now = ctx.actor.person_id, ctx.now
    numbered = _NUMBERED.fullmatch(spoken(message))
    if numbered is not None:
        broadcast_id = int(numbered["id"])
        if not broadcasts.was_sent(ctx.session, broadcast_id, person_id):
            return [Reply(NOT_SENT.format(id=broadcast_id))]
        if broadcasts.has_acknowledged(ctx.session, broadcast_id, person_id):
            return [Reply(KNOWN)]
    else:
        row = broadcasts.asked_of(ctx.session, person_id, now)
        if row is None:
            return [Reply(KNOWN)]
        broadcast_id = row.id
    ctx.write(lambda session: broadcasts.acknowledge(session, broadcast_id, person_id, now))
    return [Reply(THANKS.format(id=broadcast_id))]


HANDLER = Handler(
    name="acknowledge_broadcast",
    usage="",
    roles=EVERYBODY,
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
