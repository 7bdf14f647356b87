"""The addresses of the tus protocol, all below a ticket: /upload/<ticket>/files and /upload/<ticket>/files/<id>.

The ticket in the address is the whole right, so there is nothing a foreign page could make a browser send along.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError

from bot.rate_limit import RateLimit, client_of
from bot.services import Services
from bot.uploads import protocol
from bot.uploads.desk import UploadDesk
from bot.uploads.finishing import SpentError, finish
from bot.uploads.parts import LockedError
from bot.uploads.protocol import TusError
from bot.uploads.receiving import BUSY, GONE, SPENT, limit_silence, receive
from bot.uploads.tickets import Ticket
from bot.wecom.file_name import safe_name
from domain.wording import show_size
from store import uploads
from store.schema.uploads import Upload, UploadState

_log = structlog.get_logger(__name__)

UPLOAD_FOR = timedelta(hours=24)
MOST_BEGUN_A_MINUTE = 20
MOST_OPEN = 5
_MINUTE_S = 60.0
_ID_BYTES = 16
# The upload's own size is the limit of a PATCH.
_NO_LIMIT = 1 << 62
_PRINT_SIGNS = 64
_UNNAMED = "上传的文件"
UNKNOWN = "这个链接不对或者已经过期。请在聊天里发“上传链接”，我再给您一个。"
_OVER = "这个链接已过期，不能再开始新的上传。请在聊天里发“上传链接”，我再给您一个。"
_TOO_LARGE = "文件有 {size}，超过了上限 {most}。请压缩后再传，或联系管理员。"
_FULL = "服务器的空间暂时不够放下这个文件。请过一会儿再传；如果还是不行，请告诉管理员“磁盘空间不足”。"
_FAST = "操作太频繁了，请过一分钟再试。"
_CROWDED = "现在上传的人很多，会自动接着传。"
ALREADY = "这个文件已经收完了。"
_WRONG_TYPE = "内容类型不对，须为 application/offset+octet-stream。"


def tus(services: Services, desk: UploadDesk) -> Blueprint:
    """The protocol's addresses."""
    blueprint = Blueprint("tus", __name__, url_prefix="/upload/<token>/files")
    limit = RateLimit(MOST_BEGUN_A_MINUTE, _MINUTE_S)
    calls = _Calls(services, desk, limit)

    def route(path: str, method: str, call: Callable[..., Response]) -> None:
        def run(token: str, **parts: str) -> Response:
            return _answered(lambda: call(_ticket(desk, token), **parts))

        name = f"{call.__name__}_{method.lower()}{'_one' if path else ''}"
        blueprint.add_url_rule(path, name, run, methods=[method], provide_automatic_options=False)

    for path in ("", "/<upload_id>"):
        route(path, "OPTIONS", calls.options)
    route("", "POST", calls.create)
    for method in ("HEAD", "PATCH", "DELETE", "POST"):
        route("/<upload_id>", method, calls.one)
    return blueprint


def _answered(call: Callable[[], Response]) -> Response:
    """The call's answer, or what went wrong as a status and a sentence; with the headers all answers have."""
    try:
        response = call()
    except TusError as error:
        response = Response(f"{error.sentence}\n", error.status, mimetype="text/plain")
        response.headers.update(error.headers)
    except SQLAlchemyError:
        _log.exception("an upload could not be noted")
        response = Response("稍后会自动继续。\n", 503, {"Retry-After": "5"}, mimetype="text/plain")
    response.headers["Tus-Resumable"] = protocol.VERSION
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _ticket(desk: UploadDesk, token: str) -> Ticket:
    ticket = desk.tickets.read(token)
    if ticket is None:
        raise TusError(404, UNKNOWN)
    return ticket


