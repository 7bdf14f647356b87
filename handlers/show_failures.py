"""失败消息 for the admin: what was given up, and what did not reach its person. Never what was said."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, MessageKind, Reply
from domain.policy import Act, may
from domain.roles import Role
from domain.wording import show_instant
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import failures
from store.failures import Failures, GivenUp, NotArrived
from store.schema.campaign import Person

NONE = "没有失败的消息。"
GIVEN_UP = "没有处理成的消息 {count} 条，内容都存着："
NOT_ARRIVED = "没有送到的消息 {count} 条："
MORE = "更早的还有 {count} 条。"
HELD = "另有 {count} 条暂时送不到，会在对方下次发消息时补上。"
TRY_AGAIN = "查明原因后可以重新处理，结果会直接发给他们，到达时间不变。"
TELL_THEM = "没有送到的，请另外联系他们，或请他们发“我的案例”。"
TRIED_AGAIN = "{count} 条消息一分钟内重新处理，结果会直接发给他们。再失败的，还会在“失败消息”里。"
UNKNOWN_PERSON = "未登记的人"
REFUSED = "企业微信不收"
UNCLEAR = "不清楚是否送到"
FILES = "文件 {count} 个"
_KINDS = {MessageKind.FILE: "文件", MessageKind.VIDEO: "视频", MessageKind.IMAGE: "图片", MessageKind.TEXT: "文字"}
_OTHER_KIND = "消息"
_MOST = 10
_AGAIN = "重新处理失败的消息"
_SAID = re.compile(
    r"(?:查?看|看看)?(?:失败|没送到|没有送到|未送达|没处理成|没有处理成|处理失败|发送失败)的?(?:消息|列表)?"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """失败消息, 没送到的消息; 重新处理."""
    said = spoken(message)
    return said == _AGAIN or _SAID.fullmatch(said) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The newest of each kind and how many more there are; or all that was given up goes to work again."""
    again = spoken(message) == _AGAIN
    decision = may(ctx.actor, Act.RETRY_MESSAGES if again else Act.SEE_FAILURES)
    if not decision.allowed:
        return [Reply(decision.reason)]
    return [_try_again(ctx) if again else _show(failures.newest(ctx.session, _MOST), ctx)]


def _try_again(ctx: Context) -> Reply:
    count = failures.try_again(ctx.session, by=ctx.actor.person_id, now=ctx.now)
    return Reply(TRIED_AGAIN.format(count=count) if count else NONE)


def _show(found: Failures, ctx: Context) -> Reply:
    given_up = [_given_up(ctx, each) for each in found.given_up]
    not_arrived = [_not_arrived(ctx, each) for each in found.not_arrived]
    lines = _list(GIVEN_UP, given_up, found.all_given_up, TRY_AGAIN)
    lines += _list(NOT_ARRIVED, not_arrived, found.all_not_arrived, TELL_THEM)
    if found.held:
        lines.append(HELD.format(count=found.held))
    return Reply("\n".join(lines) or NONE, (Choice("重新处理", _AGAIN),) if given_up else ())


def _list(head: str, lines: list[str], count: int, todo: str) -> list[str]:
    if not count:
        return []
    more = [MORE.format(count=count - len(lines))] if count > len(lines) else []
    return [head.format(count=count), *(f"{number}. {line}" for number, line in enumerate(lines, start=1)), *more, todo]


def _given_up(ctx: Context, each: GivenUp) -> str:
    what = FILES.format(count=each.stored) if each.stored else _KINDS.get(each.kind, _OTHER_KIND)
    return f"{show_instant(each.arrived_at, ctx.notice.timezone)}　{_who(ctx, each.person)}　{what}"


def _not_arrived(ctx: Context, each: NotArrived) -> str:
    asked = f"{show_instant(each.asked_at, ctx.notice.timezone)}　" if each.asked_at is not None else ""
    return f"{asked}{_who(ctx, each.person)}　{UNCLEAR if each.unclear else REFUSED}"


def _who(ctx: Context, person: Person | None) -> str:
    if person is None:
        return UNKNOWN_PERSON
    unit = next((unit.name for unit in ctx.notice.units if unit.id == person.unit_id), "")
    name = person.name or UNKNOWN_PERSON
    return name if not unit or name.startswith(unit) else f"{unit} {name}"


HANDLER = Handler(
    name="show_failures",
    usage="发“失败消息”，看没有处理成和没有送到的消息",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
