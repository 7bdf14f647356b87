"""Small writes of many threads in one transaction: one turn at the writers' lock, one commit, one sync for all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Job(Generic[T]):
    """One thread's write, and what became of it. `wake` is released when it is done or its thread is to lead."""

    write: Callable[[Session], T]
    wake: threading.Lock = field(default_factory=threading.Lock)
    done: bool = False
    outcome: T | None = None
    error: BaseException | None = None

    def result(self) -> T:
        if self.error is not None:
            raise self.error
        return cast("T", self.outcome)


class GroupCommit:
    """`run` returns when the write is committed and synced, as if it had been alone.

    There is no thread for this: who comes while nobody leads takes along all who wait, and hands the lead over when
    their writes are on the disk; who comes meanwhile goes with the next. A lone write has no way round. Should one of a
    group fail, the group is rolled back and each write is done alone, so that nobody suffers from another's row; so a
    write may be run twice and may touch nothing but its session.
    """

    def __init__(self, begin: Callable[[], AbstractContextManager[Session]], sync: Callable[[], None]) -> None:
        """`begin` opens a transaction that is committed, not yet synced, at the end of its block."""
        self._begin = begin
        self._sync = sync
        self._lock = threading.Lock()
        self._waiting: list[_Job[Any]] = []
        self._led = False

    @property
    def waiting(self) -> int:
        """How many writes wait for the next group."""
        with self._lock:
            return len(self._waiting)

    def run(self, write: Callable[[Session], T]) -> T:
        """What `write` returns, once it is safe. Raises what it or the database raises."""
        job = _Job(write)
        job.wake.acquire()
        with self._lock:
            self._waiting.append(job)
            leads, self._led = not self._led, True
        if not leads:
            job.wake.acquire()
        if not job.done:
            self._lead(job)
        return job.result()

    def _lead(self, own: _Job[Any]) -> None:
        with self._lock:
            group, self._waiting = self._waiting, []
        error: BaseException | None = None
        try:
            try:
                self._write(group)
                self._sync()
            finally:
                self._hand_over()
        except BaseException as raised:  # noqa: BLE001 - it reaches everybody of the group
            error = raised
        for job in group:
            job.error = job.error or error
            job.done = True
            if job is not own:
                job.wake.release()

    def _hand_over(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting[0].wake.release()
            else:
                self._led = False

    def _write(self, group: list[_Job[Any]]) -> None:
        try:
            with self._begin() as session:
                for job in group:
                    job.outcome = job.write(session)
        except (OperationalError, PoolTimeoutError):
            raise  # the database is away: trying each alone would only take time
        except Exception:
            if len(group) == 1:
                raise
            for job in group:
                self._write_alone(job)

    def _write_alone(self, job: _Job[Any]) -> None:
        try:
            with self._begin() as session:
                job.outcome = job.write(session)
        except Exception as error:  # noqa: BLE001 - raised where it belongs
            job.error = error
