"""任命, 免去: an admin makes somebody a coordinator or an admin, or ends that; shown first, confirmed, told to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.chat import Choice, Incoming, Reply
from domain.notice import Unit
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.roster_text import ROLE_NAMES, role_in_unit
from handlers.casework.unit_names import unit_named
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import people, reach, roster
from store.schema.campaign import Person

HOW = "请这样写：“任命 张三 为某县市协调员”，或“免去 张三 协调员”。姓名有重的可以写 userid。"
NOBODY = "没有找到“{who}”。请写全名或 userid；名单里没有的人，请先用“导入名单”登记。"
WHICH = "叫“{who}”的有 {count} 人，请选一位："
MORE = "只列出前 {most} 位，其他的请写 userid。"
NO_UNIT = "任命协调员要写明单位，例如“任命 {who} 为{unit}协调员”。单位请用通知里的名称。"
PREVIEW = "将任命 {person}为{what}。{loses}"
PREVIEW_END = "将免去 {person}的{what}身份，之后按教师处理，单位不变。{orphaned}"
LOSES = "原来的身份（{what}）同时结束。"
ORPHANED = "之后{unit}就没有协调员了。"
ALREADY = "{person}已经是{what}，不用再任命。"
NOT_ONE = "{person}现在不是{what}，没有改。"
LAST_ADMIN = "{person}是最后一位管理员，不能免去。请先任命另一位管理员。"
BY_SETTINGS = "{person}是安装设置（ADMIN_USERIDS）里指定的管理员，要改请让维护人员改设置。"
DONE = "✅ 已任命 {person}为{what}，已通知本人。"
DONE_END = "✅ 已免去 {person}的{what}身份，已通知本人。"
DROPPED = "好的，没有改。"
TOLD = "您已被{by}任命为{what}。发“帮助”看您现在能做什么。"
TOLD_END = "您的{what}身份已由{by}免去，现在按教师处理。有疑问请联系管理员。"
_ROLE = r"(?P<role>协调员|管理员)(?:职务|身份|资格)?"
_APPOINT = re.compile(
    rf"(?P<sure>确认)?(?:任命|指定|委任)\s*(?P<who>.+?)\s*(?:为|当|做|担任|任)\s*(?P<unit>.*?)的?\s*{_ROLE}"
)
_DISMISS = re.compile(rf"(?P<sure>确认)?(?:免去|免掉|免除|撤销)\s*(?P<who>.+?)\s*的?\s*(?P<unit>){_ROLE}")
# Without the role it is not said what is meant.
_HOW = re.compile(r"(?:怎么|如何)?(?:任命|免去)(?:协调员|管理员)?|(?:任命|免去)\s*\S{1,20}(?:\s\S{1,20})?")
_NOT = "不改任命"
_MOST = 8
_ROLES = {name: role for role, name in ROLE_NAMES.items()}


@dataclass(frozen=True, slots=True)
class _Order:
    """What was said: whom, as what, for which unit ("" when none was named), to begin or to `end` it."""

    who: str
    role: Role
    unit: str
    end: bool
    sure: bool


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """任命 张三 为…协调员, 免去 张三 协调员, and what is offered below."""
    said = spoken(message)
    return _order(said) is not None or _HOW.fullmatch(said) is not None or said == _NOT


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Find the person, show what would become of them, and do it after a second word."""
    decision = may(ctx.actor, Act.APPOINT)
    if not decision.allowed:
        return [Reply(decision.reason)]
    order = _order(spoken(message))
    if order is None:
        return [Reply(DROPPED if spoken(message) == _NOT else HOW)]
    found = people.named(ctx.session, order.who)
    if len(found) != 1:
        return [_which(ctx, order, found)]
    (person,) = found
    return _end(ctx, order, person) if order.end else _begin(ctx, order, person)


def _begin(ctx: Context, order: _Order, person: Person) -> list[Reply]:
    unit = _unit(ctx, order, person)
    if order.role is Role.COORDINATOR and unit is None:
        return [Reply(NO_UNIT.format(who=order.who, unit=ctx.notice.units[0].name))]
    unit_id = unit.id if unit is not None else person.unit_id
    what = role_in_unit(ctx.notice, order.role, unit_id if order.role is Role.COORDINATOR else None)
    shown = _shown(ctx, person)
    if person.role == order.role and (order.role is Role.ADMIN or person.unit_id == unit_id):
        return [Reply(ALREADY.format(person=shown, what=what))]
    refused = _keeps_admin(ctx, person) if person.role == Role.ADMIN else ""
    if refused:
        return [Reply(refused)]
    if not order.sure:
        loses = "" if person.role == Role.TEACHER else LOSES.format(what=_role(ctx, person))
        named = unit.name if unit is not None and order.role is Role.COORDINATOR else ""
        sure = f"确认任命 {_key(ctx, person)} 为{named}{ROLE_NAMES[order.role]}"
        return [Reply(PREVIEW.format(person=shown, what=what, loses=loses), _choices("确认任命", sure))]
    moved = unit is not None and person.unit_id != unit.id
    people.appoint(
        ctx.session,
        _key(ctx, person),
        order.role,
        unit_id=unit_id if order.role is Role.COORDINATOR else None,
        by=ctx.actor.person_id,
        now=ctx.now,
    )
    if moved:
        roster.take_along(ctx.session, person, by=ctx.actor.person_id, now=ctx.now)
    return [Reply(DONE.format(person=shown, what=what)), _told(ctx, person, TOLD, what)]


