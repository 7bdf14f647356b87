"""汇总表: the unit's summary table (附件1) as Word, from the recommended cases, and what to look at before signing."""

from __future__ import annotations

import re

from documents.summary_table import summary_table
from domain.chat import Choice, Incoming, Reply
from domain.notice import Unit
from domain.policy import Act, may
from domain.roles import Role
from domain.summary import doubts_about
from handlers.casework.case_text import route_sentence
from handlers.casework.summary_text import count_line, doubt_lines
from handlers.casework.unit_names import unit_meant, unit_named
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import people, quotas, reports, summaries

HERE = "{unit}的汇总表（{title}）已生成，共 {count} 个案例{counts}。"
REPORTED = "上报回执 {number}（第 {edition} 版）。"
LOOK = "请先看一下："
SIGN = "打印、签字、盖章后，把扫描件或照片发给我。"
MASKED = "您不在这个单位，联系电话只显示一部分。"
NONE = "{unit}还没有已推荐的案例，汇总表是空的。请先推荐案例。"
WHICH = "请告诉我哪个单位，例如“汇总表 {unit}”。"
_DO = r"(?:请)?(?:帮我|给我|我要|要|下载|发|导出|生成|做|出|打印|看|查看)*(?:一下|一份|个)?"
_TABLE = r"(?:县市)?(?:推报)?(?:案例)?汇总表"
_SAID = re.compile(
    rf"{_DO}(?:(?P<before>\S{{2,12}}?)的?)?(?:我们|本单位|本县|本市)?的?{_TABLE}(?:发我|给我|下载|导出|生成|一份|吧)*"
    r"\s*(?P<after>\S{2,12})?"
)


def matches(message: Incoming, ctx: Context) -> bool:
    """汇总表, 生成汇总表, the table of a unit named; but not 汇总表什么时候交."""
    found = _SAID.fullmatch(spoken(message))
    return found is not None and all(unit_named(said, ctx.notice) for said in (found["before"], found["after"]) if said)


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The file of the own unit; for an admin that of the unit named."""
    found = _SAID.fullmatch(spoken(message))
    named = (found["before"] or found["after"] or "") if found else ""
    unit = unit_meant(named, ctx)
    decision = may(ctx.actor, Act.MAKE_SUMMARY, target_unit=unit.id if unit else None)
    if unit is None and may(ctx.actor, Act.SEE_ALL).allowed:
        return [Reply(WHICH.format(unit=ctx.notice.units[0].name))]
    if not decision.allowed or unit is None:
        return [Reply(decision.reason or may(ctx.actor, Act.MAKE_SUMMARY, target_unit="").reason)]
    return [table_for(ctx, unit)]


def table_for(ctx: Context, unit: Unit) -> Reply:
    """The file of this unit, if the person may have it."""
    decision = may(ctx.actor, Act.MAKE_SUMMARY, target_unit=unit.id)
    if not decision.allowed:
        return Reply(decision.reason)
    own = unit.id == ctx.actor.unit_id
    heads = people.coordinators(ctx.session, unit.id)
    head = people.get(ctx.session, ctx.actor.person_id) if own else next(iter(heads), None)
    whole = summaries.sheet_of(ctx.session, ctx.notice, unit.id, head)
    if not whole.rows:
        return Reply(NONE.format(unit=unit.name), (Choice("去推荐", "待推荐"),) if own else ())
    sheet = whole if may(ctx.actor, Act.SEE_PHONE, target_unit=unit.id).allowed else whole.masked()
    title = ctx.notice.summary_table.title
    file = ctx.keep(f"{unit.name}{title}.docx", summary_table(ctx.notice, sheet))
    counts = count_line(ctx.notice, sheet)
    lines = [HERE.format(unit=unit.name, title=title, count=len(sheet.rows), counts=f"（{counts}）")]
    report = reports.in_force(ctx.session, unit.id)
    if report is not None:
        lines.append(REPORTED.format(number=report.number, edition=report.edition))
    (standing,) = quotas.standings(ctx.session, ctx.notice, unit.id)
    doubts = doubt_lines(doubts_about(whole, standing))
    lines += [LOOK, *doubts] if doubts else []
    if not own:
        lines += [MASKED] if sheet != whole else []
        return Reply("\n".join(lines), (), (file,))
    lines += [SIGN, *filter(None, (route_sentence(ctx.notice),))]
    choices = (Choice("发盖章扫描版", "发盖章扫描版"), Choice("进度", "进度"))
    return Reply("\n".join(lines), choices if report else (Choice("上报", "上报"), *choices), (file,))


HANDLER = Handler(
    name="make_summary",
    usage="发“汇总表”，生成本单位的推报案例汇总表（Word）",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
