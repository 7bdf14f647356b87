"""What the doctor says of files on S3, against a real S3 server."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from botocore.client import BaseClient
from examining_place import Place
from moto.server import ThreadedMotoServer

from bot.doctor.finding import Verdict

BUCKET = "cases"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseClient]:
    """An empty bucket of a server of our own, and the environment of an installation that uses it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    values = {"ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret", "REGION": "us-east-1"}
    for name, value in {"ENDPOINT_URL": f"http://{host}:{port}", "DEFAULT_REGION": "us-east-1", **values}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    server.stop()


def test_a_bucket_takes_a_file_and_is_left_empty(place: Place, bucket: BaseClient) -> None:
    found = place.look("blobs", blob_url=f"s3://{BUCKET}/files")["blobs"]
    assert (found.verdict, found.seen) == (Verdict.RIGHT, f"在 s3://{BUCKET}/files 写、读、删都正常")
    assert bucket.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    missing = place.look("blobs", blob_url="s3://no-such-bucket")["blobs"]
    assert (missing.verdict, "桶名" in missing.advice) == (Verdict.WRONG, True)
    assert place.look("blobs", offline=True, blob_url=f"s3://{BUCKET}")["blobs"].verdict is Verdict.UNCHECKED


def test_a_storage_that_is_away_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    found = place.look("blobs", blob_url=f"s3://{BUCKET}")["blobs"]
    assert (found.verdict, "AWS_ENDPOINT_URL" in found.advice) == (Verdict.WRONG, True)
