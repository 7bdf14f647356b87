"""Where `check` puts the copies: into a folder of the user's choice, under names of our own, never over a file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import IO

from bot.commands.check_report import Copy
from bot.commands.check_targets import why
from bot.copy_orders import Said
from documents.naming import copy_name

Make = Callable[[IO[bytes]], Said]


def make_copies(folders: Mapping[str, Path], makers: Mapping[str, Make], original: str) -> dict[str, Copy]:
    """One copy for each folder, by their Chinese names; what went wrong is told in its place."""
    return {what: _make_copy(folder, makers[what], original, what) for what, folder in folders.items()}


def _make_copy(folder: Path, make: Make, original: str, what: str) -> Copy:
    try:
        with tempfile.TemporaryFile() as result:
            said = make(result)
            if said.refused:
                return Copy(trouble=said.refused)
            result.seek(0)
            return Copy(str(_kept(result, folder, original, what)), changes=said.changes)
    except OSError as error:
        return Copy(trouble=why(error))


def _kept(data: IO[bytes], folder: Path, original: str, what: str) -> Path:
    """Write under the first free name. Opening exclusively neither overwrites a file nor follows a link."""
    for number in count(1):
        path = folder / copy_name(original, what, number)
        try:
            target = path.open("xb")
        except FileExistsError:
            continue
        try:
            with target:
                shutil.copyfileobj(data, target)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError  # there is always a next number
