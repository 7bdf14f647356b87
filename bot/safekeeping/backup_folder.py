"""The folder of backups: dated copies of the database, a manifest for each, and the files that they name, each once."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.blobs import BlobFolder, StoredBlob, sync_folder
from validators.json_codec import MalformedError, from_json, to_json

NAME = "case-keeper"
MANIFEST = ".json"
FILES = "blobs"
_COPIES = (".db", ".dump")
_PART = ".part-"
_LOCK = ".lock"
_BLOB = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one backup holds. It is written last: a copy of the database without one is not whole.

    `made_at` is an ISO time with the zone's offset, `notice` the campaign's notice, `notice_sha256` a digest of its
    folder. `files` are all
    that the copy names, `files_kept` whether they lie here, rather than with the storage of the installation."""

    made_at: str
    database: str
    database_sha256: str
    database_bytes: int
    revision: str
    notice: str
    notice_sha256: str
    file_count: int
    file_bytes: int
    files_kept: bool
    files: tuple[StoredBlob, ...]

    @property
    def when(self) -> datetime:
        """When it was made, in the zone it was made in."""
        return datetime.fromisoformat(self.made_at)


class BackupFolder:
    """One folder on any disk. Everything in it is readable for its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def blobs(self) -> BlobFolder:
        """The files, for reading."""
        return BlobFolder(self.path / FILES)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else makes a backup here meanwhile; leftovers of who was killed at it go. Raises BlockingIOError."""
        descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in (*self.path.glob(f"{_PART}*"), *(self.path / FILES / "tmp").glob("in-*")):
                left.unlink()
            yield
        finally:
            os.close(descriptor)

    def part(self, name: str) -> Path:
        """Where something lies that is not ready yet."""
        return self.path / f"{_PART}{name}"

    def publish(self, manifest: Manifest) -> None:
        """The database's copy gets its name, then the manifest is written: now the backup is whole. Raises OSError."""
        self.part(manifest.database).replace(self.path / manifest.database)
        sync_folder(self.path)
        name = Path(manifest.database).with_suffix(MANIFEST).name
        written = os.open(self.part(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(written, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor with its mode
            json.dump(to_json(manifest), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        self.part(name).replace(self.path / name)
        sync_folder(self.path)

    def manifests(self) -> tuple[list[Manifest], list[str]]:
        """All that are whole, the newest first; and the names of what is not: copies of a database without a manifest,
        manifests that cannot be read. Raises OSError when the folder cannot."""
        whole: list[Manifest] = []
        broken: list[str] = []
        for path in sorted(self.path.glob(f"{NAME}*{MANIFEST}")):
            try:
                whole.append(_read(path))
            except (MalformedError, ValueError):
                broken.append(path.name)
        known = {manifest.database for manifest in whole}
        copies = (path.name for path in sorted(self.path.iterdir()) if _is_copy(path))
        broken += [name for name in copies if name not in known]
        return sorted(whole, key=lambda each: each.when, reverse=True), broken

    def drop(self, manifest: Manifest) -> None:
        """Remove one backup: first it ceases to be whole, then its copy goes."""
        (self.path / manifest.database).with_suffix(MANIFEST).unlink()
        (self.path / manifest.database).unlink(missing_ok=True)

    def drop_files_but(self, named: frozenset[str]) -> int:
        """Remove the files that are not named. Returns how many."""
        gone = [path for path in (self.path / FILES).glob("??/*") if _BLOB.fullmatch(path.name)]
        gone = [path for path in gone if path.name not in named]
        for path in gone:
            path.unlink()
        return len(gone)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_folder(folder: Path) -> str:
    """A SHA-256 over names and bytes of all files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{digest_of(path)}\n".encode())
    return digest.hexdigest()


def _is_copy(path: Path) -> bool:
    return path.name.startswith(NAME) and path.suffix in _COPIES


def _read(path: Path) -> Manifest:
    manifest = from_json(Manifest, json.loads(path.read_text(encoding="utf-8")))
    if Path(manifest.database).name != manifest.database or Path(manifest.database).stem != path.stem:
        raise MalformedError("names another database")
    if manifest.when.tzinfo is None or not all(_BLOB.fullmatch(file.sha256) for file in manifest.files):
        raise MalformedError("a time without its zone, or no hash")
    return manifest
