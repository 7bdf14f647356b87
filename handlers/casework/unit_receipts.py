"""The receipts of a unit in words, asked for by number: that of its report (上报), those of its stamped tables."""

from __future__ import annotations

from datetime import datetime

from domain.chat import Choice, Reply
from domain.policy import Act, may
from domain.wording import show_instant, show_size
from handlers.casework.case_text import LATE_SHORT, ON_TIME, check_line
from handlers.contract import Context
from store import reports, stamped
from store.schema.reports import StampedTable, UnitReport

REPORTED = "{unit}的上报（第 {edition} 版）　{count} 个案例\n回执 {number}　{when}，{punctual}"
TAKEN_BACK = "这一版后来由管理员重开，不再有效。"
SCANNED = "{unit}的盖章扫描版（{size}）\n回执 {number}　{when}，{punctual}"
NEXT = (Choice("进度", "进度"),)


def unit_receipt(ctx: Context, number: str) -> Reply | None:
    """What this number was given for, if it belongs to a unit whose affairs the person may see; None also otherwise."""
    report = reports.by_number(ctx.session, number)
    if report is not None:
        return _report(ctx, report) if _may_see(ctx, report.unit_id) else None
    scan = stamped.by_number(ctx.session, number)
    return _scan(ctx, scan) if scan is not None and _may_see(ctx, scan.unit_id) else None


def _report(ctx: Context, report: UnitReport) -> Reply:
    text = REPORTED.format(
        unit=ctx.notice.unit(report.unit_id).name,
        edition=report.edition,
        count=len(report.content["sheet"]["rows"]),
        number=report.number,
        when=_when(ctx, report.arrived_at),
        punctual=ON_TIME if report.on_time else LATE_SHORT,
    )
    taken_back = TAKEN_BACK if report.reopened_at is not None else ""
    lines = (text, taken_back, check_line(ctx.public_url, report.number))
    return Reply("\n".join(line for line in lines if line), NEXT)


def _scan(ctx: Context, scan: StampedTable) -> Reply:
    text = SCANNED.format(
        unit=ctx.notice.unit(scan.unit_id).name,
        size=show_size(scan.size),
        number=scan.number,
        when=_when(ctx, scan.arrived_at),
        punctual=ON_TIME if scan.on_time else LATE_SHORT,
    )
    lines = (text, check_line(ctx.public_url, scan.number))
    return Reply("\n".join(line for line in lines if line), NEXT)


def _when(ctx: Context, instant: datetime) -> str:
    return show_instant(instant, ctx.notice.timezone)


def _may_see(ctx: Context, unit_id: str) -> bool:
    return may(ctx.actor, Act.SEE_UNIT_CASES, target_unit=unit_id).allowed
