"""恢复: a withdrawn case comes back as it was, and goes as far as its file lets it."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act
from handlers.casework.case_text import NO_CATEGORY, state_name
from handlers.casework.choosing import UNKNOWN_RECEIPT, may_as_owner, own_case
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE, settle
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases, people
from store.moves import Move
from store.schema.campaign import Case, CaseState

NOTHING = "您没有撤回过的案例，不用恢复。"
ASK_WHICH = "您要恢复哪一个案例？"
NOT_WITHDRAWN = "《{title}》没有撤回，现在是“{state}”，不用恢复。"
TWIN = "没有恢复：您后来又交了《{title}》（回执 {receipt}），是同一个案例。要换回原来的，请先撤回后来交的那个。"
NOTE = "已恢复，每一版文件都在。"
_SAID = re.compile(r"(?:我要|请)?(?:恢复|取消撤回)(?:案例|提交|这个案例)?")
_MOST = 8


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """恢复, with or without a receipt number."""
    return _SAID.fullmatch(without_receipt(spoken(message))) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Bring the meant case back. When it came first still decides whether it is on time."""
    if receipt_in(message.text) is None:
        gone = [each for each in cases.of_owner(ctx.session, ctx.actor.person_id) if _is_withdrawn(each)]
        if len(gone) > 1:
            choices = (
                Choice(f"《{show_title(each.title)}》{each.category or NO_CATEGORY}", f"恢复 {each.receipt}")
                for each in gone[:_MOST]
            )
            return [Reply(ASK_WHICH, tuple(choices))]
        case = gone[0] if gone else None
    else:
        case = own_case(message.text, ctx)
    if case is None:
        return [Reply(NOTHING if receipt_in(message.text) is None else UNKNOWN_RECEIPT, (MINE,))]
    return [bring_back(ctx, case)]


def bring_back(ctx: Context, case: Case) -> Reply:
    """Revive this case, if the person may."""
    decision = may_as_owner(ctx.actor, Act.WITHDRAW_CASE, case)
    if not decision.allowed:
        return Reply(decision.reason, (MINE,))
    people.lock(ctx.session, case.owner_id)  # a file that arrives at the same moment waits
    twin = cases.living_twin(ctx.session, case)
    if _is_withdrawn(case) and twin is not None:
        return Reply(TWIN.format(title=show_title(twin.title), receipt=twin.receipt), (MINE,))
    if not cases.move(ctx.session, case, Move.REVIVE, actor_id=ctx.actor.person_id, now=ctx.now):
        return Reply(NOT_WITHDRAWN.format(title=show_title(case.title), state=state_name(ctx.notice, case)), (MINE,))
    return settle(ctx, people.get(ctx.session, case.owner_id), case, NOTE)


def _is_withdrawn(case: Case) -> bool:
    return case.state == CaseState.WITHDRAWN


HANDLER = Handler(
    name="revive_case",
    usage="",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
