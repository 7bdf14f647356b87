"""Verify: whether what is stored is as promised. Reads only, beside a running service."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from bot.migrating import newest_revision
from bot.safekeeping.checks import CHECKS, Fault, Scene, file_fault
from bot.safekeeping.opening import CannotBeDoneError, Installation
from store import soundness
from store.blobs import BlobReader
from store.database import Database

_OLD_TABLES = "数据库还是旧版本的表。请先用这个版本启动一次服务，它会自己升级，再运行这个命令。"
_NO_FOLDER = "存放文件的文件夹 {folder} 不见了，却登记着 {count} 个文件。请检查磁盘有没有挂上、DATA_DIR 对不对。"


def drawn(files: Sequence[tuple[str, int]], sample: int | None) -> frozenset[str]:
    """The hashes of those whose bytes are to be read: all, or so many drawn by lot."""
    hashes = [sha256 for sha256, _ in files]
    return frozenset(hashes if sample is None or sample >= len(hashes) else random.sample(hashes, sample))


def check_rows(installation: Installation, now: datetime) -> Iterator[Fault]:
    """Every check of the table; `now` is real time. Raises CannotBeDoneError when this program's tables are newer."""
    if installation.revision < newest_revision():
        raise CannotBeDoneError(_OLD_TABLES)
    with installation.database.read() as session:
        scene = Scene(session, installation.notice, now)
        for check in CHECKS:
            yield from check.faults(scene)


def files_of(installation: Installation) -> list[tuple[str, int]]:
    """Hash and size of every file the rows name. Raises CannotBeDoneError when the folder they lie in is gone."""
    with installation.database.read() as session:
        files = soundness.blobs(session)
    folder = installation.folder / "blobs"
    if files and not installation.settings.blob_url and not folder.is_dir():
        raise CannotBeDoneError(_NO_FOLDER.format(folder=folder, count=len(files)))
    return files


def check_files(
    installation: Installation, files: Sequence[tuple[str, int]], read: Collection[str]
) -> Iterator[tuple[int, Fault | None]]:
    """Whether each is there with its size, and those in `read` with their bytes. Gives for each how many bytes were
    read, and what is wrong. Raises BlobsAwayError."""
    blobs = installation.blobs()
    for sha256, size in files:
        reads = sha256 in read
        wrong = wrong_with(blobs, sha256, size, read=reads)
        yield (size if reads else 0), _fault(installation.database, sha256, wrong) if wrong else None


def wrong_with(blobs: BlobReader, sha256: str, size: int, *, read: bool) -> str:
    """What is wrong with these bytes, as `file_fault` takes it; "" for nothing. Raises BlobsAwayError."""
    try:
        held = blobs.size(sha256)
        if held is None:
            return "missing"
        if held != size:
            return "size"
        return "" if not read or blobs.verify(sha256) else "bytes"
    except OSError:
        return "unreadable"


def _fault(database: Database, sha256: str, wrong: str) -> Fault | None:
    with database.read() as session:
        if not soundness.is_wanted(session, sha256):  # it was kept for a day only, and has just gone
            return None
        return file_fault(sha256, wrong, soundness.receipts_of(session, sha256))
