"""Files on disk under the SHA-256 of their content: written whole or not at all, never changed afterwards."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.errors import UserError
from store.schema.campaign import Blob

LEAST_FREE_SHARE = 0.10
LEFTOVER_AFTER = timedelta(days=1)
_STORAGE_FULL = (
    "存储空间快满了，这个文件没有收下。以前收到的文件都在，不受影响。"
    "请过一会儿再发一次；如果还是不行，请告诉管理员“磁盘空间不足”。"
)
_ASK_SPACE_EVERY = 16 * 1024 * 1024
_COPY_BYTES = 1 << 20
# Another disk, or one without hard links.
_NO_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK})
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_HASH = re.compile(r"[0-9a-f]{64}")


class BlobsAwayError(RuntimeError):
    """The place where files lie cannot be used now. The text is for whoever runs the service."""


class StorageFullError(UserError):
    """Less than a tenth of the disk is free, or a write found no room. The text is ready for the sender."""

    def __init__(self) -> None:
        super().__init__(_STORAGE_FULL)


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """Bytes that are safe: on disk, synced, under this hash. `size` is in bytes."""

    sha256: str
    size: int


class Writer:
    """Takes the bytes of one file. `stored` is set once the block of `BlobStore.receive` has ended well."""

    def __init__(self, file: BinaryIO, has_room: Callable[[], bool]) -> None:
        self._file = file
        self._has_room = has_room
        self._hash = hashlib.sha256()
        self._until_space_check = _ASK_SPACE_EVERY
        self.size = 0
        self.stored: StoredBlob | None = None

    def write(self, block: bytes) -> None:
        """Append a block. Raises StorageFullError when room runs out on the way."""
        self._until_space_check -= len(block)
        if self._until_space_check < 0:
            if not self._has_room():
                raise StorageFullError
            self._until_space_check = _ASK_SPACE_EVERY
        self._file.write(block)
        self._hash.update(block)
        self.size += len(block)

    def restart(self) -> None:
        """Forget what was written: a broken download begins again."""
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """Hash of what was written so far, lower-case hex."""
        return self._hash.hexdigest()


def free_share(folder: Path) -> float:
    """Which part of the disk under `folder` is free, 0.0 to 1.0."""
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total if usage.total else 0.0


class BlobReader(Protocol):
    """Files that can be looked at: a folder (`BlobFolder`), or wherever `Blobs` lie."""

    def size(self, sha256: str) -> int | None:
        """How many bytes lie under this hash, None where there are none. Raises BlobsAwayError."""

    def verify(self, sha256: str) -> bool:
        """Read the bytes again: whether they are there and still have this hash."""


class Blobs(BlobReader, Protocol):
    """Where files lie: a folder (`BlobStore`) or S3-compatible storage (`store.s3_blobs.S3Blobs`)."""

    def receive(self) -> AbstractContextManager[Writer]:
        """Take in one file: when the block ends well its bytes are safe. Raises StorageFullError, BlobsAwayError."""

    def adopt(self, path: Path) -> StoredBlob:
        """Take in a file that lies on this machine and is never written again; it stays where it is. Raises
        StorageFullError, BlobsAwayError, FileNotFoundError."""

    def open_local(self, sha256: str) -> AbstractContextManager[Path]:
        """A local file with these bytes for as long as the block lasts. Raises FileNotFoundError, BlobsAwayError."""

    def remove(self, sha256: str, *, written_before: datetime) -> bool:
        """Remove the bytes, to which no row refers any more. False when they were written again since `written_before`
        (real time): then they stay. Raises BlobsAwayError."""

    def clean_leftovers(self, now: datetime) -> int:
        """Remove temporary files that a killed process left over a day ago. Returns how many."""

    def check(self) -> None:
        """Raise BlobsAwayError when files can be neither taken in nor read."""


def check_hash(sha256: str) -> None:
    """Raise ValueError for anything but 64 lower-case hex digits: nothing else becomes part of a path."""
    if not _HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256 in lower-case hex")


class BlobFolder:
    """A folder of files named by their hash, `ab/abcdef…`, for reading only: nothing is made or written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where these bytes lie, or would lie. Raises ValueError for anything but 64 lower-case hex digits."""
        check_hash(sha256)
        return self.folder / sha256[:2] / sha256

    def size(self, sha256: str) -> int | None:
        """How many bytes lie under this hash, None where there are none."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def verify(self, sha256: str) -> bool:
        """Read the bytes again: whether they are there and still have this hash."""
        path = self.path(sha256)
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False


