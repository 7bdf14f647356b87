"""看全部检查项: everything the check of a case's newest file found, without the cut made for a phone."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from handlers.casework.case_text import receipt_line
from handlers.casework.choosing import UNKNOWN_RECEIPT, own_case, visible_case
from handlers.casework.report_text import CLEARED, checked_line, finding_line, finding_lines, headline, show_title
from handlers.casework.settling import MINE, anyway, case_choices, doubt
from handlers.casework.verdicts import cleared, report_of
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases
from store.schema.campaign import Case, CaseState
from validators.report import Report, Verdict

NO_CASE = "您还没有案例，所以没有检查结果。请把案例文件发给我。"
OF_WHICH = "要看哪一个案例的检查结果？请回复“看全部检查项”加回执号。回执号在“待推荐”的列表里。"
NO_CATEGORY = "《{title}》还没有选类别，检查结果要看类别。"
_SAID = re.compile(r"(?:查?看|显示)?(?:全部|所有|详细|一下)?的?(?:检查项?|检查结果|问题|意见)")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """看全部检查项, with or without a receipt number."""
    said = without_receipt(spoken(message))
    return _SAID.fullmatch(said) is not None and said not in {"问题", "意见"}


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The whole report of the meant case, if the person may see it."""
    receipt = receipt_in(message.text)
    case = own_case(message.text, ctx) if receipt is None else visible_case(receipt, ctx)
    if case is None:
        if receipt is None and may(ctx.actor, Act.SEE_UNIT_CASES).allowed:
            return [Reply(OF_WHICH, (Choice("待推荐", "待推荐"),))]
        return [Reply(NO_CASE if receipt is None else UNKNOWN_RECEIPT, (MINE,))]
    mine = case.owner_id == ctx.actor.person_id
    material = cases.latest_material(ctx.session, case.id)
    report = report_of(ctx, case, material)
    if report is None:
        choices = case_choices(ctx, case) if mine else ()
        return [Reply(NO_CATEGORY.format(title=show_title(case.title)), choices)]
    lines = [headline(case.title, report), receipt_line(ctx.notice, case, material)]
    lines += finding_lines(ctx.notice, report, short=False)
    wrong = cleared(ctx, case, material)
    lines += [f"{CLEARED}：", *(f"· {finding_line(ctx.notice, each)}" for each in wrong)] if wrong else []
    if report.verdict is not Verdict.UNCHECKED:  # its list would name what could not be looked at, too
        lines.append(checked_line(report))
    return [Reply("\n".join(lines), _choices(case, report) if mine else ())]


def _choices(case: Case, report: Report) -> tuple[Choice, ...]:
    doubted = (doubt(case),) if report.findings else ()
    return (anyway(case), *doubted, MINE) if case.state == CaseState.NEEDS_FIX else doubted


HANDLER = Handler(
    name="show_checks",
    usage="发“看全部检查项”，看最近一次检查的每一条",
    roles=EVERYBODY,
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
