"""上报: the coordinator's own word, after seeing what goes and what is missing; pressed twice it is one report."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.receipt import RANDOM_BYTES, REPORT, new_receipt
from domain.roles import Role
from domain.summary import doubts_about
from domain.wording import show_deadline, show_instant
from handlers.casework.board_text import deadline_line
from handlers.casework.case_text import LATE, ON_TIME, check_line, route_sentence
from handlers.casework.filing import Draft, content_of, draft
from handlers.casework.summary_text import count_line, doubt_lines
from handlers.contract import Context, Handler, Mode
from handlers.said import plain, spoken
from store import people, reports
from store.reports import Filing
from store.schema.reports import UnitReport
from validators.json_codec import to_json

PREVIEW = "{unit} 上报预览　{deadline}\n将上报 {count} 个案例：{counts}"
PASSED_OVER = "另有 {count} 个已提交、没有推荐，上报后记为“未被推荐上报”，会告诉老师。"
UNFINISHED = "还有 {count} 个没有提交（待修改或已退回），不在上报里。"
TOO_LATE = "已过截止时间，仍可以上报，会标注“迟报”。"
FREEZES = "确认后名单就定下来；要改，须请管理员重开。"
NONE = "{unit}还没有已推荐的案例，不能上报。请先推荐。"
CHANGED = "名单在您确认之前变了，还没有上报。请再看一遍："
DONE = "✅ {unit}已上报 {count} 个案例（第 {edition} 版）：{counts}\n上报回执 {number}　{when}，{punctual}"
PACKING = "材料包（ZIP）正在打包，好了马上发给您。"
ALREADY = "{unit}已经上报过了（第 {edition} 版，{when}）。上报回执 {number}。要改名单，请管理员重开。"
TOLD = "{actor}已为{unit}上报 {count} 个案例（第 {edition} 版）。上报回执 {number}。"
SOMEBODY = "另一位协调员"
LATE_REPORT = "迟报"
TO_RECOMMEND = Choice("去推荐", "待推荐")
NEXT = (Choice("汇总表", "汇总表"), Choice("发盖章扫描版", "发盖章扫描版"), Choice("进度", "进度"))
_ASK = re.compile(
    r"(?:请问)?(?:我们?|本单位|本县|现在|可以|能)*(?:要|想|来|去)?(?:正式)?上报(?:案例|材料|本单位|本单位案例)?(?:了|吧)?"
)
_CONFIRM = re.compile(r"确认上报\s*(?P<count>\d{1,5})?\s*个?(?:案例)?\s*[(（]?(?P<sign>[0-9A-Za-z]{4})[)）]?")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """上报, 确认上报 12 个 K3F9."""
    said = spoken(message)
    return _ASK.fullmatch(said) is not None or said.startswith("确认上报")


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """What would go, or with the sign of the set that was shown, the report itself."""
    confirmed = _CONFIRM.fullmatch(plain(spoken(message)))
    return [preview(ctx)] if confirmed is None else report(ctx, confirmed["sign"].upper())


def preview(ctx: Context) -> Reply:
    """What the person's unit would report now, if they may report it."""
    decision = may(ctx.actor, Act.REPORT_UNIT)
    if not decision.allowed or ctx.actor.unit_id is None:
        return Reply(decision.reason)
    known = reports.in_force(ctx.session, ctx.actor.unit_id)
    return _already(ctx, known) if known is not None else _preview(ctx, draft(ctx, ctx.actor.unit_id))


def sign_in(shown: Reply) -> str:
    """The sign of the set that this preview shows, "" where it shows none."""
    found = next(filter(None, (_CONFIRM.fullmatch(choice.says) for choice in shown.choices)), None)
    return found["sign"] if found is not None else ""


def report(ctx: Context, sign: str) -> list[Reply]:
    """Report for the person's unit the set that has this sign, if they may; else show what has changed since."""
    decision = may(ctx.actor, Act.REPORT_UNIT)
    if not decision.allowed or ctx.actor.unit_id is None:
        return [Reply(decision.reason)]
    return _report(ctx, ctx.actor.unit_id, sign)


