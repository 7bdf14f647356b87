"""仍然提交: a case that does not meet the demands goes to the coordinator, marked 未达要求."""

from __future__ import annotations

import re

from domain.chat import Incoming, Reply
from domain.policy import Act
from handlers.casework.choosing import UNKNOWN_RECEIPT, looks_after, may_as_owner, own_case
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE, decided, settle, submit_below_demands
from handlers.casework.verdicts import report_of
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases, people
from store.schema.campaign import Case, CaseState
from validators.report import Verdict

NOTHING_TO_SUBMIT = "您没有等待修改的案例，不用再提交。"
ALREADY = "《{title}》已经提交过了，不用再提交。\n回执 {receipt}"
NO_CATEGORY = "《{title}》还没有选类别，选好才能提交。请回复“类别”加类别号。"
_SAID = re.compile(r"(?:仍然|仍旧|还是|依然|直接)提交")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """仍然提交, with or without a receipt number."""
    return _SAID.fullmatch(without_receipt(spoken(message))) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Submit the meant case; pressing twice submits once."""
    named = receipt_in(message.text) is not None
    case = own_case(message.text, ctx, _needs_fix)
    if case is None:
        return [Reply(UNKNOWN_RECEIPT if named else NOTHING_TO_SUBMIT, (MINE,))]
    return [submit_as_it_is(ctx, case)]


def submit_as_it_is(ctx: Context, case: Case) -> Reply:
    """Submit this case, if it is the person's to look after, though it does not meet the demands."""
    if not looks_after(ctx.actor, case):
        return Reply(UNKNOWN_RECEIPT, (MINE,))
    title = show_title(case.title)
    if case.state == CaseState.SUBMITTED:
        return Reply(ALREADY.format(title=title, receipt=case.receipt), (MINE,))
    if case.category is None:
        return Reply(NO_CATEGORY.format(title=title))
    if not _needs_fix(case):
        return decided(ctx.notice, case)
    decision = may_as_owner(ctx.actor, Act.SUBMIT_CASE, case)
    if not decision.allowed and ctx.actor.unit_id is not None:
        return Reply(decision.reason, (MINE,))
    return _as_judged(ctx, case)


def _as_judged(ctx: Context, case: Case) -> Reply:
    """What had to be mended may have been found to be right meanwhile: then it is a case like any other."""
    person = people.get(ctx.session, case.owner_id)
    report = report_of(ctx, case, cases.latest_material(ctx.session, case.id))
    if report is not None and report.verdict is not Verdict.FAIL:
        return settle(ctx, person, case)
    return submit_below_demands(ctx, person, case)


def _needs_fix(case: Case) -> bool:
    return case.state == CaseState.NEEDS_FIX


HANDLER = Handler(
    name="submit_anyway",
    usage="",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
