"""The platform's own HTTP requests to the callback addresses, with a hard time limit and with faults on demand."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
import time
from urllib.parse import SplitResult, urlencode, urlsplit

from simulator.knobs import Fault, FaultKind, Knobs
from simulator.records import Try

_BODY_CAP = 32 * 1024 * 1024
_PIECE = 65536
_LINGER_RESET = struct.pack("ii", 1, 0)


class Outbound:
    """One request a connection, no redirect, no proxy: like the platform, it judges by the status."""

    def __init__(self, knobs: Knobs, stopping: threading.Event) -> None:
        self._knobs = knobs
        self._stopping = stopping

    def post(self, call: str, url: str, params: dict[str, str], body: bytes, *, content_type: str, limit: float) -> Try:
        """POST `body`; never raises for what the other side does. `call` is the knob's name."""
        fault = self._knobs.take(call)
        if fault and fault.kind is FaultKind.STATUS:
            return Try(time.time(), int(fault.value), 0.0, "fault: never reached the product")
        if fault and fault.kind is FaultKind.DELAY:
            self._stopping.wait(fault.value)
        full = _with_query(url, urlencode(params))
        headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
        attempt = _exchange("POST", full, body, headers, limit=limit, fault=fault)
        if fault and fault.kind is FaultKind.DROP:
            return Try(attempt.at, None, attempt.seconds, "fault: answer lost")
        return attempt

    def get(self, url: str, query: str, limit: float) -> Try:
        """GET with a ready-made query string; never raises for what the other side does."""
        return _exchange("GET", _with_query(url, query), b"", {}, limit=limit)

    def raw(self, method: str, url: str, params: dict[str, str], body: bytes, headers: dict[str, str]) -> Try:
        """Any request, for forged ones; ten seconds."""
        headers = {"Content-Length": str(len(body)), **headers}
        return _exchange(method, _with_query(url, urlencode(params)), body, headers, limit=10.0)


def _with_query(url: str, query: str) -> SplitResult:
    parts = urlsplit(url)
    return parts._replace(query="&".join(piece for piece in (parts.query, query) if piece))


def _exchange(
    method: str, url: SplitResult, body: bytes, headers: dict[str, str], *, limit: float, fault: Fault | None = None
) -> Try:
    at, start = time.time(), time.monotonic()
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=limit)
    watchdog = threading.Timer(limit, _cut, (connection,))
    watchdog.daemon = True
    try:
        watchdog.start()
        connection.connect()
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        _send(connection, f"{method} {target}", headers, body, fault)
        response = connection.getresponse()
        answer = bytearray()
        while len(answer) < _BODY_CAP and (piece := response.read(_PIECE)):
            answer += piece
        if response.length and len(answer) < _BODY_CAP:  # http.client gives the piece of a broken body without a word
            raise http.client.IncompleteRead(bytes(answer), response.length)
        if time.monotonic() - start > limit:
            raise TimeoutError
        return Try(at, response.status, time.monotonic() - start, body=bytes(answer))
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        # AttributeError: the watchdog closed the socket between two steps of http.client.
        seconds = time.monotonic() - start
        why = "timeout" if seconds >= limit or isinstance(error, TimeoutError) else type(error).__name__
        return Try(at, None, seconds, why)
    finally:
        watchdog.cancel()
        connection.close()


def _send(
    connection: http.client.HTTPConnection,
    line: str,
    headers: dict[str, str],
    body: bytes,
    fault: Fault | None,
) -> None:
    method, target = line.split(" ", 1)
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.putheader("Connection", "close")
    connection.endheaders()
    if fault and fault.kind in {FaultKind.RESET, FaultKind.TRUNCATE}:
        if fault.kind is FaultKind.TRUNCATE:
            connection.send(body[: len(body) // 2])
        if connection.sock is not None:
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
        connection.close()
        raise ConnectionResetError("fault on demand")
    if body:
        connection.send(body)


def _cut(connection: http.client.HTTPConnection) -> None:
    # The limit holds for the whole exchange, also against a side that sends one byte a second.
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
