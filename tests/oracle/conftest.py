"""Files by five programs, what our reader makes of them and what Writer shows, each once a session."""

from __future__ import annotations

import io

import npm_made
import pandoc_made
import pytest
import writer
from made import all_files

from validators.facts import FileFacts
from validators.reading.file import read_file


def read(data: bytes) -> FileFacts:
    return read_file(io.BytesIO(data), "案例.docx", lambda _stage: None)


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """Every file's path and facts by program and name."""
    if not (writer.available() and npm_made.available() and pandoc_made.available()):
        pytest.skip("Writer, pandoc or npm's docx is missing: `make test-oracle` installs them")
    folder = tmp_path_factory.mktemp("oracle")
    found = {}
    for number, (key, data) in enumerate(all_files(folder).items()):
        path = folder / f"{number}.docx"
        path.write_bytes(data)
        found[key] = (path, read(data))
    return found


@pytest.fixture(scope="session")
def running():
    with writer.running() as opened:
        yield opened


@pytest.fixture(scope="session")
def shown(files, running):
    """What Writer shows of each."""
    return {key: running.look(path) for key, (path, _) in files.items()}