class _Calls:
    def __init__(self, services: Services, desk: UploadDesk, limit: RateLimit) -> None:
        self._services = services
        self._desk = desk
        self._limit = limit

    def options(self, ticket: Ticket, upload_id: str = "") -> Response:  # noqa: ARG002 - the same for all
        return Response(status=204, headers=protocol.abilities(self._desk.most_bytes))

    def create(self, ticket: Ticket) -> Response:
        """Begin an upload: its size must fit, on the disk as well."""
        protocol.check_version(request.headers.get("Tus-Resumable"))
        client = client_of(request.remote_addr, request.headers.get("X-Forwarded-For", ""))
        if not self._limit.allows(client, time.monotonic()):
            raise TusError(429, _FAST, {"Retry-After": str(int(_MINUTE_S))})
        now = self._services.clock.real()
        if now >= ticket.until:
            raise TusError(410, _OVER)
        size = protocol.number(request.headers.get("Upload-Length"), "Upload-Length")
        if size > self._desk.most_bytes:
            raise TusError(413, _TOO_LARGE.format(size=show_size(size), most=show_size(self._desk.most_bytes)))
        told = protocol.metadata(request.headers.get("Upload-Metadata", ""))
        row = self._begin(ticket, size, told, now)
        if size == 0:
            _finish_empty(self._services, row)
        headers = {"Location": f"files/{row.id}", "Upload-Expires": protocol.http_date(row.expires_at)}
        return Response(status=201, headers=headers)

    def _begin(self, ticket: Ticket, size: int, told: dict[str, str], now: datetime) -> Upload:
        services, parts = self._services, self._desk.parts
        upload_id = services.randomness(_ID_BYTES).hex()
        with services.database.begin() as session:
            if any(each.spent for each in uploads.of_ticket(session, ticket.nonce)):
                raise TusError(410, SPENT)
            dropped = uploads.make_way(session, ticket.person_id, MOST_OPEN)
            if not parts.has_room(size + uploads.still_to_come(session, now)):
                raise TusError(507, _FULL)
            parts.create(upload_id)
            row = uploads.begin(
                session,
                upload_id=upload_id,
                ticket=ticket.nonce,
                person_id=ticket.person_id,
                name=safe_name(told.get("filename") or told.get("name"), _UNNAMED),
                file_print=told.get("print", "")[:_PRINT_SIGNS],
                size=size,
                now=now,
                expires_at=now + UPLOAD_FOR,
            )
        for each in dropped:
            parts.remove(each)
        return row

    def one(self, ticket: Ticket, upload_id: str) -> Response:
        """HEAD, PATCH or DELETE; clients that can send neither say so in X-HTTP-Method-Override."""
        protocol.check_version(request.headers.get("Tus-Resumable"))
        method = request.headers.get("X-HTTP-Method-Override", request.method).upper()
        with self._services.database.read() as session:
            row = uploads.get(session, upload_id, ticket.nonce)
        if row is None:
            raise TusError(404, GONE)
        if row.state == UploadState.GONE or (
            row.state == UploadState.OPEN and self._services.clock.real() >= row.expires_at
        ):
            raise TusError(410, GONE)
        calls = {"HEAD": self._head, "PATCH": self._patch, "DELETE": self._delete}
        if method not in calls:
            raise TusError(405, "不支持这种请求。", {"Allow": ", ".join(calls)})
        return calls[method](row)

    def _head(self, row: Upload) -> Response:
        headers = {"Upload-Offset": str(row.received), "Upload-Length": str(row.size)}
        return Response(status=200, headers=headers | _expires(row))

    def _patch(self, row: Upload) -> Response:
        if request.mimetype != protocol.BODY_TYPE:
            raise TusError(415, _WRONG_TYPE)
        offset = protocol.number(request.headers.get("Upload-Offset"), "Upload-Offset")
        check = protocol.checksum(request.headers.get("Upload-Checksum"))
        if row.state != UploadState.OPEN:
            raise TusError(409, ALREADY, {"Upload-Offset": str(row.received)})
        if not self._desk.places.acquire(blocking=False):
            raise TusError(503, _CROWDED, {"Retry-After": "5"})
        try:
            request.max_content_length = _NO_LIMIT  # None would mean the application's
            limit_silence(request.environ)
            counted = receive(self._services, self._desk, row, offset=offset, body=request.stream, check=check)
        finally:
            self._desk.places.release()
        return Response(status=204, headers={"Upload-Offset": str(counted)} | _expires(row))

    def _delete(self, row: Upload) -> Response:
        if row.state != UploadState.OPEN:
            raise TusError(403, "文件已经收到，不能取消。要撤回案例，请在聊天里发“我的案例”。")
        try:
            with self._desk.parts.hold(row.id), self._services.database.begin() as session:
                uploads.give_up(session, row.id)
        except LockedError:
            raise TusError(423, BUSY) from None
        except FileNotFoundError:
            raise TusError(410, GONE) from None
        self._desk.parts.remove(row.id)
        return Response(status=204)


def _expires(row: Upload) -> dict[str, str]:
    return {"Upload-Expires": protocol.http_date(row.expires_at)} if row.state == UploadState.OPEN else {}


def _finish_empty(services: Services, row: Upload) -> None:
    """Nothing is to come: it is complete as it is, and checked like any file."""
    try:
        finish(services, row.id, 0)
    except SpentError:
        raise TusError(410, SPENT) from None
