"""What a check finds: a verdict and one line for whoever runs the service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended. `wrong` has to be put right; `warning` works, but not as it should; `unchecked` says nothing
    about the installation."""

    RIGHT = "right"
    WARNING = "warning"
    WRONG = "wrong"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen and, unless all is right, what to do next. For `unchecked` `seen` is the reason. No secret."""

    verdict: Verdict
    seen: str
    advice: str = ""


def right(seen: str) -> Finding:
    """All is as it should be."""
    return Finding(Verdict.RIGHT, seen)


def warning(seen: str, advice: str) -> Finding:
    """It works, but somebody should look after it."""
    return Finding(Verdict.WARNING, seen, advice)


def wrong(seen: str, advice: str) -> Finding:
    """Something does not work before it is put right."""
    return Finding(Verdict.WRONG, seen, advice)


def unchecked(reason: str) -> Finding:
    """Nothing can be said, and why."""
    return Finding(Verdict.UNCHECKED, reason)
