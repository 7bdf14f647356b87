"""What the owner of a case can do now, in one sentence; the acts themselves stand below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.contract import Context
from store import audit, versions
from store.moves import OWNERS_TURN
from store.schema.campaign import Case, CaseState

CONFIRM = "您新发的一版还没有替换原来的：请确认是否替换。"
CHOOSE_CATEGORY = "请选这个案例报哪一类，选好才能提交。"
TELL_UNIT = "请在企业微信里告诉我您的单位和学校，补全后就会提交。"
REASON = "退回理由：{reason}"
_STEPS: Mapping[CaseState, str] = {
    CaseState.NEEDS_FIX: "请按检查结果改好，再发一次，会作为同一个案例的新版本；也可以仍然提交。",
    CaseState.SUBMITTED: "等本单位协调员推荐，您现在不用做什么。",
    CaseState.RETURNED: "请按退回理由改好，再发一次。",
    CaseState.RECOMMENDED: "协调员已推荐，等单位上报，您现在不用做什么。",
    CaseState.REPORTED: "单位已上报，等专家遴选，您现在不用做什么。",
    CaseState.AWARDED: "恭喜获奖，证书以正式文件为准。",
    CaseState.NOT_AWARDED: "遴选已结束，这个案例没有获奖。",
    CaseState.NOT_SELECTED: "单位上报时没有选入这个案例，可以问本单位协调员。",
    CaseState.WITHDRAWN: "您已撤回，文件都留着；想恢复，请点下面的“恢复”。",
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """The sentence; whether something is to be done at all; why the case was returned."""

    text: str
    act: bool
    reason: str = ""


def next_steps(ctx: Context, mine: Sequence[Case]) -> list[NextStep]:
    """What is to be done next with each of these cases of the person's own, in their order: two queries for all."""
    waiting = versions.with_waiting(ctx.session, [case.id for case in mine])
    returned = [case.id for case in mine if case.state == CaseState.RETURNED]
    returns = audit.newest_of(ctx.session, returned, "case.return")
    reasons = {case_id: str(row.detail.get("reason", "")) for case_id, row in returns.items()}
    return [_next_step(case, reasons.get(case.id, ""), waits=case.id in waiting) for case in mine]


def _next_step(case: Case, reason: str, *, waits: bool) -> NextStep:
    state = CaseState(case.state)
    if waits:
        return NextStep(CONFIRM, act=True)
    if state is CaseState.RECEIVED:
        return NextStep(CHOOSE_CATEGORY if case.category is None else TELL_UNIT, act=True)
    return NextStep(_STEPS[state], act=state in OWNERS_TURN, reason=REASON.format(reason=reason) if reason else "")
