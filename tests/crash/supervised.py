"""The service as real processes that may die, and are started again without the fail point."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests
from installation import ROSTER, Backend, settings_for

from bot.config import Settings
from bot.migrating import migrate
from simulator.server import SimulatorServer
from store.database import Database
from store.roster import import_rows

ROOT = Path(__file__).resolve().parent.parent.parent
STARTED_S = 100
LEASE_S = 2
_PORTS, _given = threading.Lock(), set[int]()
_MIGRATING = threading.Lock()  # Alembic keeps its state in the module


@dataclass
class Supervised:
    """`serve`, and beside PostgreSQL a `worker`. `tend` starts again what has died, with nothing armed any more."""

    settings: Settings
    commands: tuple[str, ...]
    source: Path = ROOT
    deaths: int = 0
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, command: str, fail_points: str = "") -> None:
        """Start one of the commands."""
        environment = _environment(self.settings) | {"BOT_FAIL_POINTS": fail_points}
        self.running[command] = subprocess.Popen(
            [sys.executable, "-m", "bot", command],
            cwd=self.source,
            env=environment,
            stderr=None if os.environ.get("CRASH_LOG") else subprocess.DEVNULL,
        )

    def died(self) -> bool:
        """Whether any process has died since it was last started."""
        return any(process.poll() is not None for process in self.running.values())

    def tend(self) -> None:
        """Start again what has died, and wait until it answers. Its connections end a moment before a process does."""
        for command, process in list(self.running.items()):
            if process.poll() is not None:
                assert process.returncode == -signal.SIGKILL, f"{command} ended with {process.returncode}"
                self.deaths += 1
                self.start(command)
        self.await_ready()
        if self.died():
            self.tend()

    def await_ready(self) -> None:
        """Wait until the web half answers."""
        deadline = time.monotonic() + STARTED_S
        while time.monotonic() < deadline and not self.died():
            try:
                if requests.get(f"http://127.0.0.1:{self.settings.port}/readyz", timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        if not self.died():
            raise TimeoutError("the service did not start")

    def kill(self, command: str = "serve") -> None:
        """kill -9."""
        self.running[command].kill()
        self.running[command].wait()

    def stop(self) -> None:
        """TERM to all; whoever does not end well is a fault."""
        for process in self.running.values():
            process.terminate()
        try:
            ends = [process.wait(timeout=STARTED_S) for process in self.running.values()]
        finally:
            for process in self.running.values():
                process.kill()
                process.wait()
        # TERM ends a process at once that has not yet got as far as to take signals.
        assert set(ends) <= {0, -signal.SIGKILL, -signal.SIGTERM}, ends


@contextmanager
def supervised(
    sim: SimulatorServer,
    backend: Backend,
    *,
    fail_points: str = "",
    source: Path = ROOT,
    worker: bool = True,
    **overrides: object,
) -> Iterator[Supervised]:
    """A seeded installation as processes, connected to the platform; stopped at the end."""
    values: dict[str, object] = {"port": free_port(), "host": "127.0.0.1", "bot_lease_seconds": LEASE_S}
    settings = settings_for(sim, backend, **(values | overrides))
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.effective_database_url)
    with _MIGRATING:
        migrate(database)
    with database.begin() as session:
        import_rows(session, ROSTER, by=None, now=datetime.now(UTC))
    database.close()
    for channel, address in (("app", "app"), ("bot", "aibot")):
        sim.platform.set_callback(channel, f"http://127.0.0.1:{settings.port}/wecom/{address}")
    commands = ("serve", "worker") if backend.redis_url and worker else ("serve",)
    with running(settings, commands, source, fail_points) as service:
        yield service


@contextmanager
def running(
    settings: Settings, commands: tuple[str, ...], source: Path = ROOT, fail_points: str = ""
) -> Iterator[Supervised]:
    """The processes of one installation, beside whatever else runs on the same rows."""
    service = Supervised(settings, commands, source)
    try:
        for command in service.commands:
            service.start(command, fail_points)
        service.await_ready()
        yield service
    finally:
        service.stop()


def _environment(settings: Settings) -> dict[str, str]:
    values = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value not in (None, "", ()):
            values[name.upper()] = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
    return {name: value for name, value in os.environ.items() if not name.startswith("WECOM_")} | values


def free_port() -> int:
    """A port nobody listens on now, and no other run of this process was given: it may not listen there yet."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        with _PORTS:
            if port not in _given:
                _given.add(port)
                return port
