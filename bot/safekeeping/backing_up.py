"""Backup: the database as it is now, then the files it names, into a folder that may hold earlier backups."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from bot.commands.check_targets import why
from bot.safekeeping.backup_folder import FILES, NAME, BackupFolder, Manifest, digest_of, digest_of_folder
from bot.safekeeping.opening import CannotBeDoneError, Installation
from domain.wording import show_size
from store import snapshots, soundness
from store.blobs import NO_SPACE, BlobFolder, BlobStore, StorageFullError, StoredBlob, Writer

_INSIDE = "备份不能放在 DATA_DIR（{data}）里面：磁盘坏了会一起丢。请换一个文件夹，最好在另一块盘上。"
_NOT_WRITABLE = "写不了 {folder}：{reason}"
_BUSY = "另一个备份正在往 {folder} 里写。请等它结束再试。"
_NO_ROOM = "{folder} 所在的磁盘放不下：还要 {need}，只剩 {free}。请腾出空间或换一块盘，再运行一次；以前的备份都还在。"
_FULL = "{folder} 所在的磁盘写满了，这次没有备份成。请腾出空间再运行一次；以前的备份都还在。"
_DAMAGED = "数据库已经损坏（{said}），没有做成新的备份，以前的备份一份也没有删。请停掉服务，从最近的备份恢复。"
_NO_PROGRAM = (
    "没有找到 pg_dump。请装上 PostgreSQL 的客户端（如 sudo apt install postgresql-client），"
    "版本不低于数据库，再试一次。"
)
_OLD_PROGRAM = "这台机器上的 pg_dump 比数据库旧，备不了。请装上和数据库同版本或更新的 PostgreSQL 客户端，再试一次。"
_DUMP_FAILED = "pg_dump 没有做成：{said}。请检查 DATABASE_URL 和数据库的权限，再试一次。"
_NO_FOLDER = "存放文件的文件夹 {folder} 不见了，却登记着 {count} 个文件。请检查磁盘有没有挂上、DATA_DIR 对不对。"
_COPY_BYTES = 1 << 20


class DamagedError(CannotBeDoneError):
    """What should be saved is spoilt itself. The text is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Copied:
    """One file after its turn: how many bytes were copied, and what was wrong, "" for nothing."""

    file: StoredBlob
    copied: int
    wrong: str = ""
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup under way: the database's copy is made, the files are to follow."""

    installation: Installation
    folder: BackupFolder
    made_at: datetime
    database: str
    snapshot: snapshots.Snapshot

    @property
    def keeps_files(self) -> bool:
        """Whether the files are ours to save; else they lie with the storage."""
        return not self.installation.settings.blob_url

    def copy_files(self) -> Iterator[Copied]:
        """Bring over every file that is not in the folder, hashed on the way. Raises CannotBeDoneError without room."""
        source = BlobFolder(self.installation.folder / FILES)
        target = BlobStore(self.folder.path / FILES, free=lambda _: 1.0)
        wanted = [file for file in self.snapshot.files if target.size(file.sha256) != file.size]
        self._see_room(source, wanted)
        new = {file.sha256 for file in wanted}
        for file in self.snapshot.files:
            if file.sha256 not in new:
                yield Copied(file, 0)
                continue
            wrong = _copy(source, target, file, self.folder.path)
            gone = wrong == "missing" and not self._is_wanted(file.sha256)
            yield Copied(file, 0 if wrong else file.size, "" if gone else wrong, gone)

    def finish(self, copied: Sequence[Copied]) -> Manifest:
        """Write the manifest: from now on there is one backup more. Raises CannotBeDoneError."""
        files = tuple(each.file for each in copied if not each.forgotten) if self.keeps_files else self.snapshot.files
        part = self.folder.part(self.database)
        manifest = Manifest(
            made_at=self.made_at.isoformat(),
            database=self.database,
            database_sha256=digest_of(part),
            database_bytes=part.stat().st_size,
            revision=self.snapshot.revision,
            notice=self.installation.notice.id,
            notice_sha256=digest_of_folder(self.installation.settings.notice),
            file_count=len(files),
            file_bytes=sum(file.size for file in files),
            files_kept=self.keeps_files,
            files=files,
        )
        self.folder.publish(manifest)
        return manifest

    def _see_room(self, source: BlobFolder, wanted: Sequence[StoredBlob]) -> None:
        if wanted and not source.folder.is_dir():
            raise CannotBeDoneError(_NO_FOLDER.format(folder=source.folder, count=len(self.snapshot.files)))
        _see_room(self.folder.path, sum(file.size for file in wanted))

    def _is_wanted(self, sha256: str) -> bool:
        with self.installation.database.read() as session:
            return soundness.is_wanted(session, sha256)


