"""An upload under gunicorn with two web processes, PostgreSQL and Redis: one lock over all of them, one receipt."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from films import film
from installation import TEACHER, Backend, seed, settings_for
from sqlalchemy import select
from test_flow_processes import BIN, await_ready, free_port, process

from bot.services import build
from simulator.server import SimulatorServer
from store import people
from store.schema.campaign import Material

BYTES = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


@pytest.fixture(params=["postgresql+redis"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """Only the grown-up one."""
    make_database = request.getfixturevalue("postgres_url_factory")
    return Backend(make_database(), request.getfixturevalue("redis_url"), tmp_path / "data")


def test_two_web_processes_and_a_worker(sim: SimulatorServer, backend: Backend) -> None:
    port, data = free_port(), film(40 << 20, seed=40)
    settings = settings_for(
        sim, backend, port=port, host="127.0.0.1", public_url=f"http://127.0.0.1:{port}", secret_key="k" * 32
    )
    services = build(settings)
    seed(services)
    with services.database.read() as session:
        person = people.by_userid(session, TEACHER)
    ticket = services.desk.tickets.make(person.id, services.clock.real(), os.urandom)
    with (
        process(settings, str(BIN / "gunicorn"), "bot.web:from_environment()"),
        process(settings, str(BIN / "python"), "-m", "bot", "worker"),
    ):
        await_ready(port)
        endpoint = f"http://127.0.0.1:{port}/upload/{ticket.token}/files"
        begun = requests.post(endpoint, headers={**BYTES, "Upload-Length": str(len(data))}, timeout=20)
        address = requests.compat.urljoin(endpoint, begun.headers["Location"])

        def send(_number: int) -> int:
            answer = requests.patch(address, data=data, headers={**BYTES, "Upload-Offset": "0"}, timeout=60)
            return answer.status_code

        with ThreadPoolExecutor(4) as pool:
            statuses = list(pool.map(send, range(4)))
        assert statuses.count(204) == 1
        assert set(statuses) <= {204, 409, 410, 423}

        def received() -> list[str]:
            with services.database.read() as session:
                return [row.sha256 for row in session.scalars(select(Material))]

        sim.platform.wait_for(received, 60)
        assert received() == [hashlib.sha256(data).hexdigest()]
    services.close()
