"""知道了, 谁没确认: who has said that they know of the newest change of the deadline."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.notice import Notice
from domain.policy import Act, may
from domain.wording import show_closing
from handlers.casework.unit_names import unit_named
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import one_line, spoken
from store import deadlines, reminders
from store.schema.campaign import Person

NOTED = "好的，记下了：现在的截止时间是{deadline}。"
NO_SUCH = "没有这次改期。现在的截止时间是{deadline}。"
NEVER_MOVED = "截止时间没有改过，还是{deadline}。"
NO_UNIT = "通知里没有叫“{who}”的单位。"
NOBODY_TOLD = "改期通知还没有发出，夜里不发，一般几十分钟内开始发。"
ALL_KNOW = "{who}收到改期通知的 {told} 人都点了“知道了”。"
HEAD = "{who}收到改期通知 {told} 人，点了“知道了” {known} 人，还没有点的："
LINE = "{unit}　{names}"
MORE = "等{count}人"
NO_NAME = "没有留姓名"
NO_UNIT_TOLD = "没有登记单位"
ALL = "各单位"
_MOST_NAMES = 6
_MOST_UNITS = 20
_KNOW = re.compile(r"(?:知道|知悉|收到)改期\s*(?P<number>\d{1,6})")
_WHO = re.compile(
    r"(?:查?看|看看)?(?P<unit>.{2,20}?)?(?:的)?(?:还有)?谁(?:还)?(?:没有?|未)(?:确认|点)(?:改期|截止)?(?:的)?"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """知道改期 3 (what the button 知道了 stands for); 谁没确认."""
    said = spoken(message)
    return _KNOW.fullmatch(said) is not None or _WHO.fullmatch(said) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Note it; or list who has not, of the own unit for a coordinator."""
    said = spoken(message)
    known = _KNOW.fullmatch(said)
    if known is not None:
        return [_note(ctx, int(known["number"]))]
    found = _WHO.fullmatch(said)
    named = "" if found is None else (found["unit"] or "").strip()
    unit = unit_named(named.removesuffix("的"), ctx.notice)
    if named and unit is None:
        return [Reply(NO_UNIT.format(who=one_line(named)))]
    decision = may(ctx.actor, Act.SEE_REMINDERS, target_unit=unit.id if unit else None)
    if not decision.allowed:
        return [Reply(decision.reason)]
    everywhere = unit is None and may(ctx.actor, Act.SEE_ALL).allowed
    return [_list(ctx, None if everywhere else (unit.id if unit else ctx.actor.unit_id or ""))]


def _note(ctx: Context, number: int) -> Reply:
    if deadlines.get(ctx.session, number) is None:
        return Reply(NO_SUCH.format(deadline=_deadline(ctx)))
    deadlines.acknowledge(ctx.session, number, ctx.actor.person_id, ctx.now)
    return Reply(NOTED.format(deadline=_deadline(ctx)))


def _list(ctx: Context, unit_id: str | None) -> Reply:
    who = ALL if unit_id is None else ctx.notice.unit(unit_id).name
    number = deadlines.newest_for(ctx.session, unit_id)
    if number == 0:
        return Reply(NEVER_MOVED.format(deadline=_deadline(ctx)))
    told = reminders.told_of_change(ctx.session, ctx.notice.id, number, unit_id)
    if not told:
        return Reply(NOBODY_TOLD)
    knowing = deadlines.acknowledged(ctx.session, number)
    missing = [person for person in told if person.id not in knowing]
    if not missing:
        return Reply(ALL_KNOW.format(who=who, told=len(told)))
    lines = [HEAD.format(who=who, told=len(told), known=len(told) - len(missing))]
    by_unit: dict[str | None, list[Person]] = {}
    for person in missing:
        by_unit.setdefault(person.unit_id, []).append(person)
    lines += [_line(ctx.notice, unit, people) for unit, people in list(by_unit.items())[:_MOST_UNITS]]
    return Reply("\n".join(lines), (Choice("进度", "进度"),))


def _line(notice: Notice, unit_id: str | None, people: list[Person]) -> str:
    units = {unit.id: unit.name for unit in notice.units}
    names = "、".join(person.name or NO_NAME for person in people[:_MOST_NAMES])
    more = MORE.format(count=len(people)) if len(people) > _MOST_NAMES else ""
    return LINE.format(unit=units.get(unit_id or "", NO_UNIT_TOLD), names=names + more)


def _deadline(ctx: Context) -> str:
    return show_closing(ctx.notice.intake_stage.closes_at, ctx.notice.timezone)


HANDLER = Handler(
    name="acknowledge_deadline",
    usage="",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
