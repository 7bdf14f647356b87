"""kill -9 at every named place, on both sets of servers: nothing acknowledged is lost, nothing happens twice.

One seed with `make crash`, ten with `CRASH_SEEDS=10 make crash`.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from bot.fail_points import FAIL_POINTS

SEEDS = range(1, int(os.environ.get("CRASH_SEEDS", "1")) + 1)
BACKENDS = ("sqlite", "postgresql+redis")


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("point", FAIL_POINTS)
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.xdist_group(f"crash {kind}")) for kind in BACKENDS]
)
def test_after_a_kill_every_promise_holds(
    runs: Callable[[str, str, int], list[str]], kind: str, point: str, seed: int
) -> None:
    assert runs(kind, point, seed) == []
