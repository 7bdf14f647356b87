"""Examining an installation in tests, and a web server that may stand in front of it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext

from pydantic import SecretStr

from bot.config import Settings
from bot.doctor import CHECKS
from bot.doctor.examining import examine
from bot.doctor.finding import Finding
from bot.doctor.subject import Machine, Subject
from simulator.platform import Platform
from simulator.server import SimulatorServer

ASLEEP = "bureau-new"
QUICK = Machine(patience_s=5)


@dataclass
class Place:
    """A whole installation that nothing is wrong with, until a test changes something."""

    sim: SimulatorServer
    url: str
    make: Callable[..., Settings]

    @property
    def platform(self) -> Platform:
        return self.sim.platform

    def look(
        self, name: str, machine: Machine = QUICK, *, offline: bool = False, **changed: object
    ) -> dict[str, Finding]:
        """By name what is found by this check and by those it needs, with changed settings. The tables always come
        before, as the rows tell whether a token may be asked for."""
        subject = Subject(self.make(**changed), machine, offline)
        wanted = {name, "tables"}
        for check in reversed(CHECKS):
            if check.name in wanted:
                wanted.update(check.needs)
        return examined(subject, wanted)


def examined(subject: Subject, wanted: set[str]) -> dict[str, Finding]:
    chosen = [check for check in CHECKS if check.name in wanted]
    found = {result.check.name: result.finding for result in examine(subject, chosen)}
    told = "\n".join(f"{finding.seen} {finding.advice}" for finding in found.values())
    assert [secret for secret in secrets_of(subject.settings) if secret in told] == []
    return found


def secrets_of(settings: Settings) -> list[str]:
    values = (getattr(settings, name) for name in Settings.model_fields)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]


Answers = Mapping[str, tuple[int, Mapping[str, str], bytes]]


@contextmanager
def front(answers: Answers, tls: SSLContext | None = None, drops: bytes = b"") -> Iterator[int]:
    """A web server that gives fixed answers by path (404 to any other), or endlessly these `drops`; its port."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if drops:
                self._drop()
                return
            status, headers, body = answers.get(self.path.partition("?")[0], (404, {}, b"404\n"))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _drop(self) -> None:
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                while not ended.wait(0.05):
                    self.wfile.write(drops)

        def log_message(self, *_: object) -> None:
            return

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            return  # a client that does not believe our certificate hangs up

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
