"""Each test gets a platform of its own and an installation on SQLite, and again on PostgreSQL with Redis."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from installation import PEOPLE, Backend, Installation, install

from bot.config import DATABASE_FILE
from simulator.platform import PlatformSettings
from simulator.server import SimulatorServer


@pytest.fixture
def sim() -> Iterator[SimulatorServer]:
    """A platform of its own for each test."""
    with SimulatorServer(PlatformSettings(people=PEOPLE)) as server:
        server.platform.pace.refresh_every = 0.1
        server.platform.pace.retry_pause = 0.05
        yield server


@pytest.fixture(params=["sqlite", "postgresql+redis"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """SQLite alone, and PostgreSQL with Redis."""
    data_dir = tmp_path / "data"
    if request.param == "sqlite":
        data_dir.mkdir()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), data_dir / DATABASE_FILE)
        return Backend("", "", data_dir)
    make_database = request.getfixturevalue("postgres_url_factory")
    return Backend(make_database(), request.getfixturevalue("redis_url"), data_dir)


@pytest.fixture
def service(sim: SimulatorServer, backend: Backend) -> Iterator[Installation]:
    """A running installation."""
    with install(sim, backend) as running:
        yield running
