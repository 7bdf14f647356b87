"""Why a coordinator's decision came too late: who has decided what about the case a moment ago."""

from __future__ import annotations

from collections.abc import Mapping

from domain.chat import Choice, Reply
from domain.wording import show_instant
from handlers.casework.case_text import state_name
from handlers.casework.report_text import show_title
from handlers.contract import Context
from store import audit, people
from store.moves import Move
from store.schema.campaign import Audit, Case, CaseState

STANDS = "《{title}》（回执 {receipt}）现在是“{state}”，不能{what}。"
DECIDED_BY = "《{title}》（回执 {receipt}）{when}已由{who}{did}，现在是“{state}”；您的“{what}”没有生效。"
YOU, OWNER, OTHER, SERVICE = "您", "交案例的人", "同单位协调员", "管家"
UNRECOMMEND_FIRST = "要退回，请先撤回推荐。"
_DID: Mapping[str, str] = {
    f"case.{move}": did
    for move, did in {
        Move.RECOMMEND: "推荐",
        Move.UNRECOMMEND: "收回推荐",
        Move.RETURN: "退回",
        Move.WITHDRAW: "撤回",
        Move.REPORT: "上报",
        Move.PASS_OVER: "上报时没有选入",
        Move.FAIL: "换成一版还要修改的文件",
        Move.REOPEN: "收回上报",
        Move.RECONSIDER: "放回待推荐",
    }.items()
}


def too_late(ctx: Context, case: Case, what: str) -> Reply:
    """That the case stands where `what` cannot be done, who brought it there and when, and what can be done now."""
    slots = {
        "title": show_title(case.title),
        "receipt": case.receipt,
        "state": state_name(ctx.notice, case),
        "what": what,
    }
    last = next((row for row in reversed(audit.of_case(ctx.session, case.id)) if row.act in _DID), None)
    if last is None:
        text = STANDS.format(**slots)
    else:
        when = show_instant(last.at, ctx.notice.timezone)
        text = DECIDED_BY.format(when=when, who=_who(ctx, case, last), did=_DID[last.act], **slots)
    if case.state == CaseState.RECOMMENDED:
        choices = (Choice("撤回推荐", f"撤回推荐 {case.receipt}"), Choice("看详情", f"看详情 {case.receipt}"))
        return Reply(text + (UNRECOMMEND_FIRST if what == "退回" else ""), choices)
    return Reply(text, (Choice("待推荐", "待推荐"), Choice("看详情", f"看详情 {case.receipt}")))


def _who(ctx: Context, case: Case, row: Audit) -> str:
    if row.actor_id is None:
        return SERVICE
    if row.actor_id == ctx.actor.person_id:
        return YOU
    called = OWNER if row.actor_id == case.owner_id else OTHER
    return called + (people.get(ctx.session, row.actor_id).name or "")
