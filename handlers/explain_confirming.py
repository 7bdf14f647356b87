"""确认 written by itself does nothing: that its button or its number confirms is said."""

from __future__ import annotations

import re

from domain.chat import ChatType, Choice, Incoming, Reply
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import spoken
from store import offers

NOT_YET = "还没有执行。要“{label}”，请点按钮，或只回复数字 {number}。"
_CONFIRMS = re.compile(r"确[认定]\S{0,10}(?: \d+ ?\S)?")
_CONFIRMING = "确认"


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


HANDLER = Handler("explain_confirming", "", EVERYBODY, Mode.INLINE, matches, run)
