"""Which case a person means: the one whose receipt they wrote, else the one they touched last."""

from __future__ import annotations

from collections.abc import Callable

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, Decision, may
from domain.roles import Actor
from handlers.contract import Context
from handlers.said import receipt_in
from store import cases
from store.schema.campaign import Case

NOT_WITH_THIS_CASE = (
    "对这个回执号您不能这样做，或者我没看懂要做什么。推荐和退回由本单位协调员来做；您自己的案例请发“我的案例”查看。"
)
UNKNOWN_RECEIPT = "没有找到这个回执号的案例。请核对号码，或发“我的案例”看您的回执。"


def own_case(text: str, ctx: Context, fits: Callable[[Case], bool] = lambda _: True) -> Case | None:
    """The case that is meant, if it is the person's to look after; without a receipt number their own last touched one
    that fits."""
    receipt = receipt_in(text)
    if receipt is None:
        return next((case for case in cases.of_owner(ctx.session, ctx.actor.person_id) if fits(case)), None)
    case = cases.by_receipt(ctx.session, receipt)
    return case if case is not None and looks_after(ctx.actor, case) else None


def not_with_this_case(message: Incoming, ctx: Context) -> Reply:
    """For words around a valid receipt number that are no order this person may give: how the case can be seen, to
    whom may see it."""
    receipt = receipt_in(message.text)
    seen = receipt is not None and visible_case(receipt, ctx) is not None
    choices = (Choice("看这个案例", f"回执 {receipt}"),) if seen else ()
    return Reply(NOT_WITH_THIS_CASE, (*choices, Choice("我的案例", "我的案例")))


def looks_after(actor: Actor, case: Case) -> bool:
    """Whether what a case's owner may do with it is up to this person: it is their own, or they are a coordinator of
    the unit and it was sent by one for somebody (代交)."""
    return _is_own(actor, case) or (case.deputed and may_as_owner(actor, Act.SEE_OWN_CASES, case).allowed)


def may_as_owner(actor: Actor, act: Act, case: Case) -> Decision:
    """Whether the person may do with this case what `act` lets its owner do. What a coordinator sent for somebody all
    coordinators of the unit look after, by their right to send it."""
    if case.deputed and case.unit_id is not None and not _is_own(actor, case):
        return may(actor, Act.SUBMIT_FOR_UNIT, target_unit=case.unit_id)
    return may(actor, act, target_unit=case.unit_id, target_person=case.owner_id)


def _is_own(actor: Actor, case: Case) -> bool:
    """Who owns a case for somebody who is not here does so as a coordinator of the unit, not for themselves."""
    return case.contact is None and case.owner_id == actor.person_id


def visible_case(receipt: str, ctx: Context) -> Case | None:
    """The case with this receipt if the person may see it. None also when it exists but is none of their business."""
    case = cases.by_receipt(ctx.session, receipt)
    if case is None:
        return None
    if may(ctx.actor, Act.SEE_OWN_CASES, target_person=case.owner_id).allowed:
        return case
    if case.unit_id is None:
        return case if may(ctx.actor, Act.SEE_ALL).allowed else None
    return case if may(ctx.actor, Act.SEE_UNIT_CASES, target_unit=case.unit_id).allowed else None
