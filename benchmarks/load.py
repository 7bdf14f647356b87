"""Sends sealed callbacks of the app from many clients at once, and tells how long each answer took."""

from __future__ import annotations

import http.client
import itertools
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from simulator.crypto import decode_key, seal, sign

CORP, TOKEN, KEY = "ww0123456789abcdef", "token0123456789", "A" * 43
SENDERS = 200
COMMON = "字数要求是多少"  # what everybody asks
_ids = itertools.count(int(time.time()) * 1_000_000)


@dataclass(frozen=True, slots=True)
class Request:
    """One callback, ready to be sent."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Times:
    """How long the answers took (milliseconds, sorted), how many a second, how many were no 200 with an answer."""

    milliseconds: tuple[float, ...]
    per_second: float
    failed: int

    def percentile(self, share: float) -> float:
        return self.milliseconds[min(len(self.milliseconds) - 1, int(len(self.milliseconds) * share))]

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)


def question(number: int, text: str = COMMON) -> Request:
    """A text message of one of the senders, sealed and signed as WeCom does it; never the same message twice."""
    message = next(_ids)
    now = str(int(time.time()))
    xml = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[u{number % SENDERS}]]></FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
        f"<MsgId>{message}</MsgId><AgentID>1000002</AgentID></xml>"
    )
    sealed = seal(decode_key(KEY), xml, CORP)
    query = {"msg_signature": sign(TOKEN, now, "nonce", sealed), "timestamp": now, "nonce": "nonce"}
    body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return Request(f"/wecom/app?{urlencode(query)}", body.encode())


def send_all(
    port: int,
    count: int,
    clients: int,
    *,
    questions: Sequence[str] = (COMMON,),
    per_second: float | None = None,
    label: str = "",
) -> Times:
    """Send `count` messages from so many clients, as fast as they are answered or at a steady pace; their texts are the
    `questions`, in turn.

    At a steady pace the time of an answer counts from when its question was due, not from when a client was free.
    """
    requests = [question(number, questions[number % len(questions)]) for number in range(count)]
    numbers = itertools.count()
    taken: list[float] = []
    failures: list[int] = []
    progress = _progress(label, count, taken)
    started = time.perf_counter()

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (number := next(numbers)) < count:
            due = time.perf_counter()
            if per_second is not None:
                due = started + number / per_second
                time.sleep(max(0.0, due - time.perf_counter()))
            status, size = _post(connection, requests[number])
            taken.append((time.perf_counter() - due) * 1000)
            if status != HTTPStatus.OK or not size:
                failures.append(status)
            progress()
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    return Times(tuple(sorted(taken)), count / seconds, len(failures))


def _post(connection: http.client.HTTPConnection, request: Request) -> tuple[int, int]:
    try:
        connection.request("POST", request.path, request.body, {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    except (http.client.HTTPException, OSError):
        connection.close()
        return 0, 0


def _progress(label: str, count: int, taken: list[float]) -> Callable[[], None]:
    """A line on a terminal that grows with the work; nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda: None
    step = max(1, count // 50)

    def show() -> None:
        done = len(taken)
        if done % step == 0 or done == count:
            bar = "#" * (30 * done // count)
            end = "\r\x1b[K" if done == count else ""
            print(f"\r{label:<40} [{bar:<30}] {done}/{count}{end}", end="", file=sys.stderr, flush=True)

    return show
