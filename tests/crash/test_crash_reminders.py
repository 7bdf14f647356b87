"""kill -9 while a round of reminders goes out: nobody is reminded twice, nobody is forgotten.

One belongs to `make test`; `make crash-reminders` runs every place of both sets of servers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from installation import Backend
from reminder_run import POINTS, reminder_run

MakeBackend = Callable[[str], AbstractContextManager[Backend]]
BACKENDS = ("sqlite", "postgresql+redis")
SEEDS = range(1, 1 + int(os.environ.get("CRASH_SEEDS", "1")))


@pytest.mark.timeout(300)
def test_everybody_is_reminded_once_after_a_kill(make_backend: MakeBackend) -> None:
    with make_backend("sqlite") as backend:
        assert reminder_run(backend, 1, "after_reminders_queued") == []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kind", BACKENDS)
def test_everybody_is_reminded_once_wherever_it_dies(
    make_backend: MakeBackend, kind: str, point: str, seed: int
) -> None:
    with make_backend(kind) as backend:
        assert reminder_run(backend, seed, point) == []
