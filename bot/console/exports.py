"""What can be taken away: the progress as a workbook, the summary table as Word, the materials of a report as a ZIP;
the same files as in chat, made from the same queries."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import partial

import structlog
from flask import Blueprint, Response

from bot.console.guard import Guard, Visitor
from bot.console.looking import looking, visible_units
from bot.console.showing import nothing_here, sentence
from bot.file_response import content_disposition, file_response
from bot.packing import open_blob
from bot.services import Services
from bot.wecom.file_name import safe_name
from documents.report_package import package_blocks
from domain.chat import OutgoingFile, Reply
from domain.notice import Unit
from domain.policy import Act, may
from domain.report_content import ReportContent
from handlers import export_progress, make_summary, send_package
from handlers.casework.packages import package_name
from handlers.contract import Context
from store import quotas, reports
from store.blobs import BlobsAwayError
from store.schema.reports import PackageState, UnitReport
from validators.json_codec import from_json

_log = structlog.get_logger(__name__)

NOT_REPORTED = "{unit}还没有上报，上报后才有材料包。"
BUSY = "正在下载材料包的人多，请过几分钟再点。"
AWAY = "存文件的地方暂时没有回应，请过几分钟再下载。文件都在，不会丢。"
_TITLE = "不能下载"
# Each holds a thread of the web process until the last byte has left.
_MOST_PACKAGES = 4
_OFFICE = "application/vnd.openxmlformats-officedocument"
_WORKBOOK = f"{_OFFICE}.spreadsheetml.sheet"
_WORD = f"{_OFFICE}.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Line:
    """One unit on the page."""

    unit: Unit
    recommended: int
    edition: int | None


class _Desk:
    """Takes the one file a handler makes, instead of the blob store: it goes to the browser and is gone."""

    def __init__(self) -> None:
        self.content = b""

    def keep(self, name: str, content: bytes) -> OutgoingFile:
        self.content = content
        return OutgoingFile(safe_name(name, "文件"), "", len(content))


def exports(services: Services, guard: Guard) -> Blueprint:
    """The addresses below /console/exports."""
    blueprint = Blueprint("exports", __name__, url_prefix="/console/exports")
    places = threading.BoundedSemaphore(_MOST_PACKAGES)

    @blueprint.get("")
    @guard.page(Act.SEE_UNIT_CASES)
    def page(visitor: Visitor) -> Response:
        with looking(services, visitor) as ctx:
            return visitor.show("console/exports.html", lines=_lines(ctx))

    @blueprint.get("/progress.xlsx")
    @guard.page(Act.SEE_UNIT_CASES)
    def progress(visitor: Visitor) -> Response:
        desk = _Desk()
        with looking(services, visitor) as ctx:
            reply = export_progress.progress(replace(ctx, keep=desk.keep))
        return _sent(desk, reply, _WORKBOOK)

    @blueprint.get("/<unit_id>/summary.docx")
    @guard.page(Act.MAKE_SUMMARY)
    def table(visitor: Visitor, unit_id: str) -> Response:
        desk = _Desk()
        with looking(services, visitor) as ctx:
            unit = _visible(ctx, unit_id)
            if unit is None:
                return nothing_here()
            reply = make_summary.table_for(replace(ctx, keep=desk.keep), unit)
        return _sent(desk, reply, _WORD)

    @blueprint.get("/<unit_id>/materials.zip")
    @guard.page(Act.SEE_UNIT_CASES)
    def materials(visitor: Visitor, unit_id: str) -> Response:
        with looking(services, visitor) as ctx:
            unit = _visible(ctx, unit_id)
            if unit is None:
                return nothing_here()
            report = reports.in_force(ctx.session, unit.id)
            whole = may(ctx.actor, Act.SEE_PHONE, target_unit=unit.id).allowed
        if report is None:
            return sentence(NOT_REPORTED.format(unit=unit.name), 409, title=_TITLE)
        return _stored(services, unit, report) if whole else _masked(services, places, unit, report)

    return blueprint


def _lines(ctx: Context) -> list[Line]:
    units = {unit.id for unit in visible_units(ctx)}
    everywhere = may(ctx.actor, Act.SEE_ALL).allowed
    standings = quotas.standings(ctx.session, ctx.notice, None if everywhere else ctx.actor.unit_id or "")
    found = []
    for standing in standings:
        if standing.unit.id in units:
            report = reports.in_force(ctx.session, standing.unit.id) if standing.report else None
            count = sum(each.recommended for each in standing.categories)
            found.append(Line(standing.unit, count, None if report is None else report.edition))
    return found


def _visible(ctx: Context, unit_id: str) -> Unit | None:
    return next((unit for unit in visible_units(ctx) if unit.id == unit_id), None)


def _sent(desk: _Desk, reply: Reply, kind: str) -> Response:
    if not reply.files:
        return sentence(reply.text, 409, title=_TITLE)
    return _download(Response(desk.content, mimetype=kind), reply.files[0].name)


def _download(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


def _stored(services: Services, unit: Unit, report: UnitReport) -> Response:
    """The very package that was made for the unit itself; a browser may go on where it broke off."""
    if report.package_sha256 is None:
        failed = report.package_state == PackageState.FAILED
        text = send_package.FAILED if failed else send_package.IN_WORK
        return sentence(text.format(unit=unit.name), 409, title=_TITLE)
    try:
        return file_response(services, report.package_sha256, package_name(unit.name, report.edition))
    except (FileNotFoundError, BlobsAwayError):
        _log.exception("a package cannot be read", report=report.id)
        return sentence(AWAY, 503, title=_TITLE)


def _masked(services: Services, places: threading.BoundedSemaphore, unit: Unit, report: UnitReport) -> Response:
    """The same materials for who does not belong to the unit: nobody's whole number is in table and index. Made while
    it is sent; what breaks off on the way is no whole ZIP, and every program says so."""
    content = from_json(ReportContent, report.content)
    content = replace(content, sheet=content.sheet.masked())
    at = report.arrived_at.astimezone(services.notice.timezone)
    blocks = package_blocks(services.notice, content, partial(open_blob, services), at)
    if not places.acquire(blocking=False):
        return sentence(BUSY, 503, title=_TITLE)
    response = Response(blocks, mimetype="application/zip")
    response.call_on_close(places.release)
    return _download(response, package_name(unit.name, report.edition))
