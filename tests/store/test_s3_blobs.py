"""Files on S3, against a real S3 server: received only when it has confirmed them, read through copies."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from botocore.client import BaseClient
from moto.server import ThreadedMotoServer

from store.blobs import BlobsAwayError, BlobStore, StoredBlob
from store.s3_blobs import PART_BYTES, S3Blobs, expected_etag

BUCKET = "cases"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a real S3 server of our own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(address: str, monkeypatch: pytest.MonkeyPatch) -> BaseClient:
    """An empty bucket, looked at by an S3 client of another make; the environment is what a real installation has."""
    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    for held in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=held["Key"])
    return client


@pytest.fixture
def blobs(bucket: BaseClient, tmp_path: Path) -> S3Blobs:
    return opened(tmp_path / "cache")


def opened(cache: Path, cache_bytes: int = 1 << 30) -> S3Blobs:
    return S3Blobs(f"s3://{BUCKET}/blobs/", BlobStore(cache, free=lambda _: 1.0), cache_bytes)


def put(blobs: S3Blobs, content: bytes) -> StoredBlob:
    with blobs.receive() as writer:
        writer.write(content)
    assert writer.stored is not None
    return writer.stored


def key_of(content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    return f"blobs/{sha256[:2]}/{sha256}"


def keys(bucket: BaseClient) -> list[str]:
    return [held["Key"] for held in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, 2 * PART_BYTES, 2 * PART_BYTES + 1])
def test_bytes_come_back_under_their_hash_on_another_machine(
    blobs: S3Blobs, bucket: BaseClient, tmp_path: Path, size: int
) -> None:
    content = os.urandom(size)
    stored = put(blobs, content)
    assert stored == StoredBlob(hashlib.sha256(content).hexdigest(), size)
    assert keys(bucket) == [key_of(content)]
    assert bucket.get_object(Bucket=BUCKET, Key=key_of(content))["Body"].read() == content
    assert blobs.verify(stored.sha256)
    assert blobs.size(stored.sha256) == size
    with opened(tmp_path / "elsewhere").open_local(stored.sha256) as path:
        assert path.read_bytes() == content
    assert not path.exists()


@pytest.mark.parametrize("size", [0, PART_BYTES, 2 * PART_BYTES, 5 * PART_BYTES + 3])
def test_the_storage_gives_the_etag_we_expect(blobs: S3Blobs, bucket: BaseClient, tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    path = tmp_path / "file"
    path.write_bytes(content)
    put(blobs, content)
    assert bucket.head_object(Bucket=BUCKET, Key=key_of(content))["ETag"].strip('"') == expected_etag(path)


def test_same_bytes_are_uploaded_once(blobs: S3Blobs, bucket: BaseClient, tmp_path: Path) -> None:
    put(blobs, b"same")
    first = bucket.head_object(Bucket=BUCKET, Key=key_of(b"same"))["LastModified"]
    bucket.put_object_tagging(Bucket=BUCKET, Key=key_of(b"same"), Tagging={"TagSet": [{"Key": "k", "Value": "first"}]})
    put(opened(tmp_path / "elsewhere"), b"same")
    assert keys(bucket) == [key_of(b"same")]
    assert bucket.head_object(Bucket=BUCKET, Key=key_of(b"same"))["LastModified"] == first
    assert bucket.get_object_tagging(Bucket=BUCKET, Key=key_of(b"same"))["TagSet"]  # a second upload would clear it


def test_damaged_bytes_are_noticed_and_mended(blobs: S3Blobs, bucket: BaseClient, tmp_path: Path) -> None:
    stored = put(blobs, b"original")
    bucket.put_object(Bucket=BUCKET, Key=key_of(b"original"), Body=b"OriginaL")
    assert not blobs.verify(stored.sha256)
    with pytest.raises(BlobsAwayError, match="other bytes"), opened(tmp_path / "else").open_local(stored.sha256):
        pytest.fail("other bytes must not be read")
    put(blobs, b"original")
    assert blobs.verify(stored.sha256)


def test_missing_bytes_are_missing(blobs: S3Blobs) -> None:
    assert blobs.size("ab" * 32) is None
    assert not blobs.verify("ab" * 32)
    with pytest.raises(FileNotFoundError), blobs.open_local("ab" * 32):
        pytest.fail("there is nothing to read")


def test_an_error_on_the_way_uploads_nothing(blobs: S3Blobs, bucket: BaseClient) -> None:
    def receive_half() -> None:
        with blobs.receive() as writer:
            writer.write(b"half of it")
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        receive_half()
    assert keys(bucket) == []


def test_nothing_counts_as_received_while_the_storage_is_away(
    blobs: S3Blobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blobs.check()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    away = opened(tmp_path / "away")
    with pytest.raises(BlobsAwayError):
        away.check()
    with pytest.raises(BlobsAwayError, match="away"):
        put(away, b"content")
    assert not blobs.verify(hashlib.sha256(b"content").hexdigest())


def test_what_the_reader_has_already_is_read_while_the_storage_is_away(
    blobs: S3Blobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stored = put(blobs, b"content")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with opened(tmp_path / "cache").open_local(stored.sha256) as path:
        assert path.read_bytes() == b"content"


def test_copies_stay_within_their_bound_and_open_ones_stay_readable(bucket: BaseClient, tmp_path: Path) -> None:
    blobs = opened(tmp_path / "cache", cache_bytes=250)
    contents = [bytes([number]) * 100 for number in range(5)]
    first = put(blobs, contents[0])
    with blobs.open_local(first.sha256) as path:
        for content in contents[1:]:
            put(blobs, content)
        copies = [copy for copy in (tmp_path / "cache").glob("??/*") if copy.is_file()]
        assert sum(copy.stat().st_size for copy in copies if copy.parent.name != "tmp") <= 250
        assert path.read_bytes() == contents[0]
    assert len(keys(bucket)) == len(contents)
    with blobs.open_local(first.sha256) as path:  # brought home again
        assert path.read_bytes() == contents[0]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "ab" * 31, "AB" * 32])
def test_only_hashes_are_taken(blobs: S3Blobs, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        blobs.verify(name)
    with pytest.raises(ValueError, match="SHA-256"), blobs.open_local(name):
        pytest.fail("no path is made of this")


def test_leftovers_are_cleaned_in_the_local_folder(blobs: S3Blobs, tmp_path: Path) -> None:
    leftover = tmp_path / "cache" / "tmp" / "in-old"
    leftover.write_bytes(b"x")
    os.utime(leftover, times=(0, 0))
    assert blobs.clean_leftovers(datetime.now(UTC)) == 1
