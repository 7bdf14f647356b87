"""One writer of a SQLite file at a time, over threads and processes, woken at once when it is their turn."""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from sqlalchemy.engine import make_url


class FileLock:
    """A lock for the threads of this process (re-entrant) and, by flock on `path`, for all processes of this machine.

    The system lets go of it when a process dies. SQLite's own lock still decides: where flock does not reach, over
    several machines, writers only wait longer.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._threads = threading.RLock()
        self._depth = 0
        self._descriptor = -1

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            if self._depth == 0:
                if self._descriptor < 0:
                    self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            self._depth += 1
        except BaseException:
            self._threads.release()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._threads.release()

    def __del__(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)


def write_lock(url: str) -> AbstractContextManager[Any]:
    """The lock writers of this SQLite URL queue at: beside the file, or in this process for one in memory."""
    path = make_url(url).database
    if not path or path == ":memory:":
        return threading.RLock()
    return FileLock(f"{path}-writers")
