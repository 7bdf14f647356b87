"""/upload/<ticket>: the page on which a file is chosen, and what has become of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from bot.console.showing import harden, sentence, show
from bot.rate_limit import RateLimit, client_of
from bot.services import Services
from bot.uploads.desk import UploadDesk
from bot.uploads.endpoints import UNKNOWN
from bot.uploads.tickets import Ticket
from domain.wording import show_instant, show_size
from store import uploads
from store.schema.mail import Inbox, InboxState
from store.schema.uploads import Upload, UploadState

MOST_A_MINUTE = 120
_MINUTE_S = 60.0
# How long the page still tells what became of a file.
_SHOWN_FOR = timedelta(days=7)
_FAST = "操作太频繁了，请过一分钟再试。"


def upload_page(services: Services, desk: UploadDesk) -> Blueprint:
    """The page and its state. A client address gets 120 answers a minute from each web process."""
    blueprint = Blueprint("upload_page", __name__, template_folder="../templates", url_prefix="/upload/<token>")
    limit = RateLimit(MOST_A_MINUTE, _MINUTE_S)

    def ticket_of(token: str) -> Ticket | Response:
        client = client_of(request.remote_addr, request.headers.get("X-Forwarded-For", ""))
        if not limit.allows(client, time.monotonic()):
            return sentence(_FAST, 429, title="上传文件")
        ticket = desk.tickets.read(token)
        if ticket is None or services.clock.real() >= ticket.until + _SHOWN_FOR:
            return sentence(UNKNOWN, 404, title="上传文件")
        return ticket

    @blueprint.get("")
    def page(token: str) -> Response:
        ticket = ticket_of(token)
        if isinstance(ticket, Response):
            return ticket
        until = show_instant(services.clock.campaign(ticket.until), services.notice.timezone)
        return show("upload.html", most=show_size(desk.most_bytes), most_bytes=desk.most_bytes, until=until)

    @blueprint.get("/state")
    def state(token: str) -> Response:
        ticket = ticket_of(token)
        if isinstance(ticket, Response):
            return ticket
        with services.database.read() as session:
            return harden(jsonify(_state(services, session, ticket)))

    return blueprint


@dataclass(frozen=True, slots=True)
class _Shown:
    """`phase`: new | open | checking | done | over."""

    phase: str
    upload: Upload | None = None
    text: str = ""


def _state(services: Services, session: Session, ticket: Ticket) -> dict[str, object]:
    shown = _look(services, session, ticket)
    values: dict[str, object] = {"phase": shown.phase, "text": shown.text}
    row = shown.upload
    if row is not None:
        values |= {"id": row.id, "name": row.name, "size": row.size, "received": row.received, "print": row.print}
    return values


def _look(services: Services, session: Session, ticket: Ticket) -> _Shown:
    now = services.clock.real()
    begun = uploads.of_ticket(session, ticket.nonce)
    came = next((row for row in begun if row.spent), None)
    if came is not None and came.inbox_id is not None:
        message = session.get_one(Inbox, came.inbox_id)
        if message.state not in {InboxState.DONE, InboxState.DEAD}:
            return _Shown("checking", came)
        return _Shown("done", came, "\n\n".join(uploads.answer_to(session, came.inbox_id)))
    waiting = next((row for row in begun if row.state == UploadState.OPEN and now < row.expires_at), None)
    if waiting is not None:
        return _Shown("open", waiting)
    return _Shown("new" if now < ticket.until else "over")
