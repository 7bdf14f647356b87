"""Nudges on their way to the queue: passed on at once or in their time, together, and nobody waits for the queue."""

from __future__ import annotations

import queue
import threading
import time
from datetime import timedelta

from bot.nudge import Waiting
from bot.nudging import Nudger

LIMIT_S = 30


def test_a_nudge_is_passed_on_and_an_empty_one_is_not() -> None:
    passed: queue.Queue[Waiting] = queue.Queue()
    nudge = Nudger(passed.put)
    nudge(Waiting(after=timedelta(seconds=1)))
    nudge(Waiting(fetches=(1,), lanes=("a",), sends=(2,), followers=(3,)))
    assert passed.get(timeout=LIMIT_S) == Waiting(fetches=(1,), lanes=("a",), sends=(2,), followers=(3,))
    nudge.stop()
    assert passed.empty()


def test_what_comes_while_the_queue_is_slow_goes_together_and_once() -> None:
    passed: list[Waiting] = []
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def slowly(waiting: Waiting) -> None:
        passed.append(waiting)
        begun.set()
        assert go_on.wait(LIMIT_S)
        if len(passed) > 1:
            done.set()

    nudge = Nudger(slowly)
    nudge(Waiting(lanes=("a",)))
    assert begun.wait(LIMIT_S)
    for each in (Waiting(lanes=("b",)), Waiting(sends=(1,)), Waiting(lanes=("b", "c"))):
        nudge(each)  # returns although the queue does not
    go_on.set()
    assert done.wait(LIMIT_S)
    nudge.stop()
    assert passed == [Waiting(lanes=("a",)), Waiting(lanes=("b", "c"), sends=(1,))]


def test_a_nudge_for_later_is_not_passed_on_before_and_holds_up_no_other() -> None:
    passed: queue.Queue[tuple[float, Waiting]] = queue.Queue()
    nudge = Nudger(lambda waiting: passed.put((time.monotonic(), waiting)))
    started = time.monotonic()
    nudge(Waiting(sends=(1,), after=timedelta(seconds=0.4)))
    nudge(Waiting(sends=(2,)))
    assert passed.get(timeout=LIMIT_S)[1] == Waiting(sends=(2,))
    at, later = passed.get(timeout=LIMIT_S)
    assert later == Waiting(sends=(1,))
    assert at - started >= 0.4
    nudge.stop()


def test_what_is_for_later_stays_in_the_rows_at_the_end() -> None:
    passed: list[Waiting] = []
    nudge = Nudger(passed.append)
    nudge(Waiting(sends=(1,), after=timedelta(hours=1)))
    nudge.stop()
    assert passed == []
