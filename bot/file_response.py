"""A stored file as the answer to a browser: streamed from the blob store, saved under its own name."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import PurePath
from urllib.parse import quote

from flask import Response, send_file

from bot.open_page import with_open_headers
from bot.services import Services

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


def file_response(services: Services, sha256: str, name: str) -> Response:
    """These bytes as a download called `name`; parts of it (Range) and 304 as the browser asks. The bytes are somebody
    else's: should a browser show them after all, they may do nothing. Raises FileNotFoundError, BlobsAwayError."""
    with ExitStack() as opened:
        path = opened.enter_context(services.blobs.open_local(sha256))
        kind = _TYPES.get(PurePath(name).suffix.lower(), _UNKNOWN_TYPE)
        response = send_file(path.absolute(), mimetype=kind, conditional=True, etag=sha256)
        response.call_on_close(opened.pop_all().close)
    response.headers["Content-Disposition"] = content_disposition(name)
    return with_open_headers(response, sandboxed=True)


def content_disposition(name: str) -> str:
    """The header for a download under this name: in UTF-8 (RFC 5987), and in ASCII for who does not read that."""
    ending = PurePath(name).suffix
    plain = name if name.isascii() else f"file{ending if ending.isascii() else ''}"
    plain = "".join(sign for sign in plain if sign.isprintable() and sign not in '"\\%')
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_PLAIN_SIGNS)}"
