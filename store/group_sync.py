"""Makes commits of SQLite safe against a power cut, many with one sync of the disk."""

from __future__ import annotations

import os
import threading


class GroupSync:
    """`wait` returns when everything this process had committed before the call is on the disk.

    SQLite appends a commit to its write-ahead log at once and, with synchronous=NORMAL, syncs the log only before it
    moves the log's content into the database. So one fsync of the log makes every commit before it safe, whichever
    thread or process made it. While one thread syncs, the others gather; the next sync is for all of them. Nobody is
    told "stored" before. What lies in the log is always a beginning of what was committed: nothing can survive whose
    cause does not.
    """

    def __init__(self, log: str) -> None:
        self._log = log
        self._changed = threading.Condition()
        self._asked = 0
        self._synced = 0
        self._at_work = False

    def wait(self) -> None:
        """Sync, or wait for a sync that began after this call. Raises OSError when the disk refuses."""
        with self._changed:
            self._asked += 1
            mine = self._asked
            while self._at_work and self._synced < mine:
                self._changed.wait()
            if self._synced >= mine:
                return
            self._at_work = True
            covered = self._asked
        done = False
        try:
            _sync(self._log)
            done = True
        finally:
            with self._changed:
                self._at_work = False
                if done:
                    self._synced = covered
                self._changed.notify_all()


def _sync(log: str) -> None:
    try:
        descriptor = os.open(log, os.O_RDONLY)
    except FileNotFoundError:  # its content has been moved into the database, which SQLite syncs before it lets go
        return
    try:
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)
