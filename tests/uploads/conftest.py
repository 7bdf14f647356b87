"""One running installation for the tests of a file: each brings tickets and files of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import SETTINGS
from installation import PEOPLE, Backend, Installation, install

from simulator.platform import PlatformSettings
from simulator.server import SimulatorServer


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Web server and workers on SQLite."""
    backend = Backend("", "", tmp_path_factory.mktemp("uploads"))
    settings = {**SETTINGS, "upload_max_bytes": 256 << 20}
    with SimulatorServer(PlatformSettings(people=PEOPLE)) as sim, install(sim, backend, **settings) as running:
        yield running
