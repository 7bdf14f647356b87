"""A receipt number that was never given: said plainly, before anything is done with another case."""

from __future__ import annotations

from domain.chat import Choice, Incoming, Reply
from domain.notice import Notice
from domain.receipt import REPORT, STAMPED_TABLE, UNKNOWN_CATEGORY
from domain.roles import Role
from handlers.casework.settling import MINE
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import mistyped_receipt_in, spoken

NEVER_GIVEN = "没有“{written}”这个回执号，什么也没有改：可能抄错或漏了一个字。请对照回执再发一次。"


def matches(message: Incoming, ctx: Context) -> bool:
    """Any words with something in them that can only be meant for a receipt number."""
    return _mistyped(message, ctx.notice) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Which number it is, and where the right ones are."""
    where = Choice("待推荐", "待推荐") if ctx.actor.role is Role.COORDINATOR else MINE
    return [Reply(NEVER_GIVEN.format(written=_mistyped(message, ctx.notice)), (where,))]


def _mistyped(message: Incoming, notice: Notice) -> str | None:
    prefixes = {UNKNOWN_CATEGORY, REPORT, STAMPED_TABLE, *(category.code for category in notice.categories)}
    return mistyped_receipt_in(spoken(message), prefixes)


HANDLER = Handler("explain_mistyped", "", EVERYBODY, Mode.INLINE, matches, run)
