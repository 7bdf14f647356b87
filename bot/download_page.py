"""/f/<token>: whoever holds the link may fetch the file for some days. The token is the whole right, so it is logged
nowhere, sent on to nobody, and says nothing when it is wrong."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import PurePath
from urllib.parse import quote

import structlog
from flask import Blueprint, Response, send_file

from bot.open_page import limited, open_page, with_open_headers
from bot.services import Services
from store import handouts
from store.blobs import BlobsAwayError
from store.schema.mail import Handout

_log = structlog.get_logger(__name__)

MOST_A_MINUTE = 60
_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".zip": "application/zip",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
}
_UNKNOWN_TYPE = "application/octet-stream"
# RFC 5987 attr-char, beside letters and digits.
_PLAIN_SIGNS = "!#$&+-.^_`|~"


def download_page(services: Services) -> Blueprint:
    """The address /f/<token>. A client address gets 60 answers a minute from each web process, then 429."""
    blueprint = Blueprint("downloads", __name__, template_folder="templates")

    @blueprint.get("/f/<token>")
    @limited(MOST_A_MINUTE, "download_busy.html")
    def fetch(token: str) -> Response:
        return _fetch(services, token)

    return blueprint


def content_disposition(name: str) -> str:
    """The header for a download under this name: in UTF-8 (RFC 5987), and in ASCII for who does not read that."""
    ending = PurePath(name).suffix
    plain = name if name.isascii() else f"file{ending if ending.isascii() else ''}"
    plain = "".join(sign for sign in plain if sign.isprintable() and sign not in '"\\%')
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_PLAIN_SIGNS)}"


def _fetch(services: Services, token: str) -> Response:
    handout_id = None if services.links is None else services.links.read(token)
    handout = None
    if handout_id is not None:
        with services.database.read() as session:
            handout = handouts.behind_link(session, handout_id, services.clock.real())
    if handout is None:
        return open_page("download_unknown.html", 404)
    try:
        return _file(services, handout)
    except (FileNotFoundError, BlobsAwayError):
        _log.exception("a file behind a link cannot be read", handout=handout.id)
        return open_page("download_away.html", 503)


def _file(services: Services, handout: Handout) -> Response:
    with ExitStack() as opened:
        path = opened.enter_context(services.blobs.open_local(handout.sha256))
        kind = _TYPES.get(PurePath(handout.name).suffix.lower(), _UNKNOWN_TYPE)
        response = send_file(path.absolute(), mimetype=kind, conditional=True, etag=handout.sha256)
        response.call_on_close(opened.pop_all().close)
    response.headers["Content-Disposition"] = content_disposition(handout.name)
    return with_open_headers(response, sandboxed=True)
