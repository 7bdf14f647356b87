"""The append-only record of what the platform sent, saw, accepted and refused: what tests and the side panel read."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `number` grows by one; `at` is seconds since the epoch; `data` depends on `kind`.

    Kinds: `callback` (handed to the product, with its tries), `try` (one HTTP exchange of it), `reply` (decrypted),
    `refresh`, `violation`, `not_delivered`, `api` (a call answered, with errcode), `accepted`, `delivered`,
    `duplicate`, `dropped`, `invalid`, `unlicensed`, `truncated`, `upload`, `recall`, `card_updated`, `media_url`,
    `response_url`, `verify`, `fault`, `stream_finished`, `stream_expired`.
    """

    number: int
    at: float
    kind: str
    userid: str
    channel: str
    data: dict[str, Any]


class Pulse:
    """One lock and condition for everything that can change, so that a test can wait for any state."""

    def __init__(self) -> None:
        self.condition = threading.Condition(threading.RLock())
        self.count = 0

    def beat(self) -> int:
        """Say that something changed; gives the new count."""
        with self.condition:
            self.count += 1
            self.condition.notify_all()
            return self.count


class Ledger:
    """Thread-safe; nothing is ever changed or removed. With `path`, each entry is also one line of JSON there."""

    def __init__(self, pulse: Pulse, clock: Callable[[], float], path: Path | None = None) -> None:
        self._pulse = pulse
        self._clock = clock
        self._path = path
        self._entries: list[Entry] = []

    def add(self, kind: str, userid: str = "", channel: str = "", **data: Any) -> Entry:
        """Append one entry and return it."""
        with self._pulse.condition:
            entry = Entry(len(self._entries) + 1, self._clock(), kind, userid, channel, data)
            self._entries.append(entry)
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(entry), ensure_ascii=False, default=str) + "\n")
        self._pulse.beat()
        return entry

    def entries(self, kind: str | None = None, userid: str | None = None, after: int = 0, **match: Any) -> list[Entry]:
        """Entries in order, narrowed by kind, person, number and equal values in `data`."""
        with self._pulse.condition:
            found = list(self._entries[after:])
        return [
            entry
            for entry in found
            if (kind is None or entry.kind == kind)
            and (userid is None or entry.userid == userid)
            and all(entry.data.get(key) == value for key, value in match.items())
        ]

    def violations(self) -> list[Entry]:
        """Everything the product did that the documents forbid: empty for a correct product."""
        return self.entries(kind="violation")
