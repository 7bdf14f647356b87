"""接下来的提醒: when who will be reminded of what; a coordinator sees the own unit's, an admin all."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.reminders import ReminderKind, ReminderPlan
from domain.roles import Role
from domain.wording import show_day, show_instant
from handlers.casework.unit_names import unit_named
from handlers.contract import Context, Handler, Mode
from handlers.said import one_line, plain, spoken
from store import reminders
from store.reminders import Upcoming

NONE = "{who}现在没有排好的提醒：没有人欠，或者本阶段的提醒都发过了。"
NO_REMINDERS = "这份通知没有设提醒。"
NO_UNIT = "通知里没有叫“{who}”的单位。"
HEAD = "{who}接下来的提醒："
LINE = "{when}　{occurrence}　{kind}　{people}人"
SPAN = "{first}–{last:%H:%M}"
ENDING = "发之前会再看一次，那时已经不欠的人不发；夜里 {begin:%H:%M} 到早上 {end:%H:%M} 不发。"
NOT_ARRIVED = "最近没有送到的提醒 {count} 人：{names}。请另外联系他们。"
PUT_OFF = "本人推迟到这天"
MOVED = "改期通知"
ALL = "各单位"
NO_NAME = "没有留姓名"
_MOST = 8
_MOST_NAMES = 10
_SAID = re.compile(
    r"(?:查?看|看看|列出)?(?P<before>.{2,20}?)?(?:的)?(?:接下来|下一步|下一批|后面|将要发|计划)的?(?:几个|几次|几批)?(?:提醒|催办)"
    r"(?:计划|安排|有哪些|是什么)?(?P<after>.{2,20})?|(?:提醒|催办)(?:计划|安排)"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """接下来的提醒, with or without a unit's name."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The next rounds with their kinds and numbers of people, and whom reminders did not reach."""
    found = _SAID.fullmatch(spoken(message))
    named = "" if found is None else (found["before"] or found["after"] or "").strip()
    unit = unit_named(named.removesuffix("的"), ctx.notice)
    if (
        named
        and unit is None
        and plain(named) not in {"我的", "本单位", "我们单位", "全部", "全部单位", "各单位", "所有"}
    ):
        return [Reply(NO_UNIT.format(who=one_line(named)))]
    decision = may(ctx.actor, Act.SEE_REMINDERS, target_unit=unit.id if unit else None)
    if not decision.allowed:
        return [Reply(decision.reason)]
    if ctx.notice.reminders is None:
        return [Reply(NO_REMINDERS)]
    everywhere = unit is None and may(ctx.actor, Act.SEE_ALL).allowed
    unit_id = None if everywhere else (unit.id if unit else ctx.actor.unit_id or "")
    return [_listed(ctx, ctx.notice.reminders, unit_id)]


def _listed(ctx: Context, plan: ReminderPlan, unit_id: str | None) -> Reply:
    who = ALL if unit_id is None else ctx.notice.unit(unit_id).name
    lines = [_line(each, plan, ctx) for each in reminders.upcoming(ctx.session, ctx.notice.id, unit_id, _MOST)]
    if lines:
        lines.insert(0, HEAD.format(who=who))
        lines.append(ENDING.format(begin=plan.quiet_from, end=plan.quiet_until))
    else:
        lines.append(NONE.format(who=who))
    missed = reminders.not_arrived(ctx.session, ctx.notice.id, unit_id, ctx.now)
    if missed:
        names = "、".join(person.name or NO_NAME for person in missed[:_MOST_NAMES])
        lines.append(NOT_ARRIVED.format(count=len(missed), names=names))
    return Reply("\n".join(lines), (Choice("进度", "进度"),))


def _line(upcoming: Upcoming, plan: ReminderPlan, ctx: Context) -> str:
    zone = ctx.notice.timezone
    first, last = upcoming.first.astimezone(zone), upcoming.last.astimezone(zone)
    shown = show_instant(first, zone)
    if (first.hour, first.minute) != (last.hour, last.minute):
        shown = SPAN.format(first=shown, last=last) if show_day(first, zone) == show_day(last, zone) else shown
    rounds = {each.id: each.name for each in plan.rounds}
    moved = upcoming.kind is ReminderKind.MOVED
    return LINE.format(
        when=shown,
        occurrence=MOVED if moved else rounds.get(upcoming.occurrence, PUT_OFF),
        kind=plan.texts[upcoming.kind].name,
        people=upcoming.people,
    )


HANDLER = Handler(
    name="list_reminders",
    usage="发“接下来的提醒”，看什么时候会提醒谁",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
