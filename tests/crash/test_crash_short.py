"""The part of the matrix that belongs to every `make test`: killed inside, at the hand-over, and outside."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SHORT = ("before_commit_of_handling", "after_hand_over_before_answer", "after_send_before_mark")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("point", SHORT)
@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=pytest.mark.xdist_group(f"crash {kind}")) for kind in ("sqlite", "postgresql+redis")],
)
def test_after_a_kill_every_promise_holds(
    runs: Callable[[str, str, int], list[str]], kind: str, point: str, seed: int
) -> None:
    assert runs(kind, point, seed) == []
