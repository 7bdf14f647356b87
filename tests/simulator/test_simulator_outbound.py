"""The platform takes an answer only whole: headers that say 200 and a body that breaks off are no answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simulator.knobs import Knobs
from simulator.outbound import Outbound


@contextmanager
def answering(raw: bytes) -> Iterator[str]:
    """A server that reads one request, sends these bytes and dies."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def once() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(raw)

        thread = threading.Thread(target=once, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join(5)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfull", 200),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfu", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfu", None),
    ],
)
def test_an_answer_counts_only_when_it_came_whole(raw: bytes, status: int | None) -> None:
    with answering(raw) as url:
        attempt = Outbound(Knobs(), threading.Event()).post("bot", url, {}, b"", content_type="text/plain", limit=5)
    assert attempt.status == status
