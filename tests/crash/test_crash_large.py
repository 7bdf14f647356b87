"""Three files of nearly 100 MB at once through the AI bot: the memory of the process stays flat."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from crash_run import stage
from installation import COORDINATOR, TEACHER, Backend
from ledger_checker import quiet
from sqlalchemy import select
from supervised import supervised

from store.database import Database
from store.schema.mail import Fetch, FetchState

_MIB = 1 << 20
_SIZE = 99 * _MIB
_MOST_GROWTH = 60 * _MIB
_MP4_HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41"


def bytes_like_a_film(number: int) -> bytes:
    """An MP4's first box and noise that no one can compress."""
    block = random.Random(number).randbytes(_MIB)
    return _MP4_HEAD + block * (_SIZE // _MIB)


def peak(pid: int) -> int:
    """The most memory the process has had since `forget_peak`, in bytes."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


@pytest.mark.long
@pytest.mark.timeout(400)
def test_three_large_files_at_once_need_no_memory(
    make_backend: Callable[[str], AbstractContextManager[Backend]],
) -> None:
    people = (TEACHER, "es-teacher-1", COORDINATOR)
    files = [bytes_like_a_film(number) for number in range(len(people))]
    with make_backend("sqlite") as backend, stage() as sim, supervised(sim, backend, bot_lease_seconds=30) as service:
        sim.platform.say(TEACHER, "字数要求是多少")
        pid = service.running["serve"].pid
        forget_peak(pid)
        before = peak(pid)
        with ThreadPoolExecutor(len(people)) as pool:
            list(pool.map(lambda userid, data: sim.platform.send_file(userid, "课堂.mp4", data), people, files))
        database = Database(service.settings.effective_database_url)
        sim.platform.wait_for(lambda: quiet(sim.platform, database), 120)
        grown = peak(pid) - before
        with database.read() as session:
            stored = set(session.execute(select(Fetch.sha256, Fetch.size, Fetch.state)))
        database.close()
    assert {tuple(row) for row in stored} == {
        (hashlib.sha256(data).hexdigest(), len(data), FetchState.STORED) for data in files
    }
    assert grown < _MOST_GROWTH, f"grew by {grown / _MIB:.0f} MB"
