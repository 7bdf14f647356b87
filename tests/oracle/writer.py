"""LibreOffice Writer as a second opinion: opens files, tells what it shows of them, converts them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SYSTEM_PYTHON = "/usr/bin/python3"
PROBE = Path(__file__).with_name("writer_probe.py")


def available() -> bool:
    """Whether Writer and its bridge for Python are installed."""
    found = shutil.which("soffice") and Path(SYSTEM_PYTHON).exists()
    return (
        bool(found)
        and subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode == 0
    )


def version() -> str:
    said = subprocess.run(["soffice", "--version"], capture_output=True, text=True, check=True).stdout
    return " ".join(said.split()[:2])


class Writer:
    """A running Writer. One file at a time."""

    def __init__(self, probe: subprocess.Popen[str]) -> None:
        self._probe = probe

    def look(self, path: Path) -> dict[str, Any]:
        """What Writer shows of the file: see `writer_probe`."""
        assert self._probe.stdin is not None
        assert self._probe.stdout is not None
        self._probe.stdin.write(f"{path}\n")
        self._probe.stdin.flush()
        return json.loads(self._probe.stdout.readline())


@contextmanager
def running() -> Iterator[Writer]:
    """A Writer with a profile of its own, ended at the end."""
    with tempfile.TemporaryDirectory() as profile:
        pipe = f"oracle{os.getpid()}"
        office = subprocess.Popen(
            ["soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}/p",
             f"--accept=pipe,name={pipe};urp;"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        probe = subprocess.Popen(
            [SYSTEM_PYTHON, str(PROBE), pipe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield Writer(probe)
        finally:
            assert probe.stdin is not None
            assert probe.stdout is not None
            probe.stdin.close()
            probe.wait(60)
            probe.stdout.close()
            office.wait(60)


def converted(paths: list[Path], to: str, folder: Path) -> None:
    """Save the files in another format into the folder."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{profile}/p", "--convert-to", to,
             "--outdir", str(folder), *map(str, paths)],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
