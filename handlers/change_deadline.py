"""截止改到…, 给某单位延期到…: old and new are shown with the reason, a second word moves the deadline, all follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from domain.chat import Choice, Incoming, Reply
from domain.deadlines import Deadlines, printed_deadline
from domain.notice import Unit
from domain.policy import Act, may
from domain.roles import Role
from domain.wording import show_closing, show_day, show_left
from handlers.casework.moments import written_end
from handlers.casework.unit_names import unit_named
from handlers.contract import Context, Handler, Mode
from handlers.said import one_line, spoken
from store import deadlines

HOW = "请写明日期和时间，例如“截止改到{day}18点，原因：……”；只给一个单位延期，写“给{unit}延期到{day}，原因：……”。"
NO_UNIT = "通知里没有叫“{who}”的单位，截止时间没有改。"
ASK_REASON = "{what}，原因写什么？会原样告诉相关的人。请点选，或回复“{command}，原因：”加上您要说的话。"
PREVIEW = (
    "{who}的截止时间\n现在　{before}\n改到　{after}（{difference}）\n原因：{reason}\n——\n"
    "确认后所有回答和提醒都按新时间，相关的人会收到通知（夜里不发）。已经收到的材料按时与否不变。{others}{overlap}"
)
OVERLAP = "\n请注意：“{stage}”仍按通知从{opens}开始，早于新的截止时间，不会跟着改；要改请用“群发”告诉大家。"
OTHERS = "另有单独延期、时间更晚的单位不受影响：{units}。"
END_PREVIEW = "将取消{who}的单独延期（{before}），改回全部单位的截止时间 {after}。已经收到的材料按时与否不变。"
DONE = "已改：{who}的截止时间从{before}改到{after}。原因：{reason}。"
TOLD = "相关的人会陆续收到通知，夜里不发。发“谁没确认”看谁还没有点“知道了”。"
FOLLOW = (Choice("谁没确认", "谁没确认"), Choice("接下来的提醒", "接下来的提醒"))
SAME = "{who}的截止时间已经是{after}，不用改。"
EARLIER = "全部单位的截止时间是{common}，{who}的延期不能比它早。"
PAST = "{after}已经过去了，截止时间没有改。请写一个以后的时间。"
BEFORE_OPENING = "{after}早于本阶段的开始，截止时间没有改。"
NOT_EXTENDED = "{who}没有单独延期，截止时间是{common}。"
OVERTAKEN = "截止时间刚才已被别人改过，现在是{now}。您的修改没有生效，请重新发一次。"
KEPT = "好，截止时间没有改，仍是{now}。"
ALL = "全部单位"
REASONS = ("各单位申请延长", "工作安排调整")
_REASON_LENGTH = 60
_ALL_WORDS = frozenset({"", "全部", "全部单位", "各单位", "所有单位", "大家", "所有人", "全体", "统一"})
_SAID = re.compile(
    r"(?P<sure>确认)?(?:请|麻烦)?(?:把|将|给|为)?(?P<who>[^,。;:?]{0,30}?)的?"
    r"(?P<topic>(?:报送|上报|提交|材料|收件|报名)?的?(?:截止|期限|ddl)(?:时间|日期|日)?)?"
    r"(?P<verb>改|延期|延长|延后|延|推迟|顺延|调整|提前|变更|放宽)(?:到|至|为|成)\s*(?P<rest>\S.*)"
)
_END = re.compile(
    r"(?P<sure>确认)?(?:取消|撤销|结束)(?:给)?(?P<who>[^,。;:?]{1,30}?)的?(?:单独)?延期(?:第(?P<number>\d{1,6})次)?"
)
_QUESTION = re.compile(r"[?？]|[吗呢么]$|是不是|能不能|可不可以|是否")
_NUMBER = re.compile(r"\(第(?P<number>\d{1,6})次修改\)")
_REASON = re.compile(r"(?:原因|理由)\s*[:是]?\s*(?P<reason>.+)|因为\s*(?P<because>.+)")
_KEPT = "不改截止时间"
_UNIT_VERBS = frozenset({"延期", "延长", "延后", "推迟", "顺延", "放宽", "延"})


@dataclass(frozen=True, slots=True)
class _Order:
    """What was said: for whom (None: all), until when, why; `number` is that of the change in a confirmed order."""

    unit: Unit | None
    closes_at: datetime
    reason: str
    sure: bool
    number: int


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """截止改到…, 给某单位延期到…, 取消某单位的延期; no question about it."""
    said = spoken(message)
    if said == _KEPT or _END.fullmatch(said) is not None:
        return True
    found = _SAID.fullmatch(said)
    if found is None or _QUESTION.search(message.text) is not None:
        return False
    return bool(found["topic"]) or found["verb"] in _UNIT_VERBS


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Show what would change, ask for what is missing, or change it."""
    decision = may(ctx.actor, Act.CHANGE_DEADLINE)
    if not decision.allowed:
        return [Reply(decision.reason)]
    said = spoken(message)
    known = ctx.deadlines or printed_deadline(ctx.notice)
    if said == _KEPT:
        return [Reply(KEPT.format(now=_shown(known.of(None).closes_at, ctx)))]
    end = _END.fullmatch(said)
    if end is not None:
        return [_end_extension(ctx, known, end)]
    found = _SAID.fullmatch(said)
    who = "" if found is None else found["who"].strip()
    unit = unit_named(who, ctx.notice)
    if unit is None and who not in _ALL_WORDS:
        return [Reply(NO_UNIT.format(who=one_line(who)))]
    order = None if found is None else _order(found, unit, known, ctx)
    return [_how(ctx, known) if order is None else _answer(ctx, known, order)]


