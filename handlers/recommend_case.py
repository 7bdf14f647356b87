"""推荐, 撤回推荐: the coordinator's own decision about a case of the unit; pressing twice decides once."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.choosing import UNKNOWN_RECEIPT, visible_case
from handlers.casework.decisions import too_late
from handlers.casework.report_text import show_title
from handlers.contract import Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases, quotas, reports
from store.moves import Move
from store.schema.campaign import Case, CaseState

DONE = "✅ 已推荐《{title}》（{category}，回执 {receipt}）。{left}"
UNDONE = "已收回对《{title}》（{category}，回执 {receipt}）的推荐，它又在待您推荐的案例里。{left}"
ALREADY = "《{title}》已经推荐过了（回执 {receipt}）。"
ENOUGH = "{unit} {category} 已达最低数。"
REPORTED = "{unit}已经上报（第 {edition} 版，回执 {number}），名单已定，没有推荐《{title}》。要增补，请管理员重开。"
STILL_MISSING = "{unit} {category} 还差 {count} 个。"
WAITING = Choice("待推荐", "待推荐")
PROGRESS = Choice("进度", "进度")
_SAID = re.compile(r"(?P<back>撤回|收回|取消|撤销)?推荐(?:这个|该)?(?:案例)?")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """推荐, 撤回推荐, with a receipt number."""
    return receipt_in(message.text) is not None and _SAID.fullmatch(without_receipt(spoken(message))) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Recommend the case, or take the recommendation back."""
    found = _SAID.fullmatch(without_receipt(spoken(message)))
    case = visible_case(receipt_in(message.text) or "", ctx)
    if case is None or found is None:
        return [Reply(UNKNOWN_RECEIPT, (WAITING,))]
    return [decide(ctx, case, back=found["back"] is not None)]


def decide(ctx: Context, case: Case, *, back: bool) -> Reply:
    """Recommend this case, or take the recommendation `back`, if the person may."""
    decision = may(ctx.actor, Act.RECOMMEND, target_unit=case.unit_id)
    if not decision.allowed or case.unit_id is None:
        return Reply(decision.reason)
    report = None if back else reports.in_force(ctx.session, case.unit_id)
    if report is not None and case.state == CaseState.SUBMITTED:
        unit = ctx.notice.unit(case.unit_id).name
        said = REPORTED.format(unit=unit, edition=report.edition, number=report.number, title=show_title(case.title))
        return Reply(said, (PROGRESS,))
    step, text = (Move.UNRECOMMEND, UNDONE) if back else (Move.RECOMMEND, DONE)
    slots = {"title": show_title(case.title), "category": case.category, "receipt": case.receipt}
    if not cases.move(ctx.session, case, step, actor_id=ctx.actor.person_id, now=ctx.now, marks=cases.marks_of(case)):
        if step is Move.RECOMMEND and case.state == CaseState.RECOMMENDED:
            return Reply(ALREADY.format(**slots), (WAITING, PROGRESS))
        return too_late(ctx, case, "撤回推荐" if back else "推荐")
    return Reply(text.format(left=_left(ctx, case), **slots), (WAITING, PROGRESS, *_other_way(case)))


def _other_way(case: Case) -> tuple[Choice, ...]:
    """What can be decided about the case now, should this have been the wrong button."""
    if case.state == CaseState.RECOMMENDED:
        return (Choice("撤回推荐", f"撤回推荐 {case.receipt}"),)
    return (Choice("退回", f"退回 {case.receipt}"),)


def _left(ctx: Context, case: Case) -> str:
    """How the unit stands in this category now."""
    (unit,) = quotas.standings(ctx.session, ctx.notice, case.unit_id)
    standing = unit.of(case.category or "")
    if standing.minimum is None:
        return ""
    text = STILL_MISSING if standing.missing else ENOUGH
    return text.format(unit=unit.unit.name, category=standing.category, count=standing.missing)


HANDLER = Handler(
    name="recommend_case",
    usage="回复“推荐”加回执号，推荐一个案例；“撤回推荐”加回执号，收回",
    roles=frozenset({Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
