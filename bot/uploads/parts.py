"""Uploads that are not complete yet: one file each, in one folder that all web processes of a machine share.

How much of a file counts is told by its row, never by its size: what a killed process wrote beyond is cut off.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.uploads.protocol import Checksum
from store.blobs import LEAST_FREE_SHARE, StorageFullError

SYNC_EVERY = 16 << 20
_ID = re.compile(r"[0-9a-f]{32}")
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class LockedError(Exception):
    """Another request is writing to this upload."""


class Parts:
    """The folder. `disk` tells total and free bytes of the disk it is on."""

    def __init__(self, folder: Path, disk: Callable[[Path], tuple[int, int]] | None = None) -> None:
        self.folder = folder
        self._disk = disk or _disk
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, upload_id: str) -> Path:
        """Where this upload's bytes lie. Raises ValueError for anything but an id of ours."""
        if not _ID.fullmatch(upload_id):
            raise ValueError("not an upload's id")
        return self.folder / f"{upload_id}.part"

    def has_room(self, more: int) -> bool:
        """Whether `more` bytes leave a tenth of the disk free."""
        total, free = self._disk(self.folder)
        return free - more >= total * LEAST_FREE_SHARE

    @contextmanager
    def hold(self, upload_id: str, *, writes: bool = True) -> Iterator[BinaryIO]:
        """The upload's file, for one request at a time over all processes. Raises LockedError at once; a process that
        is killed holds nothing any more. FileNotFoundError for a file that is not there."""
        with self.path(upload_id).open("r+b" if writes else "rb", buffering=0) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LockedError from None
            yield file

    def create(self, upload_id: str) -> None:
        """An empty file, which survives a power cut."""
        with self.path(upload_id).open("xb"):
            pass
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def remove(self, upload_id: str) -> None:
        """Give the room back."""
        self.path(upload_id).unlink(missing_ok=True)

    def older_than(self, instant: datetime) -> list[str]:
        """The uploads whose file was last written before (real time)."""
        found = []
        for path in self.folder.glob("*.part"):
            try:
                old = path.stat().st_mtime < instant.timestamp()
            except FileNotFoundError:  # another process sweeps at the same time
                continue
            if old and _ID.fullmatch(path.stem):
                found.append(path.stem)
        return sorted(found)


class Landing:
    """Writes what arrives behind what counts, and says so through `note(before, now)` once it is on the disk. With a
    `check` nothing counts before all of it has arrived and matches."""

    def __init__(
        self, file: BinaryIO, offset: int, note: Callable[[int, int], None], check: Checksum | None = None
    ) -> None:
        self._file = file
        self._note = note
        self._expected = None if check is None else check.digest
        self._digest = None if check is None else check.start()
        self.counted = self.offset = offset
        file.truncate(offset)
        file.seek(offset)

    def write(self, block: bytes) -> None:
        """Take a block. Raises StorageFullError."""
        try:
            view = memoryview(block)
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            if error.errno in _NO_SPACE:
                raise StorageFullError from error
            raise
        self.offset += len(block)
        if self._digest is not None:
            self._digest.update(block)
        elif self.offset - self.counted >= SYNC_EVERY:
            self.settle()

    def break_off(self) -> None:
        """No more will come: what is good without the rest counts."""
        if self._digest is None:
            self.settle()

    def end(self) -> bool:
        """Everything has come: it counts, unless it does not match; then it is forgotten."""
        if self._digest is not None and self._digest.digest() != self._expected:
            self._file.truncate(self.counted)
            return False
        self.settle()
        return True

    def settle(self) -> None:
        """What was written is on the disk and counts."""
        if self.offset > self.counted:
            os.fsync(self._file.fileno())
            self._note(self.counted, self.offset)
            self.counted = self.offset


def _disk(folder: Path) -> tuple[int, int]:
    status = os.statvfs(folder)
    return status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize
