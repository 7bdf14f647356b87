"""A WSGI layer around everything: faults on demand for calls the product makes, and no answer to other hosts."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

from simulator.knobs import CALLS, Fault, FaultKind, Knobs
from simulator.ledger import Ledger

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_LINGER_RESET = struct.pack("ii", 1, 0)
_PAGE = b"<!DOCTYPE html><html><head><title>login</title></head><body>please sign in</body></html>"
_BY_PREFIX = (("/media/", "media_url"), ("/response/", "response_url"))
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def call_name(path: str) -> str:
    """The knob's name for a path, or "" for one without knob."""
    name = path.removeprefix("/cgi-bin/")
    if name in CALLS:
        return name
    return next((call for prefix, call in _BY_PREFIX if path.startswith(prefix)), "")


class FaultGate:
    """Wraps the platform's WSGI application. Needs `werkzeug.socket` in the environment to reset connections."""

    def __init__(self, inner: Application, knobs: Knobs, ledger: Ledger, stopping: threading.Event) -> None:
        self._inner = inner
        self._knobs = knobs
        self._ledger = ledger
        self._stopping = stopping

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or fail as asked."""
        if not _from_here(environ):
            start_response("403 Forbidden", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return []
        call = call_name(environ.get("PATH_INFO", ""))
        fault = self._knobs.take(call) if call else None
        if fault is None:
            return self._inner(environ, start_response)
        self._ledger.add("fault", call=call, fault=str(fault.kind), value=fault.value)
        return self._fail(fault, environ, start_response)

    def _fail(self, fault: Fault, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if fault.kind is FaultKind.DELAY:
            self._stopping.wait(fault.value)
            return self._inner(environ, start_response)
        if fault.kind is FaultKind.RESET:
            _reset(environ)
        if fault.kind is FaultKind.PAGE:
            Request(environ).get_data()
            start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(_PAGE)))])
            return [_PAGE]
        if fault.kind in {FaultKind.ERRCODE, FaultKind.STATUS}:
            Request(environ).get_data()
            errcode = fault.kind is FaultKind.ERRCODE
            text = json.dumps({"errcode": int(fault.value), "errmsg": "fault on demand"}) if errcode else "fault"
            kind = "application/json" if errcode else "text/plain"
            status = "200 OK" if errcode else f"{int(fault.value)} Fault"
            start_response(status, [("Content-Type", kind), ("Content-Length", str(len(text)))])
            return [text.encode()]
        return self._spoil(fault, environ, start_response)

    def _spoil(self, fault: Fault, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        kept: list[Any] = []
        result = self._inner(environ, lambda status, headers, _exc=None: kept.extend((status, headers)))
        body = b"".join(result)
        if callable(close := getattr(result, "close", None)):
            close()
        if fault.kind is FaultKind.DROP:
            _reset(environ)
        headers = [pair for pair in kept[1] if pair[0].lower() != "content-length"]
        start_response(kept[0], [*headers, ("Content-Length", str(len(body)))])
        return _cut_short(body[: int(fault.value) or len(body) // 2])


def _cut_short(piece: bytes) -> Iterator[bytes]:
    yield piece
    raise ConnectionResetError("fault on demand: truncated")


def _reset(environ: Environ) -> None:
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
    raise ConnectionResetError("fault on demand: reset")


def _from_here(environ: Environ) -> bool:
    host = urlsplit("//" + environ.get("HTTP_HOST", "")).hostname
    origin = environ.get("HTTP_ORIGIN")
    return host in _LOOPBACK and (origin is None or urlsplit(origin).hostname in _LOOPBACK)
