"""群发 …：…: a broadcast is written, its recipients are counted exactly, and it is shown before anything goes out."""

from __future__ import annotations

import re

from domain.audience import NUMBERED, Audience, read_audience, told_apart, with_names
from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may, may_broadcast
from domain.roles import ROLE_NAMES, Role
from handlers.casework.broadcast_draft import show_draft
from handlers.casework.broadcast_text import sender_name, signed
from handlers.contract import Context, Handler, Mode
from handlers.said import one_line, spoken
from store import audiences
from store.audiences import Member
from store.broadcasts import Writing

HOW = "请写“群发 发给谁：正文”，例如“群发 还差的县的协调员：……”。{who}要对方回复收到，在冒号前加“需确认”。"
WHO = "可以写角色（协调员、教师）、单位、类别、“还差的”“没确认的”，或人名。"
NO_TEXT = "发什么？请回复“群发 {who}：”加上正文。"
UNKNOWN = "“{words}”我没看懂是发给谁，什么都没有发。请点选，或改一下再发。"
WHICH_ROLE = "{who}里发给哪些人？什么都没有发，请点选。"
NOBODY = "“{who}”现在没有人，什么都没有发。"
NO_SUCH_PERSON = "没有找到{names}，什么都没有发。请核对姓名，或按角色和单位写。"
WHICH = "叫“{name}”的有 {count} 人，发给哪一位？什么都没有发，请点选。{more}"
MORE = "只列出前 {most} 位，其他的请写上单位。"
NO_UNIT = "没有登记单位"
ONLY_OWN = "您只能给本单位的人群发，什么都没有发。"
TOO_LONG = "正文超出 {over} 个字节（约 {signs} 个汉字），一条消息放不下。请删短后再发。"
BYTES = 2048
"""Of one text of the app (protocol 4.1)."""
_CHOICES = ("全体协调员", "还差的协调员", "全体教师")
_MOST = 8
_PER_SIGN = 3
_SAID = re.compile(r"\s*(?:请|帮我|我要|帮忙)?(?:群发|广播)(?:消息|通知|一条|一下)?\s*(?P<rest>.*)", re.DOTALL)
_PARTS = re.compile(r"(?:给|到|至)?\s*(?P<who>[^:：\n]{0,80}?)\s*[:：\n](?P<text>.*)", re.DOTALL)
_ASKS = re.compile(r"[(（]?(?:需要?|请|要)(?:对方)?(?:回复)?(?:确认|收到|回复)(?:收到)?[)）]?")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """群发 全体协调员：…; not 群发进度 and the like, which follow a number or nothing."""
    found = _SAID.fullmatch(message.text) if spoken(message) else None
    return found is not None and re.match(r"进度|记录|列表|情况|结果", found["rest"]) is None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Show the broadcast as it would go, or say what is missing."""
    decision = may(ctx.actor, Act.BROADCAST)
    if not decision.allowed:
        return [Reply(decision.reason)]
    found = _SAID.fullmatch(message.text)
    rest = "" if found is None else found["rest"].strip()
    parts = _PARTS.fullmatch(rest)
    if parts is None:
        return [Reply(NO_TEXT.format(who=one_line(rest))) if rest else Reply(HOW.format(who=WHO))]
    text = parts["text"].strip()
    words, asks = _ASKS.subn("", parts["who"])
    if not text:
        return [Reply(NO_TEXT.format(who=one_line(words)))]
    return [_audience(ctx, one_line(words), text, asks=bool(asks))]


def _audience(ctx: Context, words: str, text: str, *, asks: bool) -> Reply:
    heard = with_names(read_audience(words, ctx.notice))
    if heard.unknown:
        return _choose(UNKNOWN.format(words=heard.unknown), text, _CHOICES, asks=asks)
    audience = heard.audience
    if not audience.is_settled:
        offered = (f"{words}的协调员", f"{words}全体人员") if words else _CHOICES
        return _choose(WHICH_ROLE.format(who=words or "这条消息"), text, offered, asks=asks)
    within = None if may_broadcast(ctx.actor, None).allowed else ctx.actor.unit_id or ""
    if within is not None and audience.units is not None and audience.units != {within}:
        return Reply(ONLY_OWN)
    return _to_members(ctx, words, text, audience, within=within, asks=asks)


def _to_members(ctx: Context, words: str, text: str, audience: Audience, *, within: str | None, asks: bool) -> Reply:
    members = audiences.find(ctx.session, ctx.notice, audience, within=within)
    unknown = _without_anybody(audience, members)
    if unknown:
        return _choose(NO_SUCH_PERSON.format(names="、".join(unknown)), text, _CHOICES, asks=asks)
    for name in audience.names:
        alike = [each for each in members if each.plain_name == name]
        if len(alike) > 1:
            return _which(ctx, words, text, alike, asks=asks)
    return _draft(ctx, words, text, members, within=within, asks=asks) if members else Reply(NOBODY.format(who=words))


def _without_anybody(audience: Audience, members: list[Member]) -> list[str]:
    """The names that nobody has whom the sender may write to."""
    found = {each.plain_name for each in members}
    numbers = {each.person_id for each in members}
    unknown = [name for name in audience.names if name not in found]
    return unknown + [name for number, name in audience.people if number not in numbers]


def _which(ctx: Context, words: str, text: str, alike: list[Member], *, asks: bool) -> Reply:
    """Several people have this name: one is chosen, by where they belong."""
    name = alike[0].plain_name
    flag = "需确认" if asks else ""
    choices = tuple(
        Choice(_where(ctx, each), f"群发 {told_apart(words, name, each.person_id)}{flag}：{text}")
        for each in alike[:_MOST]
    )
    more = MORE.format(most=_MOST) if len(alike) > _MOST else ""
    return Reply(WHICH.format(name=name, count=len(alike), more=more), choices)


def _where(ctx: Context, member: Member) -> str:
    unit = ctx.notice.unit(member.unit_id).name if member.unit_id else NO_UNIT
    place = " ".join(part for part in (unit, member.school or "", ROLE_NAMES[member.role]) if part)
    return NUMBERED.format(name=place, number=member.person_id)


def _draft(ctx: Context, words: str, text: str, members: list[Member], *, within: str | None, asks: bool) -> Reply:
    sender = sender_name(ctx.notice, ctx.actor)
    longest = signed(ctx.notice, text, sender, number="9" * 9, now=ctx.now, asks=asks)
    over = len(longest.encode()) - BYTES
    if over > 0:
        return Reply(TOO_LONG.format(over=over, signs=-(-over // _PER_SIGN)))
    writing = Writing(ctx.actor.person_id, within, words, text, asks)
    return show_draft(ctx, writing, members)


def _choose(asked: str, text: str, audiences_offered: tuple[str, ...], *, asks: bool) -> Reply:
    """The text is kept in what each choice says, so that nothing has to be typed again."""
    flag = "需确认" if asks else ""
    choices = tuple(Choice(who, f"群发 {who}{flag}：{text}") for who in audiences_offered)
    return Reply(asked, choices)


HANDLER = Handler(
    name="write_broadcast",
    usage="发“群发 还差的协调员：……”，先看发给谁、共多少人，确认后再发",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
