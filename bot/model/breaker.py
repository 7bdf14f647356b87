"""A switch that leaves a failing neighbour alone for a while, so that nobody waits for it in vain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_FAILURES = 3
_REST_S = 60.0


class Breaker:
    """Open after three failures in a row, for 60 s; then one attempt decides. Shared by threads; `now` is monotonic."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_again_at = 0.0

    def allows(self) -> bool:
        """Whether an attempt may be made now. While it rests only one attempt a rest is let through."""
        with self._lock:
            if self._failures < _FAILURES:
                return True
            if self._now() < self._closed_again_at:
                return False
            self._closed_again_at = self._now() + _REST_S
            return True

    def note(self, *, success: bool) -> None:
        """How the attempt ended."""
        with self._lock:
            self._failures = 0 if success else self._failures + 1
            if self._failures >= _FAILURES:
                self._closed_again_at = self._now() + _REST_S
