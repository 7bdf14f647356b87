"""A copy of the source with some texts exchanged: a well-known mistake, or a later version."""

from __future__ import annotations

import shutil
from pathlib import Path

from supervised import ROOT

_SOURCE = ("answers", "bot", "documents", "domain", "handlers", "migrations", "notices", "store", "validators")


def mutated(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """A copy of the source with these texts exchanged, each of which must be there exactly once.

    A change that no longer applies is an AssertionError: a mutation that changes nothing would prove nothing.
    """
    for package in _SOURCE:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, good, bad in changes:
        source = (folder / name).read_text(encoding="utf-8")
        assert source.count(good) == 1, f"{name} no longer says once: {good}"
        assert good != bad
        (folder / name).write_text(source.replace(good, bad), encoding="utf-8")
    return folder
