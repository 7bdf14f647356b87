"""Carries nudges to the queue in a thread of its own: nobody waits for the queue, and what is due goes together."""

from __future__ import annotations

import heapq
import itertools
import math
import threading
import time
from collections.abc import Callable, Iterable

from bot.nudge import Waiting

# What is for later becomes due at the end of such a step, so that much of it goes together.
_STEP_SECONDS = 0.05
_STOP_SECONDS = 5.0


class Nudger:
    """Takes nudges at any rate and hands over, as one, all that are due. Those for later wait in this process: if it
    dies they are lost like any nudge, and the tick finds the rows. The thread starts with the first nudge.
    """

    def __init__(self, hand_over: Callable[[Waiting], object]) -> None:
        self._hand_over = hand_over
        self._changed = threading.Condition()
        self._later: list[tuple[float, int, Waiting]] = []
        self._order = itertools.count()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def __call__(self, waiting: Waiting) -> None:
        """Pass this on when its time has come. Returns at once and never raises."""
        if waiting.is_nothing:
            return
        due = _due(waiting)
        with self._changed:
            first = not self._later or due < self._later[0][0]
            heapq.heappush(self._later, (due, next(self._order), waiting))
            if self._thread is None:
                self._thread = threading.Thread(target=self._carry, name="nudger", daemon=True)
                self._thread.start()
            elif first:
                self._changed.notify()

    def stop(self) -> None:
        """Hand over what is due; what is for later stays in the rows."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)

    def _carry(self) -> None:
        while True:
            with self._changed:
                while not self._stopped and (rest := self._until_due()) > 0:
                    self._changed.wait(rest)
                due = self._take_due()
                if self._stopped and not due:
                    return
            self._hand_over(_as_one(due))

    def _until_due(self) -> float:
        return self._later[0][0] - time.monotonic() if self._later else threading.TIMEOUT_MAX

    def _take_due(self) -> list[Waiting]:
        now, due = time.monotonic(), []
        while self._later and self._later[0][0] <= now:
            due.append(heapq.heappop(self._later)[2])
        return due


def _due(waiting: Waiting) -> float:
    seconds = waiting.after.total_seconds()
    now = time.monotonic()
    return now if seconds <= 0 else math.ceil((now + seconds) / _STEP_SECONDS) * _STEP_SECONDS


def _as_one(nudges: Iterable[Waiting]) -> Waiting:
    """All these nudges without what two of them name."""
    gathered = list(nudges)
    return Waiting(
        fetches=tuple(dict.fromkeys(each for nudge in gathered for each in nudge.fetches)),
        lanes=tuple(dict.fromkeys(each for nudge in gathered for each in nudge.lanes)),
        packages=tuple(dict.fromkeys(each for nudge in gathered for each in nudge.packages)),
        batches=tuple(dict.fromkeys(each for nudge in gathered for each in nudge.batches)),
        sends=tuple(dict.fromkeys(each for nudge in gathered for each in nudge.sends)),
        followers=tuple(dict.fromkeys(each for nudge in gathered for each in nudge.followers)),
    )
