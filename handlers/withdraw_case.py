"""撤回: a case is taken back before it is reported, after one question; its bytes stay."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act
from handlers.casework.case_text import NO_CATEGORY, state_name
from handlers.casework.choosing import UNKNOWN_RECEIPT, may_as_owner, own_case
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases
from store.moves import Move, allows
from store.schema.campaign import Case, CaseState

ASK = (
    "确定撤回《{title}》（{category}，回执 {receipt}，现在是“{state}”）？\n"
    "撤回后不再提交，也不计入数量；文件都留着，以后可以恢复。"
)
ASK_WHICH = "您要撤回哪一个案例？"
DONE = "《{title}》已撤回（回执 {receipt}），不再计入数量。文件都留着，要恢复请回复“恢复 {receipt}”。"
KEPT = "好，没有撤回，一切照旧。"
NOTHING = "您没有可以撤回的案例。"
ALREADY = "《{title}》已经撤回过了。要恢复请回复“恢复 {receipt}”。"
TOO_LATE = "《{title}》现在是“{state}”，不能再撤回。有问题请联系本单位协调员。"
_SAID = re.compile(
    r"(?P<sure>确定|确认)?(?:我要|我想|请|帮我|把|将)*(?:撤回|撤销|撤下|删除|删掉)(?:掉|了)?(?:案例|提交|材料|这个案例)?"
)
_NO = re.compile(r"(?:不|先不|取消)撤回了?")
_MOST = 8


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """撤回, 确定撤回, 不撤回, with or without a receipt number."""
    said = without_receipt(spoken(message))
    return _SAID.fullmatch(said) is not None or _NO.fullmatch(said) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Ask, or do what was confirmed. Confirming without a number is enough when only one case can be meant."""
    found = _SAID.fullmatch(without_receipt(spoken(message)))
    if found is None:
        return [Reply(KEPT, (MINE,))]
    case = _meant(message, ctx)
    if isinstance(case, Reply):
        return [case]
    return [take_back(ctx, case, sure=found["sure"] is not None)]


def take_back(ctx: Context, case: Case, *, sure: bool) -> Reply:
    """Withdraw this case, if the person may; ask first unless they are `sure`."""
    decision = may_as_owner(ctx.actor, Act.WITHDRAW_CASE, case)
    if not decision.allowed:
        return Reply(decision.reason, (MINE,))
    if not _can_be(case):
        return _refuse(ctx, case)
    return _withdraw(ctx, case) if sure else _ask(ctx, case)


def _meant(message: Incoming, ctx: Context) -> Case | Reply:
    """The case that is meant, or what has to be said first."""
    if receipt_in(message.text) is not None:
        return own_case(message.text, ctx) or Reply(UNKNOWN_RECEIPT, (MINE,))
    mine = [each for each in cases.of_owner(ctx.session, ctx.actor.person_id) if _can_be(each)]
    if len(mine) > 1:
        return Reply(ASK_WHICH, _which(mine))
    return mine[0] if mine else Reply(NOTHING, (MINE,))


def _ask(ctx: Context, case: Case) -> Reply:
    text = ASK.format(
        title=show_title(case.title),
        category=case.category or NO_CATEGORY,
        receipt=case.receipt,
        state=state_name(ctx.notice, case),
    )
    return Reply(text, (Choice("确定撤回", f"确定撤回 {case.receipt}"), Choice("不撤回", "不撤回")))


def _withdraw(ctx: Context, case: Case) -> Reply:
    if not cases.move(ctx.session, case, Move.WITHDRAW, actor_id=ctx.actor.person_id, now=ctx.now):
        return _refuse(ctx, case)
    text = DONE.format(title=show_title(case.title), receipt=case.receipt)
    return Reply(text, (Choice("恢复", f"恢复 {case.receipt}"), MINE))


def _refuse(ctx: Context, case: Case) -> Reply:
    title = show_title(case.title)
    if case.state == CaseState.WITHDRAWN:
        return Reply(ALREADY.format(title=title, receipt=case.receipt), (Choice("恢复", f"恢复 {case.receipt}"), MINE))
    return Reply(TOO_LATE.format(title=title, state=state_name(ctx.notice, case)), (MINE,))


def _which(mine: Sequence[Case]) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"《{show_title(each.title)}》{each.category or NO_CATEGORY}", f"撤回 {each.receipt}")
        for each in mine[:_MOST]
    )


def _can_be(case: Case) -> bool:
    return allows(Move.WITHDRAW, CaseState(case.state))


HANDLER = Handler(
    name="withdraw_case",
    usage="发“撤回”，撤回还没有上报的案例；发“恢复”，把它放回来",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
