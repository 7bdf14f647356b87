"""重开: an admin takes a unit's report back, with a reason; its coordinators may change the list and report again."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.notice import Unit
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.unit_names import unit_named
from handlers.contract import Context, Handler, Mode
from handlers.said import one_line, spoken
from store import people, reports
from store.schema.reports import UnitReport

ASK_REASON = "重开{unit}的上报（回执 {number}，第 {edition} 版）要写原因，会告诉协调员。请回复“重开 {unit} 原因：……”。"
DONE = "已重开{unit}的上报（第 {edition} 版，回执 {number}）：案例退回“已推荐”和“已提交”，协调员已收到通知。"
TOLD = (
    "{unit}的上报（第 {edition} 版，回执 {number}）已由管理员重开。\n原因：{reason}\n"
    "案例又是“已推荐”和“已提交”，改好名单后请重新上报。"
)
NOT_REPORTED = "{unit}现在没有上报，不用重开。"
WHICH = "没有找到这个单位。请写“重开”加单位名称和原因，例如“重开 {unit} 原因：……”。"
LONGEST_REASON = 200
_SAID = re.compile(
    r"(?:请)?重开\s*(?P<unit>[^\s:，,。;；]{0,20}?)(?:的)?(?:上报)?\s*[,，;；]?\s*(?:原因|理由|因为|:)\s*[:：]?\s*(?P<reason>.+)"
    r"|(?:请)?重开\s*(?P<bare>[^\s:，,。;；]{0,20}?)(?:的)?(?:上报)?",
    re.DOTALL,
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """重开 with a unit's name, and 原因."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Ask for the reason, or take the report back and tell the unit's coordinators."""
    found = _SAID.fullmatch(spoken(message))
    decision = may(ctx.actor, Act.REOPEN_UNIT)
    if not decision.allowed or found is None:
        return [Reply(decision.reason)]
    unit = unit_named(found["unit"] or found["bare"] or "", ctx.notice)
    if unit is None:
        return [Reply(WHICH.format(unit=ctx.notice.units[0].name))]
    return reopen(ctx, unit, found["reason"] or "")


def reopen(ctx: Context, unit: Unit, said: str) -> list[Reply]:
    """Take this unit's report back for the reason `said`, if the person may; without one ask for it."""
    decision = may(ctx.actor, Act.REOPEN_UNIT)
    if not decision.allowed:
        return [Reply(decision.reason)]
    report = reports.in_force(ctx.session, unit.id)
    if report is None:
        return [Reply(NOT_REPORTED.format(unit=unit.name), (Choice("进度", "进度"),))]
    reason = one_line(said)[:LONGEST_REASON]
    if not reason:
        return [Reply(ASK_REASON.format(unit=unit.name, number=report.number, edition=report.edition))]
    reopened = reports.reopen(ctx.session, unit.id, actor_id=ctx.actor.person_id, reason=reason, now=ctx.now)
    if reopened is None:
        return [Reply(NOT_REPORTED.format(unit=unit.name))]
    return [*_told(ctx, unit.name, reopened, reason)]


def _told(ctx: Context, unit: str, report: UnitReport, reason: str) -> list[Reply]:
    slots = {"unit": unit, "edition": report.edition, "number": report.number}
    told = TOLD.format(reason=reason, **slots)
    choices = (Choice("待推荐", "待推荐"), Choice("上报", "上报"))
    return [
        Reply(DONE.format(**slots), (Choice("进度", "进度"),)),
        *(
            Reply(told, choices, to=each.id, cause=f"reopened:{report.unit_id}:{report.edition}")
            for each in people.coordinators(ctx.session, report.unit_id)
        ),
    ]


HANDLER = Handler(
    name="reopen_unit",
    usage="发“重开”加单位名称和“原因：……”，让已上报的单位重新上报",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
