"""A stand-in for an OpenAI-compatible endpoint on this machine: slow, wrong, inventive, or down, as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Say = Callable[[str], str]


class StandIn:
    """`say` turns the user's text into the model's; `manner` is how the endpoint behaves."""

    def __init__(self) -> None:
        self.say: Say = lambda text: text
        self.manner = "good"
        self.asked: list[dict[str, Any]] = []
        self.let_go = threading.Event()
        self.base_url = ""


@contextmanager
def model_stand_in() -> Iterator[StandIn]:
    """One endpoint for a test."""
    state = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.asked.append(body | {"path": self.path, "authorization": self.headers.get("Authorization")})
            try:
                MANNERS[state.manner](self, state, body["messages"][-1]["content"])
            except OSError:  # the client has gone
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield state
    finally:
        state.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _chat(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def _good(handler: BaseHTTPRequestHandler, state: StandIn, text: str) -> None:
    _answer(handler, 200, _chat(state.say(text)))


def _silent(handler: BaseHTTPRequestHandler, state: StandIn, text: str) -> None:
    state.let_go.wait(30)


def _drip(handler: BaseHTTPRequestHandler, state: StandIn, text: str) -> None:
    """A byte every tenth of a second, for ever."""
    handler.send_response(200)
    handler.end_headers()
    while not state.let_go.wait(0.1):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def _flood(handler: BaseHTTPRequestHandler, state: StandIn, text: str) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b"x" * 1024)


MANNERS: dict[str, Callable[[BaseHTTPRequestHandler, StandIn, str], None]] = {
    "good": _good,
    "silent": _silent,
    "drip": _drip,
    "flood": _flood,
    "broken": lambda handler, _, __: _answer(handler, 500, b"oops"),
    "moved": lambda handler, _, __: _answer(handler, 302, b""),
    "no json": lambda handler, _, __: _answer(handler, 200, b"<html>"),
    "no choice": lambda handler, _, __: _answer(handler, 200, b'{"choices": []}'),
    "no text": lambda handler, _, __: _answer(handler, 200, _chat(None)),
    "blank": lambda handler, _, __: _answer(handler, 200, _chat("  ")),
    "cut off": lambda handler, _, __: handler.close_connection or handler.wfile.write(b"HTTP/1.1 200 OK\r\n"),
}
