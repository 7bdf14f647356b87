"""/r/<number>: whoever holds a receipt number sees when which bytes came, and nothing about people or contents."""

from __future__ import annotations

import segno
from flask import Blueprint, Response
from markupsafe import Markup

from bot.open_page import limited, open_page
from bot.services import Services
from domain.receipt import normalise_receipt, receipt_address
from domain.wording import show_day_year, show_instant, show_size
from store import cases
from store.schema.campaign import Material, MaterialKind

MOST_A_MINUTE = 30
_QR_SCALE = 4


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
    receipt = normalise_receipt(number)
    if receipt is None:
        return open_page("receipt_unknown.html", 404)
    with services.database.read() as session:
        case = cases.by_receipt(session, receipt)
        if case is None:
            return open_page("receipt_unknown.html", 404)
        on_time = case.on_time
        files = cases.of_kind(session, case.id, MaterialKind.MAIN)
        versions = [_version(services, each) for each in reversed(files)]
    return open_page(
        "receipt.html", 200, receipt=receipt, on_time=on_time, versions=versions, qr=_qr(services, receipt)
    )


def _version(services: Services, material: Material) -> dict[str, object]:
    """What may be known of one file."""
    zone = services.notice.timezone
    year = show_day_year(material.arrived_at, zone).split("年", 1)[0]
    return {
        "number": material.version,
        "arrived": f"{year}年{show_instant(material.arrived_at, zone)}",
        "size": f"{show_size(material.size)}（{material.size} 字节）",
        "sha256": material.sha256,
        "on_time": material.on_time,
    }


def _qr(services: Services, receipt: str) -> Markup:
    """The page's address as a QR code; the bare number where the service has no public address."""
    content = receipt_address(services.settings.public_url, receipt) or receipt
    drawn = segno.make_qr(content, error="m").svg_inline(scale=_QR_SCALE, border=4, title=None, omitsize=False)
    return Markup(drawn)  # noqa: S704 - drawn here from a normalised number and our own setting
