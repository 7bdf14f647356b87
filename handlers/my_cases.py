"""我的案例: where the person's cases stand, or one case by its receipt number."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from handlers.casework.case_text import NO_CATEGORY, case_line, check_line, checked_lines, receipt_line, state_name
from handlers.casework.choosing import UNKNOWN_RECEIPT, looks_after, visible_case
from handlers.casework.contact import contact_line
from handlers.casework.report_text import show_title
from handlers.casework.settling import all_checks, case_choices, withdraw
from handlers.casework.unit_receipts import unit_receipt
from handlers.casework.verdicts import report_of
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import plain, receipt_in, spoken, without_receipt
from store import cases, supporting
from store.moves import Move, allows
from store.schema.campaign import Case, CaseState

NONE_YET = "您还没有交过案例。请把案例文件直接发给我，我马上检查并给您回执。"
HEAD = "您有 {count} 个案例："
MORE = "还有 {count} 个，请发“回执”加号码查看。"
FOR_THE_FIRST = "下面可以选的是《{title}》的："
DETAIL = "《{title}》{category}　{state}"
SUPPORTED = "支撑材料 {count} 份"
_MOST = 8
_SAID = re.compile(
    r"(?:请问|查看?|看看?|查一下)?(?:(?:我的|我(?:交|报|发|提交|上传)的|我)(?:那个|这个)?(?:案例|材料|回执|进度|提交|作品|文件)|"
    r"案例进度|提交进度|进度|回执)(?:查询|呢|现在)?(?:怎么样了?|到哪(?:一步)?了?|什么状态|"
    r"(?:审核?|检查|批|看)?(?:通?过|完|好)?了?(?:没有?|吗)|(?:被|给)?(?:推荐|退回|上报|收到)了?(?:没有?|吗))?"
)
_ABOUT_ONE = re.compile(
    r"(?:您好|你好|老师|请|麻烦|帮我?|帮忙|我?想?(?:问|查询|查看?|看看?|了解|知道)(?:一下|下)?)*"
    r"(?:我的|我|这个|那个|该)?(?:案例|材料|作品|文件|提交)?(?:号码?|编号)?(?:是|为|的)?"
    r"(?:案例|材料|作品|进度|状态|情况|结果|详情|审核|检查)?(?:现在|目前)?"
    r"(?:怎么样了?|如何了?|到哪(?:里|一步)?了?|(?:是|在)?什么(?:状态|情况)|呢|"
    r"(?:通?过|完|好)?了?(?:没有?|吗)|(?:被|给)?(?:推荐|退回|上报|收到|提交)(?:成功)?(?:了(?:没有?|吗)?|没有?|吗))?"
)
_SIGNS = re.compile(r"[\s,.:;!?、。]+")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """我的案例, 进度, 回执 with its number, or a bare receipt number."""
    said = spoken(message)
    if receipt_in(said) is not None:
        return _ABOUT_ONE.fullmatch(_SIGNS.sub("", without_receipt(said))) is not None
    return _SAID.fullmatch(plain(said)) is not None or said.startswith("回执")


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The person's cases, the last touched first; or the one that was named, if they may see it."""
    receipt = receipt_in(message.text)
    if receipt is not None:
        case = visible_case(receipt, ctx)
        if case is not None:
            return [_one(ctx, case)]
        return [unit_receipt(ctx, receipt) or Reply(UNKNOWN_RECEIPT)]
    if _SAID.fullmatch(spoken(message)) is None:
        return [Reply(UNKNOWN_RECEIPT)]
    mine = cases.of_owner(ctx.session, ctx.actor.person_id)
    if not mine:
        return [Reply(NONE_YET)]
    lines = [HEAD.format(count=len(mine)), *(case_line(ctx.notice, case) for case in mine[:_MOST])]
    if len(mine) > _MOST:
        lines.append(MORE.format(count=len(mine) - _MOST))
    choices = case_choices(ctx, mine[0])
    if len(mine) > 1 and choices:
        lines.append(FOR_THE_FIRST.format(title=show_title(mine[0].title)))
    return [Reply("\n".join(lines), choices)]


def _one(ctx: Context, case: Case) -> Reply:
    material = cases.latest_material(ctx.session, case.id)
    head = DETAIL.format(
        title=show_title(case.title), category=case.category or NO_CATEGORY, state=state_name(ctx.notice, case)
    )
    count = len(supporting.of(ctx.session, case.id))
    supported = SUPPORTED.format(count=count) if count else ""
    contact = contact_line(ctx, case)
    mine, decisions = case.owner_id == ctx.actor.person_id, _decisions(ctx, case)
    report = report_of(ctx, case, material) if decisions or not mine else None
    checked = () if report is None else checked_lines(case, report)
    receipt = receipt_line(ctx.notice, case, material)
    lines = (head, receipt, *checked, supported, contact, check_line(ctx.public_url, case.receipt))
    text = "\n".join(line for line in lines if line)
    return Reply(text, (*decisions, *_own_choices(ctx, case, mine=mine)))


def _own_choices(ctx: Context, case: Case, *, mine: bool) -> tuple[Choice, ...]:
    """What can be done beside deciding about it: by its owner, by who sent it for them, by who may see it."""
    if mine:
        return (*case_choices(ctx, case), Choice("版本", f"版本 {case.receipt}"))
    if case.category is None:
        return ()
    taken_back = (withdraw(case),) if allows(Move.WITHDRAW, CaseState(case.state)) else ()
    return (*case_choices(ctx, case), *taken_back) if looks_after(ctx.actor, case) else (all_checks(case),)


def _decisions(ctx: Context, case: Case) -> tuple[Choice, ...]:
    """What the unit's coordinator can decide about it now."""
    if not may(ctx.actor, Act.RECOMMEND, target_unit=case.unit_id).allowed:
        return ()
    if case.state == CaseState.RECOMMENDED:
        return (Choice("撤回推荐", f"撤回推荐 {case.receipt}"),)
    return (
        (Choice("推荐", f"推荐 {case.receipt}"), Choice("退回", f"退回 {case.receipt}"))
        if case.state == CaseState.SUBMITTED
        else ()
    )


HANDLER = Handler(
    name="my_cases",
    usage="发“我的案例”，看您的案例到了哪一步；发“回执”加号码，看其中一个",
    roles=EVERYBODY,
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
