"""Files on S3-compatible storage under the SHA-256 of their content, read through a bounded folder of local copies."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec

from store.blobs import BlobsAwayError, BlobStore, StoredBlob, Writer, check_hash

CACHE_BYTES = 2 * 1024**3
# Files of twice this and more travel in parts of this size; so much lies in memory, not the whole file.
PART_BYTES = 8 * 1024**2
_PARTS_AT_ONCE = 2
_CLIENT = {"connect_timeout": 5, "read_timeout": 60, "retries": {"max_attempts": 3, "mode": "standard"}}


class S3Blobs:
    """A bucket (or a prefix in one) of files named by their hash, `ab/abcdef…`.

    Bytes are first taken in by a local folder, whole and synced, then uploaded, and count as received only when the
    storage has confirmed their size and its ETag fits (or, where ETags are no MD5, the bytes were read back).
    Readers get a local copy; the folder of copies is held under `cache_bytes`. Address and credentials come from the
    environment as for every S3 client (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION).
    """

    def __init__(self, url: str, cache: BlobStore, cache_bytes: int = CACHE_BYTES) -> None:
        self._root = url.removeprefix("s3://").rstrip("/")
        self._cache = cache
        self._cache_bytes = cache_bytes
        self._storage: Any = fsspec.filesystem(
            "s3", config_kwargs=_CLIENT, use_listings_cache=False, skip_instance_cache=True
        )

    @contextmanager
    def receive(self) -> Iterator[Writer]:
        """Take in one file: when the block ends the storage has acknowledged it; else an error is raised.

        Raises StorageFullError without room for the local copy, BlobsAwayError when the storage does not take it.
        """
        with self._cache.receive() as writer:
            yield writer
        with self._cache.open_local(writer.sha256) as path:
            self._upload(path, writer.sha256)
        self._bound_cache()

    def adopt(self, path: Path) -> StoredBlob:
        """Take in a file of this machine; the storage has acknowledged it. Raises BlobsAwayError, FileNotFoundError."""
        stored = self._cache.adopt(path)
        with self._cache.open_local(stored.sha256) as copy:
            self._upload(copy, stored.sha256)
        self._bound_cache()
        return stored

    @contextmanager
    def open_local(self, sha256: str) -> Iterator[Path]:
        """A local file with these bytes, for as long as the block lasts. Raises FileNotFoundError, BlobsAwayError."""
        with ExitStack() as opened:
            try:
                path = opened.enter_context(self._cache.open_local(sha256))
            except FileNotFoundError:
                self._download(sha256)
                path = opened.enter_context(self._cache.open_local(sha256))
                self._bound_cache()
            os.utime(path)  # the copies used longest ago go first
            yield path

    def size(self, sha256: str) -> int | None:
        """How many bytes the storage holds under this hash, None where there are none. Raises BlobsAwayError."""
        check_hash(sha256)
        try:
            with _away_explained():
                return int(self._storage.info(self._key(sha256), refresh=True)["size"])
        except FileNotFoundError:
            return None

    def verify(self, sha256: str) -> bool:
        """Read the bytes again where they lie: whether they are there and still have this hash."""
        check_hash(sha256)
        digest = hashlib.sha256()
        try:
            with _away_explained(), self._storage.open(self._key(sha256), "rb", cache_type="none") as file:
                while block := file.read(PART_BYTES):
                    digest.update(block)
        except FileNotFoundError:
            return False
        return digest.hexdigest() == sha256

    def remove(self, sha256: str, *, written_before: datetime) -> bool:
        """Remove the bytes from the storage and the local folder, unless the storage has them since that instant."""
        key = self._key(sha256)
        try:
            with _away_explained():
                held = self._storage.info(key, refresh=True)
                if held["LastModified"] >= written_before:
                    return False
                self._storage.rm_file(key)
        except FileNotFoundError:
            pass
        self._cache.remove(sha256, written_before=datetime.max.replace(tzinfo=UTC))
        return True

    def clean_leftovers(self, now: datetime) -> int:
        """Remove what killed processes left in the local folder over a day ago. Returns how many files."""
        return self._cache.clean_leftovers(now)

    def check(self) -> None:
        """Ask the storage for a sign of life. Raises BlobsAwayError."""
        self._cache.check()
        with _away_explained():
            self._storage.call_s3("head_bucket", Bucket=self._root.partition("/")[0])

    def _key(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}"

    def _upload(self, path: Path, sha256: str) -> None:
        size, etag = path.stat().st_size, expected_etag(path)
        if self._is_there(sha256, size, etag):
            return
        with _away_explained():
            self._storage.put_file(
                str(path),
                self._key(sha256),
                chunksize=PART_BYTES,
                max_concurrency=_PARTS_AT_ONCE,
                ContentType="application/octet-stream",
            )
        if not self._is_there(sha256, size, etag):
            raise BlobsAwayError("the storage acknowledged a file but does not hold it as sent")

    def _is_there(self, sha256: str, size: int, etag: str) -> bool:
        """Whether the storage holds exactly these bytes. An ETag of another make is no verdict: then they are read."""
        try:
            with _away_explained():
                held = self._storage.info(self._key(sha256), refresh=True)
        except FileNotFoundError:
            return False
        return held["size"] == size and (str(held.get("ETag", "")).strip('"') == etag or self.verify(sha256))

    def _download(self, sha256: str) -> None:
        """Bring a copy home through the local folder, which publishes it whole or not at all."""
        with self._cache.receive() as writer:
            with _away_explained(), self._storage.open(self._key(sha256), "rb", cache_type="none") as file:
                while block := file.read(PART_BYTES):
                    writer.write(block)
            if writer.sha256 != sha256:
                raise BlobsAwayError("the storage holds other bytes under this hash")

    def _bound_cache(self) -> None:
        """Forget the copies used longest ago until the folder is within its bound. Open ones stay readable."""
        copies = sorted(_copies(self._cache.folder), reverse=True)
        total = 0
        for _, size, path in copies:
            total += size
            if total > self._cache_bytes:
                path.unlink(missing_ok=True)


def expected_etag(path: Path) -> str:
    """The ETag S3 gives to this file as we upload it: its MD5, or for parts the MD5 of their MD5s and their number."""
    parts = []
    whole = path.stat().st_size < 2 * PART_BYTES
    with path.open("rb") as file:
        if whole:
            return hashlib.file_digest(file, _md5).hexdigest()
        while block := file.read(PART_BYTES):
            parts.append(_md5(block).digest())
    return f"{_md5(b''.join(parts)).hexdigest()}-{len(parts)}"


def _md5(data: bytes = b"") -> Any:
    return hashlib.md5(data, usedforsecurity=False)


def _copies(folder: Path) -> Iterator[tuple[float, int, Path]]:
    for path in folder.glob("??/*"):
        try:
            status = path.stat()
        except FileNotFoundError:  # another process forgets copies at the same time
            continue
        yield status.st_mtime, status.st_size, path


@contextmanager
def _away_explained() -> Iterator[None]:
    """Every way in which an S3 client fails becomes one error of ours; only "there is no such file" keeps its own."""
    try:
        yield
    except (FileNotFoundError, BlobsAwayError):
        raise
    except Exception as error:
        raise BlobsAwayError(f"the blob storage is away: {type(error).__name__}") from error