def _end(ctx: Context, order: _Order, person: Person) -> list[Reply]:
    shown, what = _shown(ctx, person), _role(ctx, person)
    if person.role != order.role:
        return [Reply(NOT_ONE.format(person=shown, what=ROLE_NAMES[order.role]))]
    refused = _keeps_admin(ctx, person) if order.role is Role.ADMIN else ""
    if refused:
        return [Reply(refused)]
    if not order.sure:
        sure = f"确认免去 {_key(ctx, person)} {ROLE_NAMES[order.role]}"
        return [
            Reply(
                PREVIEW_END.format(person=shown, what=what, orphaned=_orphaned(ctx, person)), _choices("确认免去", sure)
            )
        ]
    people.dismiss(ctx.session, person, by=ctx.actor.person_id, now=ctx.now)
    return [Reply(DONE_END.format(person=shown, what=what)), _told(ctx, person, TOLD_END, what)]


def _keeps_admin(ctx: Context, person: Person) -> str:
    """Why this admin has to stay one, "" when another is left."""
    if person.admin_by_settings:
        return BY_SETTINGS.format(person=_shown(ctx, person))
    others = [each for each in people.admins(ctx.session, lock=True) if each.id != person.id]
    return "" if others else LAST_ADMIN.format(person=_shown(ctx, person))


def _which(ctx: Context, order: _Order, found: list[Person]) -> Reply:
    if not found:
        return Reply(NOBODY.format(who=order.who))
    verb = "免去 {key} {role}" if order.end else "任命 {key} 为{unit}{role}"
    choices = tuple(
        Choice(
            f"{_shown(ctx, each)}"[:60], verb.format(key=_key(ctx, each), unit=order.unit, role=ROLE_NAMES[order.role])
        )
        for each in found[:_MOST]
    )
    text = WHICH.format(who=order.who, count=len(found))
    return Reply(text + (MORE.format(most=_MOST) if len(found) > _MOST else ""), choices)


def _unit(ctx: Context, order: _Order, person: Person) -> Unit | None:
    """The unit that was named; the person's own when none was."""
    if order.unit:
        return unit_named(order.unit, ctx.notice)
    return next((unit for unit in ctx.notice.units if unit.id == person.unit_id), None)


def _orphaned(ctx: Context, person: Person) -> str:
    if person.role != Role.COORDINATOR or person.unit_id is None:
        return ""
    others = [each for each in people.coordinators(ctx.session, person.unit_id) if each.id != person.id]
    return "" if others else ORPHANED.format(unit=ctx.notice.unit(person.unit_id).name)


def _shown(ctx: Context, person: Person) -> str:
    """张三（zhang，某市教师，某小学）: enough to tell two of the same name apart."""
    parts = [_key(ctx, person), _role(ctx, person), person.school or ""]
    return f"{person.name or ''}（{'，'.join(part for part in parts if part)}）"


def _role(ctx: Context, person: Person) -> str:
    return role_in_unit(ctx.notice, Role(person.role), person.unit_id)


def _key(ctx: Context, person: Person) -> str:
    return reach.lane_of(ctx.session, person.id)


def _told(ctx: Context, person: Person, text: str, what: str) -> Reply:
    by = f"{ctx.notice.issued_by}{ctx.actor.name or ''}"
    return Reply(text.format(by=by, what=what), to=person.id, cause=f"appointed:{ctx.inbox_id}")


def _choices(label: str, says: str) -> tuple[Choice, ...]:
    return Choice(label, says), Choice("不改", _NOT)


def _order(said: str) -> _Order | None:
    for pattern, end in ((_APPOINT, False), (_DISMISS, True)):
        found = pattern.fullmatch(said)
        if found is not None:
            role = _ROLES[found["role"]]
            return _Order(found["who"].strip(), role, found["unit"].strip(), end, found["sure"] is not None)
    return None


HANDLER = Handler(
    name="appoint_person",
    usage="发“任命 张三 为某县市协调员”或“免去 张三 协调员”",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
NOT_ALLOWED = Handler(
    name="refuse_appointment",
    usage="",
    roles=frozenset({Role.TEACHER, Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=lambda message, ctx: _order(spoken(message)) is not None,  # noqa: ARG005 - the words decide
    run=run,
)
