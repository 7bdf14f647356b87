"""kill -9 in the middle of a broadcast to 5,000: everybody has it exactly once, the ledger is whole, N as previewed.

One seed belongs to `make test`; `make crash-broadcast` runs twenty on each set of servers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from broadcast_run import RECALLING, broadcast_run
from installation import Backend

MakeBackend = Callable[[str], AbstractContextManager[Backend]]
BACKENDS = ("sqlite", "postgresql+redis")
SEEDS = range(1, 1 + int(os.environ.get("CRASH_SEEDS", "1")))


@pytest.mark.timeout(400)
@pytest.mark.xdist_group("crash broadcast")
def test_everybody_once_after_a_kill(make_backend: MakeBackend) -> None:
    with make_backend("sqlite") as backend:
        assert broadcast_run(backend, seed=1) == []


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", BACKENDS)
def test_everybody_once_after_a_kill_at_any_batch(make_backend: MakeBackend, kind: str, seed: int) -> None:
    with make_backend(kind) as backend:
        assert broadcast_run(backend, seed) == []


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", BACKENDS)
def test_everything_taken_back_after_a_kill(make_backend: MakeBackend, kind: str, seed: int) -> None:
    with make_backend(kind) as backend:
        assert broadcast_run(backend, seed, RECALLING) == []
