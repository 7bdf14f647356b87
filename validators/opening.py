"""Opening what may not be a file at all: a pipe, a socket or a device would keep its reader waiting for ever."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import IO


class NotAFileError(OSError):
    """The path leads to something other than a regular file."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, "not a regular file", str(path))


def open_regular(path: Path) -> IO[bytes]:
    """The file at `path`, open for reading, following links. Never waits. Raises NotAFileError for a folder, pipe,
    socket or device, else the system's own OSError."""
    # Looked at before it is opened, because opening alone sets some devices going; and again afterwards, because the
    # path may lead elsewhere by then.
    _demand_regular(path.stat().st_mode, path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        _demand_regular(os.fstat(descriptor).st_mode, path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _demand_regular(mode: int, path: Path) -> None:
    if not stat.S_ISREG(mode):
        raise NotAFileError(path)
