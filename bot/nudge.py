"""Nudges: hints that a row is waiting. Rows are the truth; a lost nudge costs time until the next tick, no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a finished transaction left to do: files to fetch, lanes to handle, messages to send, packages to make,
    batches of broadcasts to send or take back; not before `after`.

    `followers` are messages behind an HTTP answer, whose rows are due later only in case this nudge gets lost.
    """

    fetches: tuple[int, ...] = ()
    lanes: tuple[str, ...] = ()
    sends: tuple[int, ...] = ()
    packages: tuple[int, ...] = ()
    followers: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()
    after: timedelta = timedelta(0)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was left to do."""
        return replace(self, after=timedelta(0)) == Waiting()


class Nudge(Protocol):
    """Passes `Waiting` on to whoever works. Must not raise: with the queue down, the tick finds the rows."""

    def __call__(self, waiting: Waiting) -> None:
        """Hand over."""
