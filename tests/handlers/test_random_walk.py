"""Random moves by random people from random states: no illegal state, no lost version, no word of another unit, and
counts that equal a recount. `WALKS` and `WALK_STEPS` make it longer: `make walks`."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime

import pytest
from dialogue_stage import OpenStage
from random_walk import Walk, with_direct_school
from walk_rules import Rules

from domain.notice import Notice

WALKS = int(os.environ.get("WALKS", "1"))
STEPS = int(os.environ.get("WALK_STEPS", "150"))
LEAST_HANDLERS, LEAST_WAYS = 12, 5
NOW = datetime(2023, 5, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(WALKS))
def test_whatever_anybody_says_the_rules_hold(open_stage: OpenStage, notice: Notice, seed: int) -> None:
    walk = Walk(open_stage(NOW, with_direct_school(notice)), seed)
    walk.begin()
    rules = Rules(walk)
    handlers: Counter[str] = Counter()
    for _ in range(STEPS):
        step = walk.step()
        handlers[step.heard.handler] += 1
        rules.hold(step)
    assert len(handlers) > LEAST_HANDLERS, handlers
    assert len(rules.ways) > LEAST_WAYS, rules.ways
