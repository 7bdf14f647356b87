"""确认 written by itself does nothing: how to confirm is said. So it is that nothing waits for a 取消."""

from __future__ import annotations

import re

from domain.chat import ChatType, Choice, Incoming, Reply
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import spoken
from store import offers

NOT_YET = "还没有执行。要“{label}”，请点按钮，或只回复数字 {number}。"
NOTHING_WAITS = "现在没有等您确认的事，什么也没有改。要撤回案例，请发“撤回”。"
_CONFIRMS = re.compile(r"确[认定]\S{0,10}(?: \d+ ?\S)?|是的?|好的?|对的?|行|可以|同意|嗯")
_CONFIRMING = ("确认", "确定")
_CALLS_OFF = "取消"


def matches(message: Incoming, ctx: Context) -> bool:
    """A few words that confirm, while something that was shown last waits for it."""
    if message.chat is ChatType.GROUP or not _CONFIRMS.fullmatch(spoken(message)):
        return False
    return any(_waits(each) for each in offers.latest(ctx.session, message.lane, ctx.now))


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """How to confirm; the same choices stay offered under the same numbers."""
    choices = offers.latest(ctx.session, message.lane, ctx.now)
    number, choice = next((number, each) for number, each in enumerate(choices, start=1) if _waits(each))
    return [Reply(NOT_YET.format(label=choice.label, number=number), choices)]


def _waits(choice: Choice) -> bool:
    return choice.label.startswith(_CONFIRMING)


def _is_calling_off(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    return message.chat is not ChatType.GROUP and spoken(message) == _CALLS_OFF


def _explain_calling_off(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - one sentence for all
    return [Reply(NOTHING_WAITS)]


CALLED_OFF = Handler("explain_calling_off", "", EVERYBODY, Mode.INLINE, _is_calling_off, _explain_calling_off)
HANDLER = Handler("explain_confirming", "", EVERYBODY, Mode.INLINE, matches, run)
