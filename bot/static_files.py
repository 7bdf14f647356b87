"""/static/…: styles and scripts of the pages. Each address carries the content's hash, so it may be kept for ever."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request

_FOLDER = Path(__file__).resolve().parent / "static"
_VERSION_SIGNS = 12
_FOR_EVER = "public, max-age=31536000, immutable"
_NOT_LONG = "public, max-age=60"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent."""

    content: bytes
    zipped: bytes
    kind: str
    version: str


def static_files(app: Flask) -> Blueprint:
    """The addresses; templates get `asset(name)`, the address of a file by its name below `bot/static`."""
    app.jinja_env.globals["asset"] = _address
    blueprint = Blueprint("static_files", __name__)

    @blueprint.get("/static/<path:name>")
    def send(name: str) -> Response:
        found = _files().get(name)
        if found is None:
            abort(404)
        zips = request.accept_encodings["gzip"] > 0
        response = Response(found.zipped if zips else found.content, content_type=found.kind)
        if zips:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = _FOR_EVER if request.args.get("v") == found.version else _NOT_LONG
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return blueprint


def _address(name: str) -> str:
    found = _files().get(name)
    # A page without its style is still a page; `make demo` and the image bring what is missing.
    return f"/static/{name}" if found is None else f"/static/{name}?v={found.version}"


@cache
def _files() -> dict[str, StaticFile]:
    """Everything in the folder, read once: whatever is not in it cannot be asked for."""
    paths = (path for path in sorted(_FOLDER.rglob("*")) if path.is_file() and path.suffix in {".css", ".js", ".svg"})
    return {path.relative_to(_FOLDER).as_posix(): _read(path) for path in paths}


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    ready = path.with_name(f"{path.name}.gz")
    kind = f"{mimetypes.types_map.get(path.suffix, 'text/plain')}; charset=utf-8"
    version = hashlib.sha256(content).hexdigest()[:_VERSION_SIGNS]
    return StaticFile(
        content, ready.read_bytes() if ready.is_file() else gzip.compress(content, mtime=0), kind, version
    )
