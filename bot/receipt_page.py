"""/r/<number>: whoever holds a receipt number sees when which bytes came, and nothing about people or contents.

Three kinds of numbers are given: for a case, for a unit's report (上报) and for each stamped table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

import segno
from flask import Blueprint, Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from bot.open_page import limited, open_page
from bot.services import Services
from domain.receipt import REPORT, STAMPED_TABLE, normalise_receipt, receipt_address
from domain.wording import show_instant_year, show_size
from store import cases, reports, stamped
from store.schema.campaign import MaterialKind

MOST_A_MINUTE = 30
CASE, UNIT_REPORT, SCAN = "案例材料", "单位上报", "盖章扫描版"
EDITION = "第 {number} 版"
FIRST_COUNTS = "是否按时以第一版收到的时间为准。"
TAKEN_BACK = "这次上报后来被收回，不再有效；要看现在有效的一次，请用新的回执号。"
NO_PACKAGE = "材料包还没有打好，打好后这里会显示它的大小和校验值。"
_QR_SCALE = 4


@dataclass(frozen=True, slots=True)
class _Bytes:
    """One thing that came. Of a report that is its package; until it is made size and hash are empty."""

    version: str
    arrived: str
    on_time: bool
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Receipt:
    """What the page shows of one number, `note` behind what every page says."""

    kind: str
    on_time: bool
    came: tuple[_Bytes, ...]
    note: str = ""
    warning: str = ""


def receipt_page(services: Services) -> Blueprint:
    """The address /r/<number>. A client address gets 30 answers a minute from each web process, then 429."""
    blueprint = Blueprint("receipts", __name__, template_folder="templates")

    @blueprint.get("/r/<number>")
    @limited(MOST_A_MINUTE, "receipt_busy.html")
    def show(number: str) -> Response:
        return _show(services, number)

    return blueprint


def _show(services: Services, number: str) -> Response:
    """The page of this number, however it is written; 404 for a number that was never given."""
    written = normalise_receipt(number)
    if written is None:
        return open_page("receipt_unknown.html", 404)
    find = _KINDS.get(written.partition("-")[0], _of_case)
    with services.database.read() as session:
        receipt = find(session, written, services.notice.timezone)
    if receipt is None:
        return open_page("receipt_unknown.html", 404)
    return open_page("receipt.html", 200, number=written, receipt=receipt, qr=_qr(services, written))


def _of_case(session: Session, number: str, zone: tzinfo) -> _Receipt | None:
    case = cases.by_receipt(session, number)
    if case is None:
        return None
    files = cases.of_kind(session, case.id, MaterialKind.MAIN)
    came = [
        _Bytes(
            EDITION.format(number=each.version),
            show_instant_year(each.arrived_at, zone),
            each.on_time,
            _size(each.size),
            each.sha256,
        )
        for each in reversed(files)
    ]
    return _Receipt(CASE, case.on_time, tuple(came), note=FIRST_COUNTS)


def _of_report(session: Session, number: str, zone: tzinfo) -> _Receipt | None:
    report = reports.by_number(session, number)
    if report is None:
        return None
    size, sha256 = report.package_size, report.package_sha256
    came = _Bytes(
        EDITION.format(number=report.edition),
        show_instant_year(report.arrived_at, zone),
        report.on_time,
        "" if size is None else _size(size),
        sha256 or "",
    )
    warning = TAKEN_BACK if report.reopened_at is not None else ""
    return _Receipt(UNIT_REPORT, report.on_time, (came,), "" if sha256 else NO_PACKAGE, warning)


def _of_scan(session: Session, number: str, zone: tzinfo) -> _Receipt | None:
    scan = stamped.by_number(session, number)
    if scan is None:
        return None
    came = _Bytes("", show_instant_year(scan.arrived_at, zone), scan.on_time, _size(scan.size), scan.sha256)
    return _Receipt(SCAN, scan.on_time, (came,))


_KINDS: Mapping[str, Callable[[Session, str, tzinfo], _Receipt | None]] = {
    REPORT: _of_report,
    STAMPED_TABLE: _of_scan,
}


def _size(size: int) -> str:
    return f"{show_size(size)}（{size} 字节）"


def _qr(services: Services, number: str) -> Markup:
    """The page's address as a QR code; the bare number where the service has no public address."""
    content = receipt_address(services.settings.public_url, number) or number
    drawn = segno.make_qr(content, error="m").svg_inline(scale=_QR_SCALE, border=4, title=None, omitsize=False)
    return Markup(drawn)  # noqa: S704 - drawn here from a normalised number and our own setting
