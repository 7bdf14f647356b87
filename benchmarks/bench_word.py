"""Checking a Word file: read and judged in process and through the sandbox, beside python-docx walking all runs and
beside the floor, which unzips the file and parses every XML part with lxml. Peak memory is a fresh process's."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

from docx import Document
from lxml import etree
from measure import compare
from word_files import PAGE, case, lines, sheet

from domain.notice import Notice
from domain.notice_loader import load_notice
from validators import judge
from validators.reading.file import read_file
from validators.sandbox import Sandbox

ROUNDS = 25
FEW = 5
NOTICE = Path(__file__).resolve().parent.parent / "notices" / "enshi-2023-05"
CATEGORY = "B1"


def floor(path: Path) -> object:
    """Unzip everything and parse what is XML."""
    found = []
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            data = package.read(name)
            if name.endswith((".xml", ".rels")):
                found.append(etree.fromstring(data))
    return found


def walked(path: Path) -> object:
    """All runs with their fonts by python-docx, tables included."""
    document = Document(str(path))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    paragraphs = [*document.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]
    return [(run.text, run.font.name, run.font.size) for paragraph in paragraphs for run in paragraph.runs]


def checked(path: Path, notice: Notice) -> object:
    """Everything in this process."""
    with path.open("rb") as file:
        facts = read_file(file, path.name, lambda _stage: None)
    return judge(facts, notice.category(CATEGORY), notice)


def through(sandbox: Sandbox, path: Path, notice: Notice) -> object:
    """Everything, the file read in a child of its own."""
    return judge(sandbox.read(path, path.name), notice.category(CATEGORY), notice)


def peak_mb(step: str, path: Path) -> float:
    """The largest resident size of a fresh process that does one thing to the file."""
    done = subprocess.run(
        [sys.executable, __file__, step, str(path)], check=True, capture_output=True, text=True, timeout=600
    )
    return float(done.stdout)


def memory(step: str, path: Path) -> None:
    """Do it and print the peak in MB."""
    steps: dict[str, Callable[[Path], object]] = {
        "check": lambda path: checked(path, load_notice(NOTICE)),
        "floor": floor,
        "walk": walked,
        "nothing": Path.stat,
    }
    steps[step](path)
    status = Path("/proc/self/status").read_text("utf-8")
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)


def measure(folder: Path, sandbox: Sandbox, notice: Notice) -> None:
    """Print the table. In one process the clock is CPU time, which a busy machine does not stretch."""
    files = {
        "5000 字, 5 pictures": (case(118, pictures=5), ROUNDS),
        "300 pages": (case(300 * PAGE), FEW),
        "table 200 x 8": (sheet(200, 8), ROUNDS),
        "its text as paragraphs": (lines(200, 8), ROUNDS),
        "table 9000 x 10": (sheet(9000, 10), 2),
    }
    for title, (data, rounds) in files.items():
        path = folder / "a.docx"
        path.write_bytes(data)
        peaks = {step: peak_mb(step, path) for step in ("check", "floor", "walk", "nothing")}

        def ours(path: Path = path) -> object:
            return checked(path, notice)

        compare(
            f"{title}, in process", ours, lambda path=path: floor(path), "unzip and parse", rounds, clock=process_time
        )
        if title != "table 9000 x 10":  # python-docx needs minutes for it
            compare(
                f"{title}, in process",
                ours,
                lambda path=path: walked(path),
                "python-docx, all runs",
                rounds,
                clock=process_time,
            )
        compare(f"{title}, sandbox", lambda path=path: through(sandbox, path, notice), ours, "in process", rounds)
        print(f"{'':4}peak memory: " + ", ".join(f"{step} {peak:.0f} MB" for step, peak in peaks.items()))


def main() -> None:
    """Measure, or do one step when called with a step and a path."""
    if len(sys.argv) > 1:
        memory(sys.argv[1], Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        measure(Path(folder), sandbox, load_notice(NOTICE))


if __name__ == "__main__":
    main()
