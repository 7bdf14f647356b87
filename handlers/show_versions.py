"""版本: which files of a case came when, how large, with which hash; none of them is ever lost."""

from __future__ import annotations

import re

from domain.chat import Incoming, Reply
from domain.notice import Notice
from domain.wording import show_instant, show_size
from handlers.casework.case_text import LATE_SHORT, ON_TIME
from handlers.casework.choosing import UNKNOWN_RECEIPT, own_case, visible_case
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases
from store.schema.campaign import Material, MaterialKind

NO_CASE = "您还没有案例，所以没有版本记录。请把案例文件发给我。"
HEAD = "《{title}》回执 {receipt}，共 {count} 版，现在用的是第 {latest} 版："
VERSION = "第 {number} 版"
LINE = "{what}　{arrived}，{size}，校验码 {hash}，{punctual}"
WAITING = "等您确认替换"
SET_ASIDE = "没有采用"
SUPPORTING = "支撑材料 {number}《{name}》"
MORE = "更早的还有 {count} 个，都存着。"
_MOST = 12
_SHORT_HASH = 8
_SAID = re.compile(r"(?:查?看|显示|我的)?(?:全部|所有|历史)?的?版本(?:记录|历史|列表)?|历史记录")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """版本, with or without a receipt number."""
    return _SAID.fullmatch(without_receipt(spoken(message))) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The files of the meant case, newest first, if the person may see it."""
    receipt = receipt_in(message.text)
    case = own_case(message.text, ctx) if receipt is None else visible_case(receipt, ctx)
    if case is None:
        return [Reply(NO_CASE if receipt is None else UNKNOWN_RECEIPT, (MINE,))]
    main = cases.of_kind(ctx.session, case.id, MaterialKind.MAIN)
    head = HEAD.format(title=show_title(case.title), receipt=case.receipt, count=len(main), latest=main[-1].version)
    named = [(VERSION.format(number=each.version), each) for each in reversed(main)]
    for kind, name in ((MaterialKind.WAITING, WAITING), (MaterialKind.SET_ASIDE, SET_ASIDE)):
        named += [(name, each) for each in reversed(cases.of_kind(ctx.session, case.id, kind))]
    supporting = cases.of_kind(ctx.session, case.id, MaterialKind.SUPPORTING)
    named += [(SUPPORTING.format(number=each.version, name=show_title(each.name)), each) for each in supporting]
    lines = [head, *(_line(ctx.notice, what, material) for what, material in named[:_MOST])]
    if len(named) > _MOST:
        lines.append(MORE.format(count=len(named) - _MOST))
    return [Reply("\n".join(lines))]


def _line(notice: Notice, what: str, material: Material) -> str:
    return LINE.format(
        what=what,
        arrived=show_instant(material.arrived_at, notice.timezone),
        size=show_size(material.size),
        hash=material.sha256[:_SHORT_HASH],
        punctual=ON_TIME if material.on_time else LATE_SHORT,
    )


HANDLER = Handler(
    name="show_versions",
    usage="发“版本”，看案例的每一版是什么时候收到的",
    roles=EVERYBODY,
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