def _order(found: re.Match[str], unit: Unit | None, known: Deadlines, ctx: Context) -> _Order | None:
    before = known.of(unit.id if unit else None).closes_at
    written = written_end(found["rest"], before, ctx.notice.timezone)
    if written is None:
        return None
    number = _NUMBER.search(written.rest)
    reason = _REASON.search(written.rest)
    words = "" if reason is None else reason["reason"] or reason["because"] or ""
    return _Order(
        unit,
        written.closes_at,
        one_line(words)[:_REASON_LENGTH],
        sure=bool(found["sure"]),
        number=int(number["number"]) if number else 0,
    )


def _answer(ctx: Context, known: Deadlines, order: _Order) -> Reply:
    refusal = _refusal(ctx, known, order)
    if refusal:
        return Reply(refusal)
    if not order.reason:
        command = _command(ctx, order)
        what = f"{_name(order.unit)}的截止时间改到{_shown(order.closes_at, ctx)}"
        choices = tuple(Choice(reason, f"{command}，原因：{reason}") for reason in REASONS)
        return Reply(ASK_REASON.format(what=what, command=command), choices)
    return _change(ctx, known, order) if order.sure and order.number else _preview(ctx, known, order)


def _refusal(ctx: Context, known: Deadlines, order: _Order) -> str:
    """Why this cannot be; empty if it can."""
    common = known.of(None).closes_at
    slots = {
        "who": _name(order.unit),
        "after": _shown(order.closes_at, ctx),
        "common": _shown(common, ctx),
    }
    if order.closes_at <= ctx.now:
        return PAST.format(**slots)
    if order.closes_at <= ctx.notice.intake_stage.opens_at:
        return BEFORE_OPENING.format(**slots)
    if order.sure and order.number and order.number != known.revision + 1:
        return OVERTAKEN.format(now=_shown(known.of(order.unit.id if order.unit else None).closes_at, ctx))
    if order.closes_at == known.of(order.unit.id if order.unit else None).closes_at:
        return SAME.format(**slots)
    return EARLIER.format(**slots) if order.unit is not None and order.closes_at <= common else ""


