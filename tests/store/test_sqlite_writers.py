"""SQLite's writers: one at a time over processes, and nobody is told "stored" before the disk has it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from store import group_sync, settings
from store.database import Database
from store.group_sync import GroupSync
from store.schema.mail import Setting


def test_every_commit_is_followed_by_a_sync_that_began_after_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order of events, seen from outside: commit, sync of the log, only then the end of the block."""
    database = Database(sqlite_url)
    seen: list[str] = []
    real = os.fdatasync

    def watched(descriptor: int) -> None:
        with database.read() as session:
            seen.append(f"sync of {session.scalar(select(func.count()).select_from(Setting))}")
        assert Path(f"/proc/self/fd/{descriptor}").readlink().name.endswith("-wal")
        real(descriptor)

    monkeypatch.setattr(group_sync.os, "fdatasync", watched)
    for number in range(2):
        with database.begin() as session:
            settings.get_or_fix(session, f"n{number}", "x")
        seen.append("told")
    database.close()
    assert seen == ["sync of 1", "told", "sync of 2", "told"]


def test_a_disk_that_refuses_to_sync_is_an_error(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    database = Database(sqlite_url)
    monkeypatch.setattr(group_sync.os, "fdatasync", refuse)
    with pytest.raises(OSError, match="Input/output"), database.begin() as session:
        settings.get_or_fix(session, "n", "x")
    monkeypatch.undo()
    with database.begin() as session:  # the next one is not blocked by the failed one
        settings.get_or_fix(session, "m", "x")
    database.close()


def test_who_asks_during_a_sync_waits_for_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "db-wal"
    log.touch()
    began, go_on, syncs = threading.Event(), threading.Event(), []

    def slow(_descriptor: int) -> None:
        syncs.append(len(syncs))
        began.set()
        assert go_on.wait(10)

    monkeypatch.setattr(group_sync.os, "fdatasync", slow)
    shared = GroupSync(str(log))
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(shared.wait)
        assert began.wait(10)
        others = [pool.submit(shared.wait) for _ in range(8)]
        while shared._asked < 9:
            threading.Event().wait(0.001)
        assert not any(other.done() for other in others)
        go_on.set()
        for waiting in (first, *others):
            waiting.result(10)
    assert len(syncs) == 2  # one for the first, one for all who came during it


def test_writers_of_two_processes_take_turns(sqlite_url: str) -> None:
    """Each adds 1 to one number a hundred times, reading before writing: a lost turn would lose a count."""
    script = textwrap.dedent("""
        import sys
        from sqlalchemy import text
        from store.database import Database
        database = Database(sys.argv[1])
        for _ in range(100):
            with database.begin() as session:
                value = int(session.scalar(text("select value from setting where name = 'n'")))
                session.execute(text("update setting set value = :v where name = 'n'"), {"v": str(value + 1)})
        database.close()
    """)
    database = Database(sqlite_url)
    with database.begin() as session:
        settings.get_or_fix(session, "n", "0")
    processes = [subprocess.Popen([sys.executable, "-c", script, sqlite_url]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    with database.read() as session:
        assert session.scalar(text("select value from setting where name = 'n'")) == "200"
    database.close()
