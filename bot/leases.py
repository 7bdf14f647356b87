"""Leases that live as long as their process: renewed while the work goes on, run out soon after a kill.

A dead process's work must be found again while the platform still keeps the bytes (under five minutes), and a check
that takes longer than a lease must not be begun a second time. So leases are short, and one thread renews those held.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from store.database import Database

_log = structlog.get_logger(__name__)

Renewal = Callable[[Session, datetime], object]


class LeaseKeeper:
    """What this process holds. `length` shortens every lease (tests); None leaves each store module its own."""

    def __init__(self, length: timedelta | None = None) -> None:
        self._length = length
        self._lock = threading.Lock()
        self._held: dict[object, Renewal] = {}

    def length(self, usual: timedelta) -> timedelta:
        """How long a lease of a kind that is usually so long lasts here."""
        return self._length or usual

    @contextmanager
    def renewing(self, renewal: Renewal) -> Iterator[None]:
        """While the block runs, `renewal(session, now)` is called every so often, in a transaction of its own."""
        token = object()
        with self._lock:
            self._held[token] = renewal
        try:
            yield
        finally:
            with self._lock:
                del self._held[token]

    def renew(self, database: Database, now: datetime) -> None:
        """Renew everything held. With the database away the leases may run out: whoever finds them does the work."""
        with self._lock:
            held = list(self._held.values())
        if not held:
            return
        failed = 0
        for renewal in held:
            try:
                with database.begin() as session:  # one each: a lease that has to wait holds up no other row
                    renewal(session, now)
            except Exception as error:
                failed += 1
                _log.debug("lease not renewed", error=type(error).__name__)
        if failed:
            _log.warning("leases not renewed", held=len(held), failed=failed)
