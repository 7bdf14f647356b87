"""Engine and transactions: the same code on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from store.group_commit import GroupCommit
from store.group_sync import GroupSync
from store.write_lock import write_lock

_BUSY_TIMEOUT_MS = 20_000
_STATEMENT_TIMEOUT_MS = 20_000
# A checkpoint syncs twice while the writers wait: one for 16 MB of log instead of SQLite's 4.
_CHECKPOINT_PAGES = 4000
# As many connections as a process has threads that want one; the last one given back is the next one used.
_POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "pool_use_lifo": True}
# Who only reads needs no transaction: at READ COMMITTED, and so in all that is written for both engines, it sees no
# more than its statements see one by one.
_READS_ONLY: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
_NO_PLACE_TO_WRITE = "25"  # PostgreSQL's class of SQLSTATE: a read-only transaction, or none for a savepoint
_T = TypeVar("_T")
_R = TypeVar("_R")


class Database:
    """Two connection pools for one URL: one for whoever may write, one for whoever only reads.

    `begin()` is one transaction that may write: committed at the end of the block, rolled back by any exception.
    On SQLite writers of all processes queue at a lock of our own (its busy handler sleeps, is unfair and gives up)
    and take the write lock at once (BEGIN IMMEDIATE, so no upgrade can deadlock). After the commit, outside the lock,
    they wait until it is on the disk: when the block has ended the row survives a power cut.

    `read()` only reads: the database itself refuses to write. `write_after()` is for whoever reads and thinks first.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        make_engine = _sqlite_engine if self.is_sqlite else _postgres_engine
        self.engine = make_engine(url)
        self._readers = make_engine(url, reads_only=True)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._reading_sessions = sessionmaker(self._readers, expire_on_commit=False)
        self._group_sync = GroupSync(f"{make_url(url).database}-wal") if self.is_sqlite else None
        self._group_commit = GroupCommit(self._begin, self._sync) if self.is_sqlite else None
        self._write_lock: AbstractContextManager[Any] = write_lock(url) if self.is_sqlite else nullcontext()

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open one writing transaction. Raises sqlalchemy.exc.OperationalError when the database is away."""
        with self._begin() as session:
            yield session
        self._sync()

    def write_after(self, look: Callable[[Session], _T], write: Callable[[Session, _T | None], _R]) -> _R:
        """Run `look`, which only reads, and with what it found `write` in a writing transaction; what `write` returns,
        once it is safe. `look` found None if it wanted to write.

        Nobody waits for the writers' lock while `look` thinks. What it saw may have changed since: where that matters
        the write has to make sure. Rows it loaded do not belong to the session that is opened. Where something was
        found, the write is small, and SQLite takes it with others in one transaction: see GroupCommit.
        """
        seen = self._look(look)
        if seen is not None and self._group_commit is not None:
            return self._group_commit.run(lambda session: write(session, seen))
        with self.begin() as session:
            return write(session, seen)

    @contextmanager
    def _begin(self) -> Iterator[Session]:
        with self._write_lock, self._sessions() as session:
            if self.is_sqlite:
                session.connection()  # begins
            yield session
            session.commit()

    def _sync(self) -> None:
        if self._group_sync is not None:
            self._group_sync.wait()

    def _look(self, look: Callable[[Session], _T]) -> _T | None:
        try:
            with self.read() as session:
                seen = look(session)
                return None if session.new or session.dirty or session.deleted else seen
        except DBAPIError as error:
            if not _refused_to_write(error):
                raise
            return None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Read what is committed; it stays readable after the block. Raises sqlalchemy.exc.DBAPIError when something
        writes."""
        with self._reading_sessions() as session:
            yield session

    def ping(self) -> None:
        """Ask the database for a sign of life. Raises sqlalchemy.exc.OperationalError when there is none."""
        with self._readers.connect() as connection:
            connection.execute(text("select 1"))

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        self._readers.dispose()


def _refused_to_write(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or ""
    return state.startswith(_NO_PLACE_TO_WRITE) or getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY


def _postgres_engine(url: str, *, reads_only: bool = False) -> Engine:
    options = f"-c statement_timeout={_STATEMENT_TIMEOUT_MS} -c timezone=UTC"
    if reads_only:
        options += " -c default_transaction_read_only=on"
    return create_engine(
        url,
        hide_parameters=True,  # errors are logged, what people wrote is not
        pool_timeout=3,  # a callback has 5 s in all: better a 5xx, which the platform repeats, than no answer
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3, "options": options},
        **(_READS_ONLY if reads_only else {"isolation_level": "READ COMMITTED"}),
        **_POOL,
    )


def _sqlite_engine(url: str, *, reads_only: bool = False) -> Engine:
    waits = {"timeout": _BUSY_TIMEOUT_MS / 1000}
    engine = create_engine(
        url, hide_parameters=True, connect_args=waits, **(_READS_ONLY if reads_only else {}), **_POOL
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")  # GroupSync does the rest of FULL, for many commits at once
        cursor.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA query_only={'ON' if reads_only else 'OFF'}")
        cursor.close()

    if not reads_only:  # by the dialect: with a listener for "begin" every statement would look for listeners
        engine.dialect.do_begin = _begin_immediate  # type: ignore[method-assign]
    return engine


def _begin_immediate(dbapi_connection: Any) -> None:
    dbapi_connection.execute("BEGIN IMMEDIATE")
