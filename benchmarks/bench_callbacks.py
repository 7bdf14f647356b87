"""Callbacks of the app, over HTTP: ours with durable inbox and answer, beside wwbot's echo, which keeps nothing.

Once everybody asks the same, as before a deadline, so that the answer is thought about once a minute; once each message
asks another question, and each answer is thought about."""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path

from bench_answers import cases_of
from load import COMMON, CORP, KEY, TOKEN, Times, send_all
from servers import postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CLIENTS = 16
THREADS = "8"  # in each of two processes
ROUNDS = 5
REQUESTS = 600
STEADY_SECONDS = 15
STEADY_PER_SECOND = 50
START_SECONDS = 120


def main() -> None:
    """Print the table; exit 1 when any answer failed."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database_url = stack.enter_context(postgres(Path(folder) / "pg"))
        ports = {
            "wwbot": stack.enter_context(_gunicorn("wwbot_echo:app", Path(folder), cwd=ROOT / "benchmarks")),
            "SQLite": stack.enter_context(_gunicorn("bot.web:from_environment()", Path(folder) / "sqlite")),
            "PostgreSQL": stack.enter_context(
                _gunicorn("bot.web:from_environment()", Path(folder) / "postgres", DATABASE_URL=database_url)
            ),
        }
        for name, port in ports.items():
            send_all(port, 400, CLIENTS, label=f"{name}, warming up")
        others = [str(case["q"]) for case in cases_of([]) if "模板" not in str(case["q"])]  # that one brings a file
        asked = {"the same": [COMMON], "each another": others}
        loaded: dict[tuple[str, str], list[Times]] = {(name, what): [] for what in asked for name in ports}
        for what, questions in asked.items():
            for _ in range(ROUNDS):  # in turn, so that a busy machine is busy for all of them
                for name, port in ports.items():
                    label = f"{name}, {CLIENTS} clients, {what}"
                    loaded[name, what].append(send_all(port, REQUESTS, CLIENTS, questions=questions, label=label))
        steady = {
            name: send_all(
                port,
                STEADY_PER_SECOND * STEADY_SECONDS,
                CLIENTS,
                per_second=STEADY_PER_SECOND,
                label=f"{name}, {STEADY_PER_SECOND}/s",
            )
            for name, port in ports.items()
        }
    _print(loaded, steady)
    if any(times.failed for times in (*steady.values(), *(each for rounds in loaded.values() for each in rounds))):
        sys.exit("some callbacks were not answered")


def _print(loaded: dict[tuple[str, str], list[Times]], steady: dict[str, Times]) -> None:
    print(f"\ncallbacks, gunicorn 2 x 8 threads, {CLIENTS} clients, {ROUNDS} x {REQUESTS} questions in turn")
    for (name, what), rounds in loaded.items():
        ratio = statistics.median(
            mine.per_second / peer.per_second for mine, peer in zip(rounds, loaded["wwbot", what], strict=True)
        )
        print(
            f"{what:<14} {name:<12} {statistics.median(t.per_second for t in rounds):8.0f} /s   ratio {ratio:5.2f}   "
            f"p50 {statistics.median(t.median for t in rounds):6.1f} ms   "
            f"p99 {statistics.median(t.percentile(0.99) for t in rounds):6.1f} ms "
            f"(worst round {max(t.percentile(0.99) for t in rounds):.1f})   failed {sum(t.failed for t in rounds)}"
        )
    print(f"\nsteady {STEADY_PER_SECOND} a second for {STEADY_SECONDS} s")
    for name, times in steady.items():
        print(f"{name:<12} p50 {times.median:6.1f} ms   p99 {times.percentile(0.99):6.1f} ms   failed {times.failed}")


def environment(data: Path, **more: str) -> dict[str, str]:
    """The settings of an installation with the app alone, for a process of its own."""
    return os.environ | {
        "WECOM_CORP_ID": CORP,
        "WECOM_AGENT_ID": "1000002",
        "WECOM_APP_SECRET": "unused",
        "WECOM_APP_TOKEN": TOKEN,
        "WECOM_APP_AES_KEY": KEY,
        "WECOM_API_BASE": "http://127.0.0.1:1/cgi-bin/",
        "DATA_DIR": str(data),
        "PYTHONPATH": str(ROOT),
        "BOT_CLOCK": "2023-05-06T09:00:00+08:00",
        "HOST": "127.0.0.1",
        **more,
    }


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _gunicorn(application: str, data: Path, cwd: Path = ROOT, **more: str) -> Iterator[int]:
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [str(BIN / "gunicorn"), "--config", str(ROOT / "gunicorn.conf.py"), application]
    process = subprocess.Popen(command, cwd=cwd, env=environment(data, PORT=str(port), WEB_THREADS=THREADS, **more))
    try:
        await_answer(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=START_SECONDS)


def await_answer(port: int, process: subprocess.Popen[bytes], path: str = "/") -> None:
    """Wait until something answers at this port."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
        except urllib.error.HTTPError as answer:
            if answer.code == HTTPStatus.NOT_FOUND:
                return
        except OSError:
            pass
        else:
            return
        time.sleep(0.02)
    raise TimeoutError(f"nothing answers at port {port}")


if __name__ == "__main__":
    main()
