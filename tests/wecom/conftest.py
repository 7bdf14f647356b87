"""A real HTTP server on this machine that answers as each test scripts it, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.wecom.api import WeComApi
from bot.wecom.outbound import Timeouts
from bot.wecom.tokens import MemoryTokenStore, Token, real_now


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """One answer. `sent` is what really goes out after the headers, if that is not the whole `body`."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, bytes | str] = field(default_factory=dict)
    sent: Callable[[Callable[[bytes], object]], None] | None = None
    announce: bool = True


class _Listener(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64


class Server:
    """`answers` are given one after the other, the last one for ever; or `answer` is called with each request."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: list[Answer] = [Answer()]
        self.answer: Callable[[Asked], Answer] = self._scripted
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._http = _Listener(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _scripted(self, _: Asked) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
                asked = Asked(self.command, parts.path, query, dict(self.headers.items()), body)
                with server._lock:
                    server.asked.append(asked)
                    answer = server.answer(asked)
                self._send(answer)

            do_POST = do_GET  # noqa: N815 - the name is the library's

            def _send(self, answer: Answer) -> None:
                lines = [f"HTTP/1.0 {answer.status} X".encode(), b"Connection: close"]
                if answer.announce:
                    lines.append(f"Content-Length: {len(answer.body)}".encode())
                for name, value in answer.headers.items():
                    lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()))
                try:
                    self.wfile.write(b"\r\n".join(lines) + b"\r\n\r\n")
                    if answer.sent is None:
                        self.wfile.write(answer.body)
                    else:
                        answer.sent(self.wfile.write)
                except OSError:
                    self.close_connection = True  # the client has seen enough

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that lives for one test."""
    running = Server()
    yield running
    running.close()


@pytest.fixture
def other_server() -> Iterator[Server]:
    """Another server, on another port."""
    running = Server()
    yield running
    running.close()


@pytest.fixture
def make_answer() -> type[Answer]:
    """How a test scripts the server."""
    return Answer


@pytest.fixture
def api(server: Server) -> WeComApi:
    """A client of the server that holds a good token, T1."""
    tokens = MemoryTokenStore()
    later = real_now() + timedelta(hours=1)
    tokens.replace(None, Token("T1", later, later))
    return WeComApi("ww1", "s3cret", f"{server.url}/cgi-bin/", tokens, timeouts=Timeouts(1.0, 2.0))


class Clock:
    """A clock a test can push forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return real_now() + self.ahead


class Corp:
    """A small WeCom: tokens T1, T2, … of which only `valid` ones are accepted."""

    def __init__(self, server: Server) -> None:
        self.calls: Counter[str] = Counter()
        self.valid: set[str] = set()
        self.gettoken_answer: dict | None = None
        self.answers: dict[str, dict] = {"message/send": {"errcode": 0, "msgid": "MSG1"}}
        self.expires_in = 7200
        self.always_same = False
        server.answer = self.answer

    def answer(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix("/cgi-bin/")
        self.calls[path] += 1
        if path == "gettoken":
            fields = self.gettoken_answer or self._new_token()
        elif asked.query.get("access_token") not in self.valid:
            fields = {"errcode": 40014, "errmsg": f"invalid access_token {asked.query.get('access_token')}"}
        else:
            fields = self.answers.get(path, {"errcode": 0})
        return Answer(json.dumps(fields).encode(), headers={"Content-Type": "application/json"})

    def _new_token(self) -> dict:
        value = "T-same" if self.always_same else f"T-number-{self.calls['gettoken']}"
        if not self.always_same:
            self.valid = {value}
        return {"errcode": 0, "access_token": value, "expires_in": self.expires_in}


@pytest.fixture
def corp(server: Server) -> Corp:
    return Corp(server)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens() -> MemoryTokenStore:
    return MemoryTokenStore()


@pytest.fixture
def client(server: Server, corp: Corp, clock: Clock, tokens: MemoryTokenStore) -> WeComApi:
    return WeComApi(
        "ww1", "s3cret-of-the-app", f"{server.url}/cgi-bin", tokens, timeouts=Timeouts(1.0, 1.0), now=clock.now
    )
