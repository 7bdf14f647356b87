"""Copies of the whole database as it was at one moment, taken while others write: SQLite's own backup, or pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from store.blobs import StoredBlob
from store.database import Database

_FILES = "select sha256, size from blob order by sha256"
_REVISION = "select version_num from alembic_version"
_BUSY_S = 20
_OLDER_THAN_SERVER, _FULL_DISK = "version mismatch", "No space left"


class DamagedDatabaseError(RuntimeError):
    """The database itself is damaged: there is no sound copy to be had. The text is what SQLite says."""


class NoDumpProgramError(RuntimeError):
    """pg_dump is not installed."""


class OldDumpProgramError(RuntimeError):
    """The pg_dump that is installed is older than the server."""


class NoRoomForDumpError(RuntimeError):
    """The disk filled up under pg_dump."""


class DumpFailedError(RuntimeError):
    """pg_dump gave up. The text is the last thing it said, without secrets."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a copy holds: the revision of its tables, and every file that it names."""

    revision: str
    files: tuple[StoredBlob, ...]


def take(database: Database, target: Path) -> Snapshot:
    """Write a copy of the database to `target`, readable for its owner only, and sync it.

    Raises the errors above, OSError, sqlite3.Error, and sqlalchemy.exc.SQLAlchemyError when the database is away. What
    is left at `target` then is no copy."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    url = make_url(database.url)
    snapshot = _copy_sqlite(url.database or "", target) if database.is_sqlite else _dump_postgres(database, url, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return snapshot


def _copy_sqlite(source: str, target: Path) -> Snapshot:
    """In one step: with pauses it would begin anew whenever somebody writes. Writers are not held up. The copy is one
    file: it needs no log beside it, and can be read where nothing may be written."""
    address = f"file:{quote(os.path.abspath(source))}?mode=rw"  # noqa: PTH100 - links are SQLite's own affair
    with (
        closing(sqlite3.connect(address, uri=True, timeout=_BUSY_S)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        try:
            copy.execute("pragma locking_mode=exclusive")  # nobody else has it open: no shared memory on a share's disk
            live.backup(copy)
            copy.execute("pragma journal_mode=delete")
            said = copy.execute("pragma integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise
            raise DamagedDatabaseError(str(error)) from error
        if said != "ok":
            raise DamagedDatabaseError(said)
        return _snapshot(copy.execute(_REVISION).fetchall(), copy.execute(_FILES).fetchall())


def _dump_postgres(database: Database, url: URL, target: Path) -> Snapshot:
    """pg_dump and the list of files see the very same snapshot of the rows."""
    program = shutil.which("pg_dump")
    if program is None:
        raise NoDumpProgramError
    reading = database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reading.connect() as connection:
        name = connection.scalar(text("select pg_export_snapshot()"))
        found = _snapshot(connection.execute(text(_REVISION)).all(), connection.execute(text(_FILES)).all())
        address, secrets = _without_password(url)
        options = ["--format=custom", "--no-password", f"--snapshot={name}", f"--file={target}", f"--dbname={address}"]
        done = subprocess.run(  # noqa: S603 - a program of the system, no shell, settings of the installation
            [program, *options], env=os.environ | secrets, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    if done.returncode == 0:
        return found
    said = done.stderr.decode(errors="replace").strip()
    if _OLDER_THAN_SERVER in said:
        raise OldDumpProgramError
    if _FULL_DISK in said:
        raise NoRoomForDumpError
    raise DumpFailedError(said.splitlines()[-1] if said else f"pg_dump: {done.returncode}")


def _without_password(url: URL) -> tuple[str, dict[str, str]]:
    """The address as the command line may show it, to everybody on the machine, and the rest for the environment."""
    written = url.query.get("password")
    password = written if isinstance(written, str) else url.password
    bare = url.set(drivername="postgresql").difference_update_query(["password"])
    bare = URL.create("postgresql", bare.username, None, bare.host, bare.port, bare.database, bare.query)
    # Messages are read for one word of theirs: in English, whatever the machine speaks.
    secrets = {"LC_ALL": "C"} | ({} if password is None else {"PGPASSWORD": password})
    return bare.render_as_string(hide_password=False), secrets


def _snapshot(revisions: Sequence[Sequence[object]], files: Sequence[Sequence[object]]) -> Snapshot:
    return Snapshot(str(revisions[0][0]), tuple(StoredBlob(str(sha256), int(str(size))) for sha256, size in files))
