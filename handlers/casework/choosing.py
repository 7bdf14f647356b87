"""Which case a person means: the one whose receipt they wrote, else the one they touched last."""

from __future__ import annotations

from collections.abc import Callable

from domain.policy import Act, may
from handlers.contract import Context
from handlers.said import receipt_in
from store import cases
from store.schema.campaign import Case

UNKNOWN_RECEIPT = "没有找到这个回执号的案例。请核对号码，或发“我的案例”看您的回执。"


def own_case(text: str, ctx: Context, fits: Callable[[Case], bool] = lambda _: True) -> Case | None:
    """The person's own case that is meant; without a receipt number the last touched one that fits."""
    receipt = receipt_in(text)
    if receipt is None:
        return next((case for case in cases.of_owner(ctx.session, ctx.actor.person_id) if fits(case)), None)
    case = cases.by_receipt(ctx.session, receipt)
    return case if case is not None and case.owner_id == ctx.actor.person_id else None


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
