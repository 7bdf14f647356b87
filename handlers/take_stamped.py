"""盖章扫描版: a coordinator sends the stamped summary table as pictures or PDF; it is kept, with a receipt."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.receipt import RANDOM_BYTES, STAMPED_TABLE, new_receipt
from domain.roles import Role
from domain.wording import show_instant, show_size
from handlers.casework.case_text import LATE_SHORT, ON_TIME, check_line, route_sentence
from handlers.casework.report_text import show_title
from handlers.contract import Attachment, Context, Handler, Mode
from handlers.said import one_line, spoken
from store import awaited_files, reports, stamped
from store.schema.intake import Purpose
from store.stamped import Scan
from validators.facts import FileKind

SEND = (
    "请把签字盖章后的汇总表拍照或扫描，直接发给我（图片或 PDF，可以发几张）。半小时内发来的图片和 PDF 都算盖章扫描版。"
)
TAKEN = "📎 盖章扫描版已收下：《{name}》（{kind}，{size}），{unit}第 {number} 份。\n回执 {receipt}　{when}，{punctual}"
AGAIN = "《{name}》已经发过，回执 {receipt}，不用重发。"
ONLY_LOOKED = "我只确认了它是{kind}文件。公章、签字和表里的内容我看不了，请人工确认。"
NOT_REPORTED = "{unit}还没有上报。名单定下来再盖章，免得重盖。"
ENDED = "好的。盖章扫描版 {count} 份都已收下。"
NOTHING = "好的。还没有收到盖章扫描版，要发时请再说一声“发盖章扫描版”。"
UNNAMED = "未命名文件"
_KINDS = {FileKind.IMAGE: "图片", FileKind.PDF: "PDF"}
_END = "盖章扫描版发完了"
_ASK = re.compile(
    r"(?:我要|要|现在)?(?:发|交|传|上传|提交|补发)?(?:汇总表的?)?盖章(?:的)?(?:汇总表|扫描版|扫描件|照片|版)(?:扫描件)?"
)
_NAMED = re.compile(r"盖章|汇总表")


def matches(message: Incoming, ctx: Context) -> bool:
    """发盖章扫描版; a picture or PDF that was announced, or that is called so."""
    said = spoken(message)
    return said == _END or _ASK.fullmatch(said) is not None or bool(_scans(ctx))


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Wait for the scan, keep what has come, or end the waiting."""
    decision = may(ctx.actor, Act.REPORT_UNIT)
    if not decision.allowed or ctx.actor.unit_id is None:
        return [Reply(decision.reason)]
    scans = _scans(ctx)
    if scans:
        return [_take(ctx, file, ctx.actor.unit_id) for file in scans]
    if spoken(message) == _END:
        awaited_files.expect_no_more(ctx.session, ctx.actor.person_id, Purpose.STAMPED)
        count = len(stamped.of(ctx.session, ctx.actor.unit_id))
        return [Reply(ENDED.format(count=count) if count else NOTHING, (Choice("进度", "进度"),))]
    return [await_scan(ctx)]


def await_scan(ctx: Context) -> Reply:
    """From now on what this person sends is the stamped table of their unit, if they may send it."""
    decision = may(ctx.actor, Act.REPORT_UNIT)
    if not decision.allowed or ctx.actor.unit_id is None:
        return Reply(decision.reason)
    awaited_files.expect(ctx.session, ctx.actor.person_id, Purpose.STAMPED, ctx.now)
    lines = [SEND]
    if reports.in_force(ctx.session, ctx.actor.unit_id) is None:
        lines.insert(0, NOT_REPORTED.format(unit=ctx.notice.unit(ctx.actor.unit_id).name))
    return Reply("\n".join(lines), (Choice("生成汇总表", "汇总表"),))


def _scans(ctx: Context) -> tuple[Attachment, ...]:
    """The files of the message, when all of them can be the stamped table."""
    files = ctx.attachments
    if not files or ctx.actor.role is not Role.COORDINATOR or any(file.facts.kind not in _KINDS for file in files):
        return ()
    awaited = awaited_files.expected(ctx.session, ctx.actor.person_id, ctx.now, Purpose.STAMPED)
    return files if awaited or all(_NAMED.search(file.name) for file in files) else ()


def _take(ctx: Context, file: Attachment, unit_id: str) -> Reply:
    name, kind = one_line(file.name) or UNNAMED, _KINDS[file.facts.kind]
    scan = Scan(
        unit_id=unit_id,
        number=new_receipt(STAMPED_TABLE, ctx.randomness(RANDOM_BYTES)),
        name=name,
        size=file.size,
        sha256=file.sha256,
        arrived_at=ctx.arrived_at,
        on_time=ctx.is_on_time(ctx.arrived_at),
        inbox_id=ctx.inbox_id,
        position=file.position,
    )
    row, is_new = stamped.keep(ctx.session, scan, actor_id=ctx.actor.person_id, now=ctx.now)
    choices = (Choice("发完了", _END), Choice("进度", "进度"))
    if not is_new:
        return Reply(AGAIN.format(name=show_title(name), receipt=row.number), choices)
    text = TAKEN.format(
        name=show_title(name),
        kind=kind,
        size=show_size(file.size),
        unit=ctx.notice.unit(unit_id).name,
        number=len(stamped.of(ctx.session, unit_id)),
        receipt=row.number,
        when=show_instant(row.arrived_at, ctx.notice.timezone),
        punctual=ON_TIME if row.on_time else LATE_SHORT,
    )
    lines = (text, check_line(ctx.public_url, row.number), ONLY_LOOKED.format(kind=kind), route_sentence(ctx.notice))
    return Reply("\n".join(line for line in lines if line), choices)


HANDLER = Handler(
    name="take_stamped",
    usage="发“盖章扫描版”，再把盖好章的汇总表照片或 PDF 发给我存档",
    roles=frozenset({Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
