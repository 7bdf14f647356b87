"""/f/<token>: whoever holds the link may fetch the file for some days. The token is the whole right, so it is logged
nowhere, sent on to nobody, and says nothing when it is wrong."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response

from bot.file_response import file_response
from bot.open_page import limited, open_page
from bot.services import Services
from store import handouts
from store.blobs import BlobsAwayError

_log = structlog.get_logger(__name__)

MOST_A_MINUTE = 60


def download_page(services: Services) -> Blueprint:
    """The address /f/<token>. A client address gets 60 answers a minute from each web process, then 429."""
    blueprint = Blueprint("downloads", __name__, template_folder="templates")

    @blueprint.get("/f/<token>")
    @limited(MOST_A_MINUTE, "download_busy.html")
    def fetch(token: str) -> Response:
        return _fetch(services, token)

    return blueprint


def _fetch(services: Services, token: str) -> Response:
    handout_id = None if services.links is None else services.links.read(token)
    handout = None
    if handout_id is not None:
        with services.database.read() as session:
            handout = handouts.behind_link(session, handout_id, services.clock.real())
    if handout is None:
        return open_page("download_unknown.html", 404)
    try:
        return file_response(services, handout.sha256, handout.name)
    except (FileNotFoundError, BlobsAwayError):
        _log.exception("a file behind a link cannot be read", handout=handout.id)
        return open_page("download_away.html", 503)
