"""What lies in a ZIP that a person sent: names as they wrote them, and where in the unpacked bytes each file is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of a ZIP: its path with forward slashes, fit to be shown, and its bytes from `start` on. `trouble` is a
    Chinese sentence when it could not be unpacked; then `size` is 0."""

    path: str
    start: int = 0
    size: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """All files of a ZIP in its own order. `refused` says in Chinese why there are none; `passed_over` counts what
    computers put there by themselves."""

    files: tuple[Packed, ...] = ()
    refused: str = ""
    passed_over: int = 0
