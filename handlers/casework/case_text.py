"""A case in words: its state, its receipt line, and the sentences a receipt must carry."""

from __future__ import annotations

from collections.abc import Mapping

from domain.notice import Intake, Notice
from domain.receipt import receipt_address
from domain.wording import show_deadline, show_instant
from handlers.casework.report_text import brief_lines, show_clause, show_title
from store.schema.campaign import Case, CaseState, Mark, Material
from validators.report import Report

STATE_NAMES: Mapping[CaseState, str] = {
    CaseState.RECEIVED: "已收到，等您告诉我单位才能提交",
    CaseState.NEEDS_FIX: "需要修改，还没有提交",
    CaseState.SUBMITTED: "已提交",
    CaseState.RETURNED: "已退回，改好后请再发",
    CaseState.RECOMMENDED: "已推荐",
    CaseState.REPORTED: "已上报",
    CaseState.AWARDED: "已获奖",
    CaseState.NOT_AWARDED: "未获奖",
    CaseState.NOT_SELECTED: "未被推荐上报",
    CaseState.WITHDRAWN: "已撤回",
}
# The same to those who look after a unit: what the owner is asked for, they are not.
STAFF_STATE_NAMES: Mapping[CaseState, str] = {
    **STATE_NAMES,
    CaseState.RECEIVED: "已收到，等老师补全信息",
    CaseState.NEEDS_FIX: "待修改，还没有提交",
    CaseState.RETURNED: "已退回，等老师修改",
}
MARK_NAMES: Mapping[Mark, str] = {Mark.BELOW_DEMANDS: "未达要求", Mark.LOOK_BY_HAND: "请人工确认"}

RECEIPT = "回执 {receipt}　{version}{arrived}，{punctual}"
VERSION = "第 {number} 版　"
ON_TIME = "按时"
LATE = "已过截止时间（{deadline}）"
LATE_SHORT = "已过截止时间"
LATE_VERSION = "（这一版在截止后收到）"
CHECK_AT = "查验：{address}"
WAITS_FOR_CATEGORY = "已收到，等您选类别才能提交"
NO_CATEGORY = "类别未定"
NOT_CHECKED = "还没有检查结果"
LICENCE = "首次收到您的材料，请知悉通知{clause}：“{text}”"


def receipt_line(notice: Notice, case: Case, material: Material) -> str:
    """Number, version, time and whether the case is on time: decided when its first file arrived, for ever."""
    version = VERSION.format(number=material.version) if material.version > 1 else ""
    arrived = show_instant(material.arrived_at, notice.timezone)
    said = punctual(notice, case)
    if case.on_time and not material.on_time:
        said += LATE_VERSION
    return RECEIPT.format(receipt=case.receipt, version=version, arrived=arrived, punctual=said)


def check_line(public_url: str, number: str) -> str:
    """Where the receipt with this number can be checked; empty when the service has no public address."""
    return CHECK_AT.format(address=receipt_address(public_url, number)) if public_url else ""


def punctual(notice: Notice, case: Case) -> str:
    """按时, or that the case came after the deadline: after which one is told while there has been only one."""
    if case.on_time:
        return ON_TIME
    stage = notice.intake_stage
    return LATE.format(deadline=show_deadline(stage, notice.timezone)) if stage.moved_from is None else LATE_SHORT


def state_name(notice: Notice, case: Case) -> str:
    """The state in the person's words, with the prize where there is one and the marks in brackets."""
    name = STATE_NAMES[CaseState(case.state)]
    if case.state == CaseState.RECEIVED and case.category is None:
        name = WAITS_FOR_CATEGORY
    if case.award is not None and 1 <= case.award <= len(notice.awards.names):
        name = notice.awards.names[case.award - 1]
    marks = "、".join(MARK_NAMES[Mark(mark)] for mark in case.marks if case.state != CaseState.NEEDS_FIX)
    return f"{name}（{marks}）" if marks else name


def checked_lines(case: Case, report: Report | None) -> list[str]:
    """What the check found, short, for those who decide about the case; its marks where there is no report."""
    if report is not None:
        return brief_lines(report)
    marks = "、".join(MARK_NAMES[Mark(mark)] for mark in case.marks)
    return [marks] if marks else [NOT_CHECKED]


def case_line(notice: Notice, case: Case) -> str:
    """A case in a list: name, category, state, receipt."""
    category = case.category or NO_CATEGORY
    late = "" if case.on_time else f"　{LATE_SHORT}"
    return f"《{show_title(case.title)}》{category}　{state_name(notice, case)}\n回执 {case.receipt}{late}"


def licence_sentence(notice: Notice) -> str:
    """The originality and licence clause, quoted in the first receipt."""
    return LICENCE.format(clause=show_clause(notice, notice.licence.clause), text=notice.licence.text)


def route_sentence(notice: Notice) -> str:
    """That the notice's official route has to be taken as well; empty where the bot is the official route."""
    if notice.intake is not Intake.ASSISTANT or not notice.intake_reminder:
        return ""
    return notice.intake_reminder.rstrip("。") + "。"
