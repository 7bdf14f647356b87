"""别提醒我这个, 明天再提醒, 恢复提醒: what somebody does not want to be reminded of, or not today."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from domain.chat import Choice, Incoming, Reply
from domain.deadlines import printed_deadline
from domain.reminders import AFTER, MUTABLE, ReminderKind, ReminderPlan
from domain.reminding import pick, spread
from domain.wording import show_closing, show_day
from handlers.casework.choosing import UNKNOWN_RECEIPT, own_case
from handlers.casework.owed import Campaign
from handlers.casework.reminders import tomorrow
from handlers.casework.report_text import show_title
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import audit, cases, people, reminders
from store.schema.campaign import Case
from store.schema.reminders import Reminder

MUTED_CASE = "好，不再提醒您改《{title}》。要恢复请回复“恢复提醒 {receipt}”。"
MUTED_SCHOOL = "好，不再提醒您必报学校的事。要恢复请回复“恢复提醒必报学校”。"
WHICH = "您不想再收到哪一个的提醒？"
NOTHING = "没有可以关掉的提醒。单位还差什么的提醒关不掉，可以回复“明天再提醒”。"
AGAIN_CASE = "好，《{title}》还要改的时候会再提醒您。"
AGAIN_SCHOOL = "好，必报学校没有案例的时候会再提醒您。"
NOT_MUTED = "这个提醒没有关掉过，不用恢复。"
TOMORROW = "好，{day}上午再提醒您；那时已经办好的就不提醒了。"
NO_TOMORROW = "{deadline}就截止了，不能推迟到明天，请今天办好。"
NOTHING_TO_PUT_OFF = "最近没有给您发过提醒，没有可以推迟的。"
SCHOOL = "必报学校"
_NOT = re.compile(
    r"(?:请)?(?:别|不要|不用|不想|不再)(?:再)?(?:被)?提醒(?:我)?(?:了)?"
    r"(?:这个|这件事|这一个|案例)?(?P<school>必报学校)?(?:了)?"
)
_AGAIN = re.compile(r"(?:恢复|重新|继续|打开)提醒(?:我)?(?:这个)?(?P<school>必报学校)?")
_LATER = re.compile(
    r"(?:请)?(?:明天|明日|明早)再(?:提醒|说|叫我)(?:我)?(?:吧)?|今天(?:不要|不用|别|不)再?提醒(?:我)?(?:了)?"
)
_MOST = 6


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """别提醒我这个, 恢复提醒, with or without a receipt number; 明天再提醒."""
    said = without_receipt(spoken(message))
    return any(form.fullmatch(said) for form in (_NOT, _AGAIN, _LATER))


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Switch one reminder off or on again, or put the last one off."""
    said = without_receipt(spoken(message))
    if _LATER.fullmatch(said):
        return [_later(ctx)]
    silence = _NOT.fullmatch(said)
    found = silence or _AGAIN.fullmatch(said)
    if receipt_in(message.text) is not None:
        case = own_case(message.text, ctx)
        if case is None:
            return [Reply(UNKNOWN_RECEIPT)]
        return [_mute(ctx, case) if silence else _unmute(ctx, case)]
    if found is not None and found["school"]:
        return [_mute(ctx, None) if silence else _unmute(ctx, None)]
    return [_which(ctx) if silence else Reply(NOT_MUTED)]


def _which(ctx: Context) -> Reply:
    """What the last message reminded of, if it can be switched off; asked when that is more than one thing."""
    sent = [row for row in _last(ctx) if ReminderKind(row.kind) in MUTABLE]
    found: list[Case | None] = [cases.get(ctx.session, row.case_id) if row.case_id else None for row in sent]
    if not found:
        return Reply(NOTHING)
    if len(found) == 1:
        return _mute(ctx, found[0])
    choices = (
        Choice(f"《{show_title(case.title)}》", f"别提醒我 {case.receipt}")
        if case is not None
        else Choice(SCHOOL, f"别提醒我{SCHOOL}")
        for case in found[:_MOST]
    )
    return Reply(WHICH, tuple(choices))


def _mute(ctx: Context, case: Case | None) -> Reply:
    kind = ReminderKind.SCHOOL if case is None else ReminderKind.CASE
    reminders.mute(ctx.session, ctx.actor.person_id, kind, case.id if case else 0, ctx.now)
    _audited(ctx, "reminder.muted", kind, case)
    if case is None:
        return Reply(MUTED_SCHOOL)
    return Reply(MUTED_CASE.format(title=show_title(case.title), receipt=case.receipt))


def _unmute(ctx: Context, case: Case | None) -> Reply:
    kind = ReminderKind.SCHOOL if case is None else ReminderKind.CASE
    if not reminders.unmute(ctx.session, ctx.actor.person_id, kind, case.id if case else 0):
        return Reply(NOT_MUTED)
    _audited(ctx, "reminder.unmuted", kind, case)
    return Reply(AGAIN_SCHOOL if case is None else AGAIN_CASE.format(title=show_title(case.title)))


def _later(ctx: Context) -> Reply:
    plan = ctx.notice.reminders
    again = [row for row in _last(ctx) if ReminderKind(row.kind) not in {*AFTER, ReminderKind.MOVED}]
    if plan is None or not again:
        return Reply(NOTHING_TO_PUT_OFF)
    known = ctx.deadlines or printed_deadline(ctx.notice)
    campaign = Campaign(ctx.session, ctx.notice, plan, known, ctx.now)
    if not tomorrow(campaign, people.get(ctx.session, ctx.actor.person_id)):
        closes_at = campaign.closes_at(ctx.actor.unit_id)
        return Reply(NO_TOMORROW.format(deadline=show_closing(closes_at, ctx.notice.timezone)))
    until = _tomorrow(ctx, plan, campaign.closes_at(ctx.actor.unit_id))
    day = until.astimezone(ctx.notice.timezone)
    reminders.put_off(ctx.session, again, f"put-off-{day:%Y%m%d}", until, ctx.now)
    return Reply(TOMORROW.format(day=show_day(until, ctx.notice.timezone)))


def _tomorrow(ctx: Context, plan: ReminderPlan, closes_at: datetime) -> datetime:
    """When tomorrow's quiet hours have ended."""
    zone = ctx.notice.timezone
    day = ctx.now.astimezone(zone).date() + timedelta(days=1)
    base = datetime.combine(day, time(plan.quiet_until.hour, plan.quiet_until.minute), zone)
    return pick(spread(plan, base, zone, before=closes_at), f"{ctx.notice.id}:{ctx.actor.person_id}:{day}")


def _last(ctx: Context) -> list[Reminder]:
    return reminders.last_sent(ctx.session, ctx.actor.person_id, ctx.notice.id)


def _audited(ctx: Context, act: str, kind: ReminderKind, case: Case | None) -> None:
    audit.write(
        ctx.session,
        at=ctx.now,
        actor_id=ctx.actor.person_id,
        act=act,
        case_id=case.id if case else None,
        detail={"kind": kind.value},
    )


HANDLER = Handler(
    name="mute_reminder",
    usage="收到提醒后回复“明天再提醒”推迟一天，或“别提醒我这个”不再提醒",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
