"""批注版、自动排版版: the copies of a case's newest file, for who wants them (again)."""

from __future__ import annotations

import re

from domain.chat import Incoming, Reply
from handlers.casework.choosing import UNKNOWN_RECEIPT, own_case, visible_case
from handlers.casework.copies import attached, readings_of
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE
from handlers.casework.verdicts import report_of, stored_reports
from handlers.contract import EVERYBODY, Context, CopyKind, CopyWish, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases

HERE = "《{title}》的{names}："
NO_CASE = "您还没有案例，所以没有批注版和自动排版版。请把案例文件发给我。"
CHANGES = "改动：{changes}。"
NAMES = {CopyKind.ANNOTATED: "批注版", CopyKind.REFORMATTED: "自动排版版"}
_POLITE = r"(?:请|麻烦|把|给我|发我|要|我要|想要|看看?|下载|再?发一?下?|一下|重新|的|吧|给|发|我)*"
_SAID = re.compile(
    rf"{_POLITE}(?P<annotated>批注(?:版|的?文件)?)?(?:和|、|,|与)?(?P<reformatted>自动排版(?:版|的?文件)?|排版版)?{_POLITE}"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """批注版, 把自动排版版发我, with or without a receipt number."""
    return bool(_kinds(message))


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The copies that were asked for, of the case's newest file, if the person may see it."""
    receipt = receipt_in(message.text)
    case = own_case(message.text, ctx) if receipt is None else visible_case(receipt, ctx)
    if case is None:
        return [Reply(NO_CASE if receipt is None else UNKNOWN_RECEIPT, (MINE,))]
    kinds, material = _kinds(message), cases.latest_material(ctx.session, case.id)
    report = report_of(ctx, case, material)
    readings = readings_of(stored_reports(ctx, material) if report is None else [report])
    wishes = [CopyWish(kind, material.sha256, material.name, readings) for kind in kinds]
    made = [ctx.copy(wish) for wish in wishes]
    head = HERE.format(title=show_title(case.title), names="、".join(NAMES[kind] for kind in kinds))
    changes = [CHANGES.format(changes="；".join(copy.changes)) for copy in made if copy and copy.changes]
    return [attached(Reply("\n".join((head, *changes)), (MINE,)), made, kinds)]


def _kinds(message: Incoming) -> tuple[CopyKind, ...]:
    found = _SAID.fullmatch(without_receipt(spoken(message)))
    if found is None:
        return ()
    groups = {CopyKind.ANNOTATED: "annotated", CopyKind.REFORMATTED: "reformatted"}
    return tuple(kind for kind, name in groups.items() if found[name])


HANDLER = Handler(
    name="send_copies",
    usage="发“批注版”或“自动排版版”，把检查过的 Word 副本发给您",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
