"""退回: a coordinator sends a case back with a reason, chosen from what the check found or written freely."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.choosing import UNKNOWN_RECEIPT, visible_case
from handlers.casework.decisions import too_late
from handlers.casework.report_text import show_title, split
from handlers.casework.verdicts import report_of
from handlers.contract import Context, Handler, Mode
from handlers.said import one_line, receipt_in, spoken, without_receipt, words_after_receipt
from store import cases
from store.moves import Move, allows
from store.schema.campaign import Case, CaseState

ASK = (
    "退回《{title}》（{category}，回执 {receipt}）的原因？请点选，"
    "或回复“退回 {receipt} 原因：”加上您要说的话。老师会马上收到原因。"
)
DONE = "已退回《{title}》（{category}，回执 {receipt}），{told}：{reason}"
TOLD, TO_BE_TOLD = "原因已告诉老师", "请把原因转告老师"
ALREADY = "《{title}》已经退回过了（回执 {receipt}），等老师改好再发。"
WAITING = Choice("待推荐", "待推荐")
CONTENT = "内容还要充实"
WRONG_CATEGORY = "类别报错了"
_LABEL = 10
_MOST = 4
LONGEST_REASON = 200
_SAID = re.compile(r"退回(?:这个|该)?(?:案例)?(?:\s*(?:原因|理由|因为).*)?", re.DOTALL)
# 退回, the number, and at once what is to be better: nearly always the reason. It is offered first, never sent unseen.
_WITH_WORDS = re.compile(
    r"退回(?:这个|该)?(?:案例)?[\s:]*(?:回执)?[\s:]*[A-Z]\d{0,2}[-_\s‐-―−ー]*[0-9A-Z].*", re.DOTALL
)
_REASON = re.compile(r"(?:原因|理由|因为)\s*[:：,，]?\s*(?P<reason>.+)", re.DOTALL)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """退回 with a receipt number, with or without 原因：…."""
    said = spoken(message)
    if receipt_in(message.text) is None:
        return False
    return _SAID.fullmatch(without_receipt(said)) is not None or _WITH_WORDS.fullmatch(said.upper()) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Ask for the reason, or send the case back for the one that was given."""
    case = visible_case(receipt_in(message.text) or "", ctx)
    if case is None:
        return [Reply(UNKNOWN_RECEIPT, (WAITING,))]
    given = _REASON.search(message.text)
    words = "" if given else words_after_receipt(message.text)
    return [send_back(ctx, case, given["reason"] if given else "", words)]


def send_back(ctx: Context, case: Case, reason: str, maybe: str = "") -> Reply:
    """Return this case for the reason, if the person may; without one ask for it, and whether it is `maybe`."""
    decision = may(ctx.actor, Act.RETURN_CASE, target_unit=case.unit_id)
    if not decision.allowed or case.unit_id is None:
        return Reply(decision.reason)
    if not allows(Move.RETURN, CaseState(case.state)):
        return _cannot(ctx, case)
    said = one_line(reason)[:LONGEST_REASON]
    return _return(ctx, case, said) if said else _ask(ctx, case, one_line(maybe)[:LONGEST_REASON])


def likely_reasons(ctx: Context, case: Case) -> tuple[str, ...]:
    """What the check found first, and what it cannot find."""
    report = report_of(ctx, case, cases.latest_material(ctx.session, case.id))
    must, advice, _ = split(report) if report is not None else ((), (), ())
    reasons = [one_line(finding.message)[:LONGEST_REASON] for finding in (*must, *advice)][:_MOST]
    return (*reasons, CONTENT, WRONG_CATEGORY)


def _ask(ctx: Context, case: Case, first: str) -> Reply:
    text = ASK.format(title=show_title(case.title), category=case.category, receipt=case.receipt)
    choices = [
        Choice(reason if len(reason) <= _LABEL else f"{reason[: _LABEL - 1]}…", f"退回 {case.receipt} 原因：{reason}")
        for reason in (*((first,) if first else ()), *likely_reasons(ctx, case))
    ]
    return Reply(text, tuple(choices))


def _return(ctx: Context, case: Case, reason: str) -> Reply:
    actor_id = ctx.actor.person_id
    if not cases.move(
        ctx.session, case, Move.RETURN, actor_id=actor_id, now=ctx.now, marks=cases.marks_of(case), reason=reason
    ):
        return _cannot(ctx, case)
    slots = {"title": show_title(case.title), "category": case.category, "receipt": case.receipt}
    told = TOLD if case.contact is None else TO_BE_TOLD  # whose case it is, is not here
    return Reply(DONE.format(reason=reason, told=told, **slots), (WAITING, Choice("进度", "进度")))


def _cannot(ctx: Context, case: Case) -> Reply:
    title = show_title(case.title)
    if case.state == CaseState.RETURNED:
        return Reply(ALREADY.format(title=title, receipt=case.receipt), (WAITING,))
    return too_late(ctx, case, "退回")


HANDLER = Handler(
    name="return_case",
    usage="回复“退回”加回执号，退回一个案例并写明原因",
    roles=frozenset({Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
