"""Random moves by random people from random states: no illegal state, no lost version, no word of another unit, and
counts that equal a recount. `WALKS` and `WALK_STEPS` make it longer: `make walks`."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dialogue_stage import Stage
from random_walk import Walk, with_direct_school
from walk_rules import Rules

from answers import Engine
from bot.engines import Engines
from domain.notice import Notice
from store.blobs import BlobStore
from store.database import Database
from validators.facts import FileFacts
from validators.sandbox import Sandbox

WALKS = int(os.environ.get("WALKS", "1"))
STEPS = int(os.environ.get("WALK_STEPS", "150"))
LEAST_HANDLERS, LEAST_WAYS = 12, 5
NOW = datetime(2023, 5, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(WALKS))
def test_whatever_anybody_says_the_rules_hold(  # noqa: PLR0917 - fixtures
    database: Database,
    notice: Notice,
    engine: Engine,
    sandbox: Sandbox,
    facts: dict[tuple[str, str], FileFacts],
    tmp_path: Path,
    seed: int,
) -> None:
    wider = with_direct_school(notice)
    blobs = BlobStore(tmp_path / "blobs", free=lambda _: 1.0)
    walk = Walk(Stage(database, wider, Engines(wider, engine), sandbox, blobs, facts, NOW), seed)
    walk.begin()
    rules = Rules(walk)
    handlers: Counter[str] = Counter()
    for _ in range(STEPS):
        step = walk.step()
        handlers[step.heard.handler] += 1
        rules.hold(step)
    assert len(handlers) > LEAST_HANDLERS, handlers
    assert len(rules.ways) > LEAST_WAYS, rules.ways
