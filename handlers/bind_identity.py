"""绑定: a person whom the AI bot knows under an id of its own becomes the member of the app that they are, by a code
that the app shows them or an admin gives them."""

from __future__ import annotations

import re
from dataclasses import replace

from domain.binding_code import RANDOM_BYTES, hash_code, new_code, normalise_code
from domain.chat import Channel, Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.going_on import go_on
from handlers.casework.roster_text import role_in_unit
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import plain, spoken
from store import bindings, cases, people
from store.bindings import Tried
from store.schema.campaign import Person

CODE = (
    "绑定码 {code}，10 分钟内有效，只能用一次。请在智能机器人的单聊里发“绑定 {code}”。"
    "谁用了它，谁就是{whom}，所以不要转给别人。"
)
YOU, OTHER = "您", "{name}"
FOR_OTHER = "请当面或打电话告诉本人，不要发在群里。"
TOO_MANY_CODES = "一小时内要了太多绑定码，请过一会儿再试。"
HOW = (
    "请先在企业微信的应用里发“绑定”，会得到一个 10 分钟有效的绑定码，再回到这里发“绑定”加绑定码。"
    "应用里找不到的，请管理员发“绑定码”加您的姓名，替您要一个。"
)
NOT_NEEDED = "您在这里就是{name}，不用绑定。"
IN_THE_BOT = "绑定码要发在智能机器人的单聊里，不是这里。"
WRONG = "这个绑定码不对、用过了，或者过了 10 分钟。请重新要一个再试。"
TOO_OFTEN = "错的绑定码输得太多了，请一小时后再试。"
NO_CODE = "绑定码是 8 位字母和数字，例如 K7QM-9XD4。没有的话，请在企业微信的应用里发“绑定”要一个。"
BOUND = "✅ 绑定好了：您是{name}（{what}），以后在这里和应用里是同一个人。"
JOINED = "您在这里交的 {count} 个案例已归到一起。"
TOLD = "您的账号刚刚绑定到智能机器人的一个会话。是您本人就不用理会；不是的话，请马上回复“解除绑定”。"
RELEASED = "已解除绑定，共 {count} 个。从那些会话再来的人不再是您；案例都留在您名下。"
NOTHING_BOUND = "没有绑定着的会话，不用解除。"
FOR_ADMINS = "只能给自己要绑定码。替别人要，请找管理员。"
NOBODY = "没有找到“{who}”。请写全名或 userid。"
SEVERAL = "叫“{who}”的有 {count} 人，请写 userid。"
RELEASE = Choice("不是我，解除绑定", "解除绑定")
_ASKED = re.compile(r"(?:我要|怎么|如何)?(?:绑定|绑定码|绑定账号|账号绑定)")
_FOR = re.compile(r"绑定码\s*(?P<who>\S.*)|(?:给|替|帮)\s*(?P<whom>.+?)\s*(?:要|发)?(?:一?个)?绑定码")
_TYPED = re.compile(r"绑定码?\s*[:：]?\s*(?P<code>[0-9A-Za-z][0-9A-Za-z\s\-‐-―−_]{5,14})")
_RELEASE = re.compile(r"解除绑定|解绑|取消绑定")


