"""Whether a folder of backups can be restored from: manifests, copies of the database, and the files they name.
It needs no installation: it can be asked on any machine."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from bot.commands.check_targets import why
from bot.safekeeping.backup_folder import BackupFolder, Manifest, digest_of
from bot.safekeeping.checks import Fault, file_fault
from bot.safekeeping.opening import CannotBeDoneError
from bot.safekeeping.verifying import wrong_with

_NONE = "{folder} 里没有备份。请检查路径，或先运行 python -m bot backup {folder}。"
_CANNOT_READ = "打不开 {folder}：{reason}"
_NOT_WHOLE = "{name} 不是完整的备份：没有说明文件，或说明文件读不了。不能用它恢复，请改用别的一份；确认不要了就删掉。"
_LOST = "数据库副本 {name} 不见了。不能用这一份恢复，请改用别的一份，并尽快再备份一次。"
_SPOILT = "数据库副本 {name} 和备份时不一样，已经坏了。不能用这一份恢复，请改用别的一份，并尽快再备份一次。"
_AGAIN = "如果还在，请删掉备份里的 blobs/{folder}/{sha256}，再运行一次 backup，它会重新复制。"


def backups_in(path: Path) -> tuple[BackupFolder, list[Manifest], list[Fault]]:
    """The backups that have a manifest, the newest first, and what is wrong with them. Raises CannotBeDoneError where
    there is nothing to look at."""
    folder = BackupFolder(path)
    try:
        whole, broken = folder.manifests()
    except OSError as error:
        raise CannotBeDoneError(_CANNOT_READ.format(folder=path, reason=why(error))) from error
    if not whole and not broken:
        raise CannotBeDoneError(_NONE.format(folder=path))
    faults = [Fault("backup.manifest", "P12", name, _NOT_WHOLE.format(name=name)) for name in broken]
    return folder, whole, [*faults, *(fault for each in whole for fault in _database_faults(folder, each))]


def files_named(whole: Sequence[Manifest]) -> list[tuple[str, int]]:
    """Hash and size of every file that lies here by one of the manifests, each once."""
    named = {file.sha256: file.size for each in whole if each.files_kept for file in each.files}
    return sorted(named.items())


def check_files(
    folder: BackupFolder, files: Sequence[tuple[str, int]], read: Collection[str]
) -> Iterator[tuple[int, Fault | None]]:
    """Whether each is there with its size, and those in `read` with their bytes. Gives for each how many bytes were
    read, and what is wrong."""
    for sha256, size in files:
        reads = sha256 in read
        wrong = wrong_with(folder.blobs, sha256, size, read=reads)
        yield (size if reads else 0), file_fault(sha256, wrong, advice=_AGAIN) if wrong else None


def _database_faults(folder: BackupFolder, manifest: Manifest) -> Iterator[Fault]:
    name = manifest.database
    try:
        said = "" if digest_of(folder.path / name) == manifest.database_sha256 else _SPOILT
    except FileNotFoundError:
        said = _LOST
    except OSError:
        said = _SPOILT
    if said:
        yield Fault("backup.database", "P12", name, said.format(name=name))
