"""Engine and transactions: the same code on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from store.group_sync import GroupSync
from store.write_lock import write_lock

_BUSY_TIMEOUT_MS = 20_000
_STATEMENT_TIMEOUT_MS = 20_000


class Database:
    """A connection pool for one URL.

    `begin()` is one transaction that may write: committed at the end of the block, rolled back by any exception.
    On SQLite writers of all processes queue at a lock of our own (its busy handler sleeps, is unfair and gives up)
    and take the write lock at once (BEGIN IMMEDIATE, so no upgrade can deadlock). After the commit, outside the lock,
    they wait until it is on the disk: when the block has ended the row survives a power cut.

    `read()` is a transaction that does not write.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._group_sync = _group_sync(url) if self.is_sqlite else None
        self._write_lock: AbstractContextManager[Any] = write_lock(url) if self.is_sqlite else nullcontext()

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open one writing transaction. Raises sqlalchemy.exc.OperationalError when the database is away."""
        with self._write_lock, self._sessions() as session:
            if self.is_sqlite:
                session.connection(execution_options={"sqlite_immediate": True})
            yield session
            session.commit()
        if self._group_sync is not None:
            self._group_sync.wait()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open one reading transaction; whatever it changed is rolled back."""
        with self._sessions() as session:
            yield session
            session.expunge_all()  # what was read stays readable after the block
            session.rollback()

    def ping(self) -> None:
        """Ask the database for a sign of life. Raises sqlalchemy.exc.OperationalError when there is none."""
        with self.engine.connect() as connection:
            connection.execute(text("select 1"))

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _postgres_engine(url: str) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,  # errors are logged, what people wrote is not
        pool_size=10,
        max_overflow=20,
        pool_timeout=3,  # a callback has 5 s in all: better a 5xx, which the platform repeats, than no answer
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 3,
            "options": f"-c statement_timeout={_STATEMENT_TIMEOUT_MS} -c timezone=UTC",
        },
    )


def _group_sync(url: str) -> GroupSync | None:
    path = make_url(url).database
    return GroupSync(f"{path}-wal") if path and path != ":memory:" else None


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")  # GroupSync does the rest of FULL, for many commits at once
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("sqlite_immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
