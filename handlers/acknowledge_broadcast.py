"""收到: whoever was asked by a broadcast to acknowledge it does so; once counts."""

from __future__ import annotations

import re

from domain.chat import Incoming, Reply
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import spoken
from store import broadcasts

THANKS = "好的，已记下您看到了群发 {id}。"
KNOWN = "好的，已经记下了。"
_SAID = re.compile(
    r"(?:好的?|嗯|ok)?[,，\s]*(?:已|我)?(?:收到|确认收到|已阅|知悉|知道了)(?:了|谢谢|,谢谢)?", re.IGNORECASE
)


def matches(message: Incoming, ctx: Context) -> bool:
    """收到, while a broadcast waits for it."""
    if _SAID.fullmatch(spoken(message)) is None:
        return False
    return broadcasts.asked_of(ctx.session, ctx.actor.person_id, ctx.now) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - the words say it all
    """Note it."""
    row = broadcasts.asked_of(ctx.session, ctx.actor.person_id, ctx.now)
    if row is None:
        return [Reply(KNOWN)]
    broadcast_id, person_id, now = row.id, ctx.actor.person_id, ctx.now
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
