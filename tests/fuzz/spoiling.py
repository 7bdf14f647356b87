"""Runs spoiled files through the sandbox, many in a child; a child that ends badly has its files read one by one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from batch import Outcome

from validators.limits import Limits
from validators.sandbox import Sandbox

BATCH = 50
COMMAND = (sys.executable, str(Path(__file__).with_name("fuzz_server.py")))
LIMITS = Limits(cpu_s=120, wall_s=240.0)


def run(folder: Path, first: int, count: int, parallel: int = 2) -> Iterator[Outcome]:
    """The outcomes of the files with these numbers, in order."""
    with Sandbox(LIMITS, parallel=parallel, command=COMMAND) as sandbox, ThreadPoolExecutor(parallel) as pool:
        starts = range(first, first + count, BATCH)
        batches = pool.map(lambda start: _batch(sandbox, folder, start, min(BATCH, first + count - start)), starts)
        for outcomes in batches:
            yield from outcomes


def _batch(sandbox: Sandbox, folder: Path, first: int, count: int) -> list[Outcome]:
    path = folder / f"{first}-{count}"
    path.write_text(f"{first} {count}")
    facts = sandbox.read(path, path.name)
    path.unlink()
    if facts.trouble.startswith("["):
        return [Outcome(**outcome) for outcome in json.loads(facts.trouble)]
    if count > 1:
        return [outcome for number in range(first, first + count) for outcome in _batch(sandbox, folder, number, 1)]
    return [Outcome(first, "crash", f"the child ended: {facts.trouble_kind.value}")]
