"""Where the rows and the queue of each run lie; and the matrix of runs, several at a time."""

from __future__ import annotations

import queue
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
import redis
from crash_run import crash_run
from installation import Backend
from results import Results, Run

HERE = Path(__file__).parent
BACKENDS = ("sqlite", "postgresql+redis")
_REDIS_DATABASES = 16
# A run waits more than it computes: leases, restarts, the platform's refreshes.
_AT_ONCE = 4

MakeBackend = Callable[[str], AbstractContextManager[Backend]]
Runs = Callable[[str, str, int], list[str]]


@pytest.fixture(scope="session")
def make_backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MakeBackend:
    """Gives an empty installation of its own on one of BACKENDS; several may be alive at once."""
    folder = tmp_path_factory.mktemp("crash")
    slots: queue.Queue[int] = queue.Queue()
    for number in range(1, _REDIS_DATABASES):
        slots.put(number)

    @contextmanager
    def make(kind: str) -> Iterator[Backend]:
        name = f"crash_{uuid.uuid4().hex}"
        data_dir = folder / name / "data"
        if kind == "sqlite":
            yield Backend("", "", data_dir)
            return
        some_url, server = request.getfixturevalue("crash_servers")
        slot = slots.get()
        with psycopg.connect(some_url.replace("+psycopg", "", 1), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        redis_url = server.rpartition("/")[0] + f"/{slot}"
        with redis.Redis.from_url(redis_url) as client:
            client.flushdb()
        yield Backend(_with_database(some_url, name), redis_url, data_dir)
        slots.put(slot)

    return make


@pytest.fixture(scope="session")
def crash_servers(postgres_url_factory: Callable[[], str], redis_server: str) -> tuple[str, str]:
    """One database of a PostgreSQL, and a Redis."""
    return postgres_url_factory(), redis_server


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, make_backend: MakeBackend) -> Iterator[Backend]:
    """SQLite alone, and PostgreSQL with Redis."""
    with make_backend(request.param) as made:
        yield made


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest, make_backend: MakeBackend) -> Runs:
    """Gives the outcome of a run. When the first one on its servers is asked for, those of all tests on these servers
    are done: of several test processes each does its own servers only."""
    asked = (
        (item.callspec.params["kind"], item.callspec.params["point"], item.callspec.params["seed"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path.parent == HERE and "runs" in item.fixturenames
    )
    wanted = list(dict.fromkeys(asked))
    results = Results()
    passed = results.passed()
    done: dict[Run, list[str]] = {}

    def one(each: Run) -> list[str]:
        if each in passed:
            return []
        started = time.monotonic()
        try:
            with make_backend(each[0]) as made:
                found = crash_run(made, *each[1:])
        except Exception:  # noqa: BLE001 - one broken run must not hide the others
            found = [traceback.format_exc()]
        results.add(each, found, time.monotonic() - started)
        return found

    def outcome(kind: str, point: str, seed: int) -> list[str]:
        if (kind, point, seed) not in done:
            if kind != "sqlite":
                request.getfixturevalue("crash_servers")  # from this thread, before the others need it
            same = [each for each in wanted if each[0] == kind]
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                done.update(zip(same, pool.map(one, same), strict=True))
        return done[kind, point, seed]

    return outcome


def _with_database(url: str, name: str) -> str:
    head, _, tail = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{tail}" if tail else "")