def _preview(ctx: Context, known: Deadlines, order: _Order) -> Reply:
    before = known.of(order.unit.id if order.unit else None).closes_at
    later = known.extended() if order.unit is None else {}
    untouched = [ctx.notice.unit(unit).name for unit, own in later.items() if own.closes_at > order.closes_at]
    text = PREVIEW.format(
        who=_name(order.unit),
        before=_shown(before, ctx),
        after=_shown(order.closes_at, ctx),
        difference=_difference(before, order.closes_at),
        reason=order.reason,
        others=OTHERS.format(units="、".join(untouched)) if untouched else "",
        overlap=_overlap(ctx, order),
    )
    sure = f"确认{_command(ctx, order)}（第{known.revision + 1}次修改），原因：{order.reason}"
    return Reply(text, (Choice("确认修改", sure), Choice("不改", _KEPT)))


def _overlap(ctx: Context, order: _Order) -> str:
    """The stage that would begin before this deadline: its dates are the notice's and do not move along."""
    own = ctx.notice.intake_stage
    later = (each for each in ctx.notice.stages if each.id != own.id and own.opens_at < each.opens_at)
    early = next((each for each in later if each.opens_stated and each.opens_at < order.closes_at), None)
    if early is None:
        return ""
    return OVERLAP.format(stage=early.name, opens=show_day(early.opens_at, ctx.notice.timezone))


def _change(ctx: Context, known: Deadlines, order: _Order) -> Reply:
    unit_id = order.unit.id if order.unit else None
    before = known.of(unit_id).closes_at
    wanted = deadlines.Wanted(order.number, unit_id, order.closes_at, before, order.reason)
    if not deadlines.change(ctx.session, wanted, actor_id=ctx.actor.person_id, now=ctx.now):
        return Reply(OVERTAKEN.format(now=_shown(before, ctx)))
    done = DONE.format(
        who=_name(order.unit),
        before=_shown(before, ctx),
        after=_shown(order.closes_at, ctx),
        reason=order.reason,
    )
    return Reply(f"{done}\n{TOLD}", FOLLOW)


def _end_extension(ctx: Context, known: Deadlines, end: re.Match[str]) -> Reply:
    unit = unit_named(end["who"].strip(), ctx.notice)
    if unit is None:
        return Reply(NO_UNIT.format(who=one_line(end["who"])))
    before, common = known.of(unit.id).closes_at, known.of(None).closes_at
    slots = {"who": unit.name, "before": _shown(before, ctx), "after": _shown(common, ctx)}
    if unit.id not in known.extended():
        return Reply(NOT_EXTENDED.format(who=unit.name, common=_shown(common, ctx)))
    if not (end["sure"] and end["number"]):
        sure = f"确认取消{unit.name}的延期第{known.revision + 1}次"
        return Reply(END_PREVIEW.format(**slots), (Choice("确认取消延期", sure), Choice("不取消", _KEPT)))
    wanted = deadlines.Wanted(int(end["number"]), unit.id, None, before, REASONS[1])
    if not deadlines.change(ctx.session, wanted, actor_id=ctx.actor.person_id, now=ctx.now):
        return Reply(OVERTAKEN.format(now=_shown(before, ctx)))
    return Reply(f"{DONE.format(reason=REASONS[1], **slots)}\n{TOLD}", FOLLOW)


def _how(ctx: Context, known: Deadlines) -> Reply:
    closing = known.of(None).closes_at.astimezone(ctx.notice.timezone)
    return Reply(HOW.format(day=f"{closing.month}月{closing.day}日", unit=ctx.notice.units[0].name))


def _command(ctx: Context, order: _Order) -> str:
    """The order in words that are understood again: with year, and midnight as the end of the day before."""
    local = order.closes_at.astimezone(ctx.notice.timezone)
    when = f"{local.year}年{local.month}月{local.day}日{local.hour}:{local.minute:02d}"
    return f"截止改到{when}" if order.unit is None else f"给{order.unit.name}延期到{when}"


def _name(unit: Unit | None) -> str:
    return ALL if unit is None else unit.name


def _shown(closes_at: datetime, ctx: Context) -> str:
    return show_closing(closes_at, ctx.notice.timezone)


def _difference(before: datetime, after: datetime) -> str:
    return f"晚{show_left(after - before)}" if after > before else f"早{show_left(before - after)}"


HANDLER = Handler(
    name="change_deadline",
    usage="发“截止改到”加日期时间，改截止时间；“给某单位延期到”加日期，只给一个单位延期",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
