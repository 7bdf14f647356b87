"""Times two things in turn, in one process and one run, and prints their ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(step: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """How long one call takes."""
    started = clock()
    step()
    return clock() - started


def compare(
    title: str,
    ours: Callable[[], object],
    other: Callable[[], object],
    other_name: str,
    rounds: int,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> None:
    """Run both alternately, print medians in milliseconds and the median of the paired ratios."""
    ours()
    other()
    pairs = [(seconds(ours, clock), seconds(other, clock)) for _ in range(rounds)]
    mine = statistics.median(pair[0] for pair in pairs) * 1000
    theirs = statistics.median(pair[1] for pair in pairs) * 1000
    ratios = sorted(pair[0] / pair[1] for pair in pairs)
    low, high = ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
    print(
        f"{title:<44} {mine:9.2f} ms   {other_name:<28} {theirs:9.2f} ms   "
        f"ratio {statistics.median(ratios):6.2f}  ({low:.2f}–{high:.2f})"
    )