def matches(message: Incoming, ctx: Context) -> bool:
    """绑定, 绑定 with a code, a bare code from a stranger, 绑定码 张三, 解除绑定."""
    said = spoken(message)
    if any(pattern.fullmatch(said) for pattern in (_ASKED, _FOR, _TYPED, _RELEASE)):
        return True
    return _is_stray(message, ctx) and "-" in said and normalise_code(said) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Give a code, use one, or end a binding."""
    decision = may(ctx.actor, Act.SEE_OWN_CASES)
    if not decision.allowed:
        return [Reply(decision.reason)]
    said = spoken(message)
    person = people.get(ctx.session, ctx.actor.person_id)
    if _RELEASE.fullmatch(said):
        return [_release(ctx, person)]
    if _is_stray(message, ctx):
        return _from_stray(ctx, person, said)
    return [_from_member(message, ctx, person, said)]


def _from_stray(ctx: Context, person: Person, said: str) -> list[Reply]:
    if _ASKED.fullmatch(said):
        return [Reply(HOW)]
    typed = _TYPED.fullmatch(said)
    code = normalise_code(typed["code"] if typed else said)
    return [Reply(NO_CODE)] if code is None else _redeem(ctx, person, code)


def _from_member(message: Incoming, ctx: Context, person: Person, said: str) -> Reply:
    found = _FOR.fullmatch(said)
    if found is not None:
        return _for_other(ctx, plain(found["who"] or found["whom"]))
    if message.channel is not Channel.APP:
        return Reply(NOT_NEEDED.format(name=_name(person)))
    return Reply(IN_THE_BOT) if _TYPED.fullmatch(said) else _give(ctx, person, YOU)


def _give(ctx: Context, person: Person, whom: str, more: str = "") -> Reply:
    code = new_code(ctx.randomness(RANDOM_BYTES))
    if not bindings.issue(ctx.session, person, hash_code(code), by=ctx.actor.person_id, now=ctx.now):
        return Reply(TOO_MANY_CODES)
    return Reply(CODE.format(code=code, whom=whom) + more)


def _for_other(ctx: Context, who: str) -> Reply:
    found = people.named(ctx.session, who)
    others = [each for each in found if may(ctx.actor, Act.GIVE_BINDING_CODE, target_person=each.id).allowed]
    if ctx.actor.role is not Role.ADMIN and not others:
        return Reply(FOR_ADMINS)
    here = [each for each in others if each.left_at is None]
    if len(here) != 1:
        return Reply(SEVERAL.format(who=who, count=len(here)) if here else NOBODY.format(who=who))
    return _give(ctx, here[0], OTHER.format(name=_name(here[0])), FOR_OTHER)


def _redeem(ctx: Context, person: Person, code: str) -> list[Reply]:
    if not bindings.may_try(ctx.session, person, ctx.now):  # before the costly hash
        return [Reply(TOO_OFTEN)]
    mine = len(cases.of_owner(ctx.session, person.id))
    tried, member = bindings.redeem(ctx.session, person, hash_code(code), ctx.now)
    if tried is not Tried.BOUND or member is None:
        return [Reply(TOO_OFTEN if tried is Tried.TOO_OFTEN else WRONG)]
    what = role_in_unit(ctx.notice, Role(member.role), member.unit_id)
    going_on = None
    if member.unit_id is not None:
        as_member = replace(ctx, actor=people.as_actor(member))
        going_on = go_on(as_member, member, member.unit_id, seen_too=False)
    lines = [
        BOUND.format(name=_name(member), what=what) + (JOINED.format(count=mine) if mine else ""),
        going_on.text if going_on is not None else "",
    ]
    told = Reply(TOLD, (RELEASE,), to=member.id, cause=f"bound:{ctx.inbox_id}")
    return [Reply("\n".join(line for line in lines if line)), told]


def _release(ctx: Context, person: Person) -> Reply:
    count = bindings.release(ctx.session, person, by=ctx.actor.person_id, now=ctx.now)
    return Reply(RELEASED.format(count=count) if count else NOTHING_BOUND)


def _is_stray(message: Incoming, ctx: Context) -> bool:
    """Somebody who writes to the AI bot under an id of its own, not bound yet."""
    opaque = message.channel is Channel.AIBOT and people.is_opaque(message.sender.lower())
    return opaque and people.get(ctx.session, ctx.actor.person_id).app_userid is None


def _name(person: Person) -> str:
    return person.name or person.app_userid or "本人"


HANDLER = Handler(
    name="bind_identity",
    usage="在应用里发“绑定”，把智能机器人里的您和应用里的您认作同一个人",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
