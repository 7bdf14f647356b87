"""The grown-up installation: gunicorn, two job processes, PostgreSQL, Redis; and a process that is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from installation import TEACHER, Backend, connect, seed, settings_for
from sqlalchemy import func, select, update
from word_files import case_document

from bot.config import Settings
from bot.services import Services, build
from simulator.server import SimulatorServer
from store.schema.campaign import Material
from store.schema.mail import Fetch, Inbox, InboxState, Lane, Outbox

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
STARTED = 30


def environment(settings: Settings) -> dict[str, str]:
    """The settings as the environment variables a real installation would have."""
    values = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value not in (None, "", ()):
            values[name.upper()] = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
    return {name: value for name, value in os.environ.items() if not name.startswith("WECOM_")} | values


@contextmanager
def process(settings: Settings, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the service; at the end it gets TERM and has to end well, unless it was killed before."""
    started = subprocess.Popen(list(command), cwd=ROOT, env=environment(settings), stderr=subprocess.DEVNULL)
    try:
        yield started
        killed = started.poll() is not None
        started.terminate()
        assert started.wait(timeout=30) == 0 or killed
    finally:
        started.kill()
        started.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_ready(port: int) -> None:
    deadline = time.monotonic() + STARTED
    while time.monotonic() < deadline:
        try:
            if requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise TimeoutError("the web process did not start")


def count(services: Services, table: type, *conditions: object) -> int:
    with services.database.read() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def unfinished(services: Services) -> int:
    return count(services, Inbox, Inbox.state.not_in((InboxState.DONE, InboxState.DEAD)))


@pytest.fixture(params=["postgresql+redis"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """Several processes need servers."""
    make_database = request.getfixturevalue("postgres_url_factory")
    return Backend(make_database(), request.getfixturevalue("redis_url"), tmp_path / "data")


def test_two_web_and_two_job_processes_act_once(sim: SimulatorServer, backend: Backend) -> None:
    settings = settings_for(sim, backend)
    observer = build(settings)
    seed(observer)
    port = free_port()
    web = [str(BIN / "gunicorn"), "--worker-class", "gthread", "--threads", "4", "--workers", "2"]
    with ExitStack() as stack:
        stack.callback(observer.close)
        bind = ["--bind", f"127.0.0.1:{port}", "bot.web:from_environment()"]
        stack.enter_context(process(settings, *web, *bind))
        for _ in range(2):
            stack.enter_context(process(settings, sys.executable, "-m", "bot", "worker"))
        await_ready(port)
        connect(sim.platform, port)

        record = sim.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
        url = sim.platform.core.callback_urls["bot"]
        with ThreadPoolExecutor(3) as pool:
            again = [
                pool.submit(sim.platform.core.outbound.raw, "POST", url, record.params, record.body, {})
                for _ in range(3)
            ]
        assert [attempt.result().status for attempt in again] == [200, 200, 200]
        sim.platform.wait_for(lambda: sim.platform.ledger.entries("stream_finished"), 60)
        sim.platform.wait_for(lambda: unfinished(observer) == 0, 60)

        assert count(observer, Inbox) == count(observer, Material) == count(observer, Outbox) == 1
        assert sim.platform.ledger.violations() == []


def test_what_a_killed_process_left_behind_is_finished_by_the_next(sim: SimulatorServer, backend: Backend) -> None:
    """kill -9 in the middle of the work: nothing acknowledged is lost, nothing is done twice."""
    settings = settings_for(sim, backend, port=free_port(), host="127.0.0.1")
    observer = build(settings)
    seed(observer)
    with ExitStack() as stack:
        stack.callback(observer.close)
        first = stack.enter_context(process(settings, sys.executable, "-m", "bot", "serve"))
        await_ready(settings.port)
        connect(sim.platform, settings.port)
        sim.platform.knobs.set("media_url", "delay", 1.0, times=2)
        records = [
            sim.platform.send_file(TEACHER, f"案例{number}.docx", case_document(3600, title=f"案例之{number}"))
            for number in range(2)
        ]
        assert all(record.acknowledged for record in records)
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert unfinished(observer) == 2

        expire_leases(observer)
        stack.enter_context(process(settings, sys.executable, "-m", "bot", "serve"))
        sim.platform.wait_for(lambda: unfinished(observer) == 0, 90)
        assert count(observer, Material) == 2
        assert count(observer, Outbox) == 2


def expire_leases(services: Services) -> None:
    """As if the time had passed after which a dead process's leases are given back."""
    past = services.clock.real() - timedelta(days=1)
    with services.database.begin() as session:
        for table in (Fetch, Inbox, Lane):
            session.execute(update(table).where(table.lease_until.is_not(None)).values(lease_until=past))