class BlobStore(BlobFolder):
    """A folder of files named by their hash, `ab/abcdef…`; temporary files lie in its `tmp`, on the same disk.

    Several processes may use one folder at once. `free` tells which part of the disk is free.
    """

    def __init__(self, folder: Path, free: Callable[[Path], float] = free_share) -> None:
        super().__init__(folder)
        self._temporary = folder / "tmp"
        self._free = free
        self._temporary.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def receive(self) -> Iterator[Writer]:
        """Take in one file: when the block ends the bytes are on disk and synced, or, after any error, gone.

        Raises StorageFullError when less than 10 % of the disk is free, or when it fills up on the way.
        """
        if not self._has_room():
            raise StorageFullError
        with _full_disk_explained():
            descriptor, name = tempfile.mkstemp(dir=self._temporary, prefix="in-")
        temporary = Path(name)
        try:
            with _full_disk_explained():
                with open(descriptor, "wb") as file:  # noqa: PTH123 - mkstemp hands out a descriptor
                    writer = Writer(file, self._has_room)
                    yield writer
                    file.flush()
                    os.fsync(file.fileno())
                    with suppress(PermissionError):  # a disk that knows no rights, such as a stick a backup goes to
                        os.fchmod(file.fileno(), 0o440)  # originals are never changed
                self._publish(temporary, writer.sha256)
            writer.stored = StoredBlob(writer.sha256, writer.size)
        finally:
            temporary.unlink(missing_ok=True)

    def adopt(self, path: Path) -> StoredBlob:
        """Take in a file of this machine without a second copy where the disk is the same; the file stays.

        Nobody may write to it any more. Raises StorageFullError when it has to be copied and there is no room, and
        FileNotFoundError.
        """
        descriptor, name = tempfile.mkstemp(dir=self._temporary, prefix="in-")
        os.close(descriptor)
        own = Path(name)
        try:
            own.unlink()
            own.hardlink_to(path)
            with own.open("rb") as file:
                os.fchmod(file.fileno(), 0o440)
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
            self._publish(own, sha256)
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
            return self._copied(path)
        finally:
            own.unlink(missing_ok=True)
        return StoredBlob(sha256, size)

    def _copied(self, path: Path) -> StoredBlob:
        with self.receive() as writer, path.open("rb") as file:
            while block := file.read(_COPY_BYTES):
                writer.write(block)
        if writer.stored is None:
            raise RuntimeError("a file was received without being stored")
        return writer.stored

    @contextmanager
    def open_local(self, sha256: str) -> Iterator[Path]:
        """A name of these bytes that stays readable for as long as the block lasts. Raises FileNotFoundError."""
        path = self.path(sha256)
        descriptor, name = tempfile.mkstemp(dir=self._temporary, prefix="out-")
        os.close(descriptor)
        own = Path(name)
        try:
            own.unlink()
            own.hardlink_to(path)
            yield own
        finally:
            own.unlink(missing_ok=True)

    def check(self) -> None:
        """Raise BlobsAwayError when the folder is gone or cannot be written."""
        if not os.access(self._temporary, os.R_OK | os.W_OK | os.X_OK):
            raise BlobsAwayError("the folder of files is gone or cannot be written")

    def remove(self, sha256: str, *, written_before: datetime) -> bool:
        """Remove the bytes unless they are younger than that. They are taken aside first and looked at there: whoever
        writes them again in the same moment is not robbed."""
        path = self.path(sha256)
        descriptor, name = tempfile.mkstemp(dir=self._temporary, prefix="gone-")
        os.close(descriptor)
        aside = Path(name)
        try:
            path.replace(aside)
        except FileNotFoundError:
            aside.unlink()
            return True
        if aside.stat().st_mtime >= written_before.timestamp():
            aside.replace(path)
            sync_folder(path.parent)
            return False
        aside.unlink()
        return True

    def clean_leftovers(self, now: datetime) -> int:
        """Remove temporary files that a killed process left over a day ago; `now` is real time. Returns how many."""
        removed = 0
        for path in self._temporary.iterdir():
            try:
                if now.timestamp() - path.stat().st_mtime > LEFTOVER_AFTER.total_seconds():
                    path.unlink()
                    removed += 1
            except FileNotFoundError:  # another process cleans at the same time
                continue
        return removed

    def _has_room(self) -> bool:
        return self._free(self.folder) >= LEAST_FREE_SHARE

    def _publish(self, temporary: Path, sha256: str) -> None:
        target = self.path(sha256)
        if not target.parent.is_dir():
            target.parent.mkdir(exist_ok=True)
            sync_folder(self.folder)
        # Bytes that are there already are replaced by the same bytes: atomic, and it mends a damaged copy.
        temporary.replace(target)
        sync_folder(target.parent)


def record(session: Session, blob: StoredBlob, now: datetime) -> None:
    """Note that these bytes are safe, once. Several processes may do this for the same bytes at once."""
    if session.get(Blob, blob.sha256) is not None:
        return
    try:
        with session.begin_nested():
            session.add(Blob(sha256=blob.sha256, size=blob.size, created_at=now))
    except IntegrityError:
        session.expire_all()


@contextmanager
def _full_disk_explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise StorageFullError from error
        raise


def sync_folder(folder: Path) -> None:
    """What was made or renamed in this folder survives a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