@contextmanager
def begun(installation: Installation, path: Path) -> Iterator[Backup]:
    """Make the folder ready and the copy of the database; what is not finished in the block leaves no backup.

    Raises CannotBeDoneError with a sentence, DamagedError when the database is spoilt."""
    folder = BackupFolder(_made_ready(installation, path))
    with _explained(folder.path), ExitStack() as held:
        try:
            held.enter_context(folder.alone())
        except BlockingIOError:
            raise CannotBeDoneError(_BUSY.format(folder=folder.path)) from None
        made_at = datetime.now(UTC).astimezone(installation.notice.timezone).replace(microsecond=0)
        name = _free_name(folder.path, made_at, "db" if installation.database.is_sqlite else "dump")
        held.callback(folder.part(name).unlink, missing_ok=True)
        if installation.database.is_sqlite:
            _see_room(folder.path, Path(installation.database.engine.url.database or "").stat().st_size)
        snapshot = _snapshot(installation, folder.part(name))
        yield Backup(installation, folder, made_at, name, snapshot)


def prune(folder: BackupFolder, keep: int, notice: str) -> tuple[int, int, list[str]]:
    """Of this notice's backups remove all but the newest `keep`, and the files that none names any more; those of other
    campaigns stay. Where something is not whole, whose files nobody can tell, no file goes. Returns how many backups
    went, how many files, and what is not whole."""
    whole, broken = folder.manifests()
    old = [manifest for manifest in whole if manifest.notice == notice][keep:]
    for manifest in old:
        folder.drop(manifest)
    if broken:
        return len(old), 0, broken
    named = frozenset(file.sha256 for manifest in whole if manifest not in old for file in manifest.files)
    return len(old), folder.drop_files_but(named), broken


def same_disk(installation: Installation, folder: BackupFolder) -> bool:
    """Whether the backup lies on the disk of what it saves."""
    return installation.folder.exists() and installation.folder.stat().st_dev == folder.path.stat().st_dev


def _made_ready(installation: Installation, path: Path) -> Path:
    folder = path.resolve()
    if folder.is_relative_to(installation.folder):
        raise CannotBeDoneError(_INSIDE.format(data=installation.folder))
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
        probe = BackupFolder(folder).part("probe")
        probe.touch()
        probe.unlink()
    except (FileExistsError, NotADirectoryError):
        raise CannotBeDoneError(_NOT_WRITABLE.format(folder=folder, reason="这不是文件夹，请换一个位置。")) from None
    except OSError as error:
        raise CannotBeDoneError(_NOT_WRITABLE.format(folder=folder, reason=why(error))) from error
    return folder


def _free_name(folder: Path, at: datetime, suffix: str) -> str:
    stem = f"{NAME}-{at:%Y-%m-%d-%H%M%S}"
    taken = {path.stem for path in folder.glob(f"{stem}*")}
    number = next(each for each in range(1, len(taken) + 2) if _numbered(stem, each) not in taken)
    return f"{_numbered(stem, number)}.{suffix}"


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def _see_room(folder: Path, need: int) -> None:
    status = os.statvfs(folder)
    free = status.f_bavail * status.f_frsize
    if need > free:
        raise CannotBeDoneError(_NO_ROOM.format(folder=folder, need=show_size(need), free=show_size(free)))


def _snapshot(installation: Installation, target: Path) -> snapshots.Snapshot:
    try:
        return snapshots.take(installation.database, target)
    except snapshots.DamagedDatabaseError as error:
        raise DamagedError(_DAMAGED.format(said=str(error).splitlines()[0])) from error
    except snapshots.NoDumpProgramError as error:
        raise CannotBeDoneError(_NO_PROGRAM) from error
    except snapshots.OldDumpProgramError as error:
        raise CannotBeDoneError(_OLD_PROGRAM) from error
    except snapshots.NoRoomForDumpError as error:
        raise CannotBeDoneError(_FULL.format(folder=target.parent)) from error
    except snapshots.DumpFailedError as error:
        raise CannotBeDoneError(_DUMP_FAILED.format(said=error)) from error


def _copy(source: BlobFolder, target: BlobStore, wanted: StoredBlob, place: Path) -> str:
    """Copy one file whole or not at all; what is wrong with the original, "" for nothing."""
    try:
        original = source.path(wanted.sha256).open("rb")
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "unreadable"
    try:
        with original, target.receive() as writer:
            _pour(original, writer, wanted)
    except _SpoiltError as spoilt:
        return spoilt.wrong
    except StorageFullError as error:
        raise CannotBeDoneError(_FULL.format(folder=place)) from error
    return ""


def _pour(original: BinaryIO, writer: Writer, wanted: StoredBlob) -> None:
    """Raises _SpoiltError unless it was what is wanted: then nothing of it stays."""
    try:
        while block := original.read(_COPY_BYTES):
            writer.write(block)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise
        raise _SpoiltError("unreadable") from error
    if (writer.sha256, writer.size) != (wanted.sha256, wanted.size):
        raise _SpoiltError("bytes")


class _SpoiltError(Exception):
    """The original is not what it was; `wrong` as `file_fault` takes it."""

    def __init__(self, wrong: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """The disk filling up, or going away, on the way: in a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        said = _FULL if full else _NOT_WRITABLE
        raise CannotBeDoneError(said.format(folder=folder, reason=f"{error}。请检查磁盘，再试一次。")) from error
    except OSError as error:
        raise CannotBeDoneError(_NOT_WRITABLE.format(folder=folder, reason=why(error))) from error
