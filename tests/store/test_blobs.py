"""The blob store: whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from store.blobs import BlobsAwayError, BlobStore, StorageFullError, StoredBlob, record
from store.database import Database
from store.schema.campaign import Blob

NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs", free=lambda _: 1.0)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def put(blobs: BlobStore, content: bytes) -> StoredBlob:
    with blobs.receive() as writer:
        writer.write(content)
    assert writer.stored is not None
    return writer.stored


@settings(max_examples=30, deadline=None)
@given(blocks=st.lists(st.binary(max_size=200), max_size=5))
def test_bytes_come_back_under_their_hash(tmp_path_factory: pytest.TempPathFactory, blocks: list[bytes]) -> None:
    blobs = BlobStore(tmp_path_factory.mktemp("blobs"), free=lambda _: 1.0)
    with blobs.receive() as writer:
        for block in blocks:
            writer.write(block)
    content = b"".join(blocks)
    assert writer.stored == StoredBlob(hashlib.sha256(content).hexdigest(), len(content))
    assert blobs.path(writer.stored.sha256).read_bytes() == content
    assert blobs.verify(writer.stored.sha256)


def test_an_open_file_stays_readable_whatever_becomes_of_the_store(blobs: BlobStore) -> None:
    stored = put(blobs, b"content")
    with blobs.open_local(stored.sha256) as path:
        blobs.path(stored.sha256).unlink()
        assert path.read_bytes() == b"content"
    assert files_in(blobs.folder) == []
    with pytest.raises(FileNotFoundError), blobs.open_local(stored.sha256):
        pytest.fail("there is nothing to read")
    assert files_in(blobs.folder) == []


def test_a_folder_that_is_gone_is_noticed(blobs: BlobStore) -> None:
    blobs.check()
    shutil.rmtree(blobs.folder)
    with pytest.raises(BlobsAwayError, match="folder"):
        blobs.check()


def test_same_bytes_are_stored_once(blobs: BlobStore) -> None:
    assert put(blobs, b"same") == put(blobs, b"same")
    assert len(files_in(blobs.folder)) == 1


def test_an_error_on_the_way_leaves_nothing(blobs: BlobStore) -> None:
    def receive_half() -> None:
        with blobs.receive() as writer:
            writer.write(b"half of it")
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        receive_half()
    assert files_in(blobs.folder) == []


def test_refused_when_less_than_a_tenth_is_free(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path, free=lambda _: 0.0999)
    with pytest.raises(StorageFullError, match="没有收下"), blobs.receive():
        pytest.fail("the block must not be entered")
    assert files_in(tmp_path) == []


def test_refused_when_the_disk_fills_on_the_way(tmp_path: Path) -> None:
    shares = iter([0.5, 0.05])
    blobs = BlobStore(tmp_path, free=lambda _: next(shares))
    with pytest.raises(StorageFullError):
        put(blobs, bytes(40 * 1024 * 1024))
    assert files_in(tmp_path) == []


def test_a_write_without_room_is_explained(blobs: BlobStore) -> None:
    with pytest.raises(StorageFullError), blobs.receive():
        raise OSError(errno.ENOSPC, "No space left on device")
    assert files_in(blobs.folder) == []


def test_damaged_or_missing_bytes_do_not_verify_and_are_mended(blobs: BlobStore) -> None:
    stored = put(blobs, b"original")
    path = blobs.path(stored.sha256)
    path.chmod(0o640)
    path.write_bytes(b"orig")
    assert not blobs.verify(stored.sha256)
    put(blobs, b"original")
    assert blobs.verify(stored.sha256)
    path.unlink()
    assert not blobs.verify(stored.sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "ab" * 31, "AB" * 32, "ab" * 32 + "\n"])
def test_path_takes_hashes_only(blobs: BlobStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        blobs.path(name)


def test_leftovers_go_after_a_day(blobs: BlobStore) -> None:
    old, young = (blobs.folder / "tmp" / name for name in ("in-old", "in-young"))
    for path in (old, young):
        path.write_bytes(b"x")
    now = datetime.now(UTC)
    os.utime(old, times=((now - timedelta(hours=25)).timestamp(),) * 2)
    assert blobs.clean_leftovers(now) == 1
    assert not old.exists()
    assert young.exists()


def test_killed_in_the_middle_leaves_no_half_blob(blobs: BlobStore) -> None:
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from store.blobs import BlobStore
        with BlobStore(Path(sys.argv[1]), free=lambda _: 1.0).receive() as writer:
            writer.write(bytes(300_000))
            print("half", flush=True)
            sys.stdin.read()
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(blobs.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.kill()
    left = files_in(blobs.folder)
    assert len(left) == 1
    assert left[0].startswith("tmp/")
    assert blobs.clean_leftovers(datetime.now(UTC) + timedelta(days=2)) == 1
    assert files_in(blobs.folder) == []


def test_blob_row_is_written_once(database: Database) -> None:
    blob = StoredBlob("ab" * 32, 3)
    for _ in range(2):
        with database.begin() as session:
            record(session, blob, NOW)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Blob)) == 1