def _preview(ctx: Context, made: Draft, before: str = "") -> Reply:
    unit = made.standing.unit.name
    if not made.sheet.rows:
        return Reply(NONE.format(unit=unit), (TO_RECOMMEND, Choice("进度", "进度")))
    count = len(made.sheet.rows)
    slots = {"unit": unit, "count": count, "counts": count_line(ctx.notice, made.sheet)}
    lines = [before] if before else []
    lines.append(PREVIEW.format(deadline=deadline_line(ctx), **slots))
    lines += doubt_lines(doubts_about(made.sheet, made.standing))
    if made.chosen.submitted:
        lines.append(PASSED_OVER.format(count=len(made.chosen.submitted)))
    if made.unfinished:
        lines.append(UNFINISHED.format(count=made.unfinished))
    if not ctx.is_on_time(ctx.arrived_at):
        lines.append(TOO_LATE)
    lines.append(FREEZES)
    confirm = Choice(f"确认上报 {count} 个", f"确认上报 {count} 个 {made.sign}")
    return Reply("\n".join(lines), (confirm, Choice("先看汇总表", "汇总表"), TO_RECOMMEND))


def _report(ctx: Context, unit_id: str, sign: str) -> list[Reply]:
    """Freeze the set, if it is the one that was shown. Its rows are locked first, so of two presses one waits."""
    made = draft(ctx, unit_id, lock=True)
    known = reports.in_force(ctx.session, unit_id)
    if known is not None:
        return [_already(ctx, known)]
    if not made.sheet.rows or made.sign != sign:
        return [_preview(ctx, made, CHANGED)]
    content = to_json(content_of(ctx, made))
    filing = Filing(
        unit_id=unit_id,
        number=new_receipt(REPORT, ctx.randomness(RANDOM_BYTES)),
        actor_id=ctx.actor.person_id,
        inbox_id=ctx.inbox_id,
        arrived_at=ctx.arrived_at,
        on_time=ctx.is_on_time(ctx.arrived_at),
        content=content,
    )
    filed = reports.file(ctx.session, filing, made.chosen, ctx.now)
    if filed is None:
        known = reports.in_force(ctx.session, unit_id)
        return [_already(ctx, known) if known is not None else _preview(ctx, made, CHANGED)]
    return [_done(ctx, made, filed), *_tell_the_others(ctx, made, filed)]


def _done(ctx: Context, made: Draft, report: UnitReport) -> Reply:
    zone = ctx.notice.timezone
    late = f"{LATE_REPORT}，{LATE.format(deadline=show_deadline(ctx.notice.intake_stage, zone))}"
    text = DONE.format(
        unit=made.standing.unit.name,
        count=len(made.sheet.rows),
        edition=report.edition,
        counts=count_line(ctx.notice, made.sheet),
        number=report.number,
        when=show_instant(report.arrived_at, zone),
        punctual=ON_TIME if report.on_time else late,
    )
    lines = (text, check_line(ctx.public_url, report.number), PACKING, route_sentence(ctx.notice))
    return Reply("\n".join(line for line in lines if line), NEXT)


def _tell_the_others(ctx: Context, made: Draft, report: UnitReport) -> list[Reply]:
    text = TOLD.format(
        actor=ctx.actor.name or SOMEBODY,
        unit=made.standing.unit.name,
        count=len(made.sheet.rows),
        edition=report.edition,
        number=report.number,
    )
    return [
        Reply(text, to=each.id, cause=f"reported:{report.unit_id}:{report.edition}")
        for each in people.coordinators(ctx.session, report.unit_id)
        if each.id != ctx.actor.person_id
    ]


def _already(ctx: Context, report: UnitReport) -> Reply:
    text = ALREADY.format(
        unit=ctx.notice.unit(report.unit_id).name,
        edition=report.edition,
        when=show_instant(report.arrived_at, ctx.notice.timezone),
        number=report.number,
    )
    return Reply(text, (Choice("材料包", "材料包"), *NEXT))


HANDLER = Handler(
    name="report_unit",
    usage="发“上报”，先看要上报哪些、还差什么，再确认上报本单位的案例",
    roles=frozenset({Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
