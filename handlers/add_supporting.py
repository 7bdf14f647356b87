"""补交支撑材料: what a person sends from now on goes with one of their cases, until they have sent it all."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.notice import Notice
from handlers.casework.case_text import NO_CATEGORY
from handlers.casework.choosing import UNKNOWN_RECEIPT, own_case
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE
from handlers.casework.support import FINISHED, candidates, takes_support
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import awaited_files, supporting
from store.schema.campaign import Case

NO_CASE = "您还没有可以补交支撑材料的案例。请先把案例文件发给我。"
NOT_THIS_ONE = "《{title}》{category}现在不能补交支撑材料：这一类不要求，或者已经有了结论。"
SEND = (
    "请把《{title}》{category}的支撑材料发给我（{kinds}等，可以多次发）。\n"
    "半小时内您发来的文件都算它的支撑材料；发完请回复“发完了”。"
)
ENDED = "好，《{title}》现在有 {count} 份支撑材料。接下来发的 Word 文件按案例处理。"
_MOST_OTHERS = 4
_SAID = re.compile(r"(?:我要|我想|请)?(?:补交|补充|追加|上传|提交)支撑材料")
_ENDED = re.compile(r"(?:支撑)?(?:材料)?(?:都|全)?(?:发|交|传)完了?")


def matches(message: Incoming, ctx: Context) -> bool:
    """补交支撑材料, with or without a receipt number; 发完了 while some are awaited."""
    said = without_receipt(spoken(message))
    if _SAID.fullmatch(said) is not None:
        return True
    return _ENDED.fullmatch(said) is not None and _awaited(ctx) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Begin to await files for the meant case, or end it."""
    if _SAID.fullmatch(without_receipt(spoken(message))) is None:
        return [_end(ctx)]
    case = own_case(message.text, ctx, lambda each: takes_support(ctx.notice, ctx.actor, each))
    if case is None:
        return [Reply(NO_CASE if receipt_in(message.text) is None else UNKNOWN_RECEIPT, (MINE,))]
    return [await_files(ctx, case)]


def await_files(ctx: Context, case: Case) -> Reply:
    """From now on what this person sends goes with this case, if it takes supporting files of theirs."""
    category = case.category or f"（{NO_CATEGORY}）"
    if not takes_support(ctx.notice, ctx.actor, case):
        return Reply(NOT_THIS_ONE.format(title=show_title(case.title), category=category), (MINE,))
    awaited_files.expect_support(ctx.session, ctx.actor.person_id, case, ctx.now)
    text = SEND.format(title=show_title(case.title), category=category, kinds=_kinds(ctx.notice))
    others = [each for each in candidates(ctx.session, ctx.notice, ctx.actor) if each.id != case.id]
    return Reply(text, (FINISHED, *(_instead(each) for each in others[:_MOST_OTHERS])))


def _end(ctx: Context) -> Reply:
    case = _awaited(ctx)
    if case is None:
        return Reply(NO_CASE, (MINE,))
    awaited_files.expect_no_more(ctx.session, ctx.actor.person_id)
    count = len(supporting.of(ctx.session, case.id))
    return Reply(ENDED.format(title=show_title(case.title), count=count), (MINE,))


def _awaited(ctx: Context) -> Case | None:
    return awaited_files.supported(ctx.session, ctx.actor.person_id, ctx.now)


def _instead(case: Case) -> Choice:
    return Choice(f"改为《{show_title(case.title)}》", f"补交支撑材料 {case.receipt}")


def _kinds(notice: Notice) -> str:
    return "、".join(notice.supporting.kinds) if notice.supporting is not None else "文件"


HANDLER = Handler(
    name="add_supporting",
    usage="发“补交支撑材料”，再把图片、视频、文件发给我",
    roles=EVERYBODY,
    mode=Mode.WORKER,  # what was sent before is handled before
    matches=matches,
    run=run,
)
