"""What each run of the matrix came to, one line of JSON a run, so that a long matrix can be gone on with.

With CRASH_RESULTS=FILE runs of the same source that passed are not done again; each run is added as soon as it ends.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path

from supervised import ROOT

_SOURCE = ("bot", "handlers", "store", "domain", "documents", "simulator", "migrations", "tests/crash")
Run = tuple[str, str, int]


def fingerprint() -> str:
    """Of everything that decides how a run goes; another one after any change."""
    digest = hashlib.sha256()
    for folder in _SOURCE:
        for path in sorted(path for path in (ROOT / folder).rglob("*.py") if not path.name.startswith("test_")):
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Results:
    """The file, if one is asked for. Thread-safe; several processes may add to it."""

    def __init__(self) -> None:
        name = os.environ.get("CRASH_RESULTS", "")
        self._path = Path(name) if name else None
        self._source = fingerprint()
        self._lock = threading.Lock()

    def passed(self) -> set[Run]:
        """Runs of this source without a fault."""
        if self._path is None or not self._path.exists():
            return set()
        lines = map(json.loads, self._path.read_text(encoding="utf-8").splitlines())
        return {
            (line["backend"], line["point"], line["seed"])
            for line in lines
            if line["source"] == self._source and not line["faults"]
        }

    def add(self, run: Run, faults: list[str], seconds: float) -> None:
        """Note how a run ended."""
        if self._path is None:
            return
        line = {
            "source": self._source,
            "backend": run[0],
            "point": run[1],
            "seed": run[2],
            "seconds": round(seconds, 1),
            "faults": faults,
        }
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
