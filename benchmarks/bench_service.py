"""The whole service in one process: how long `serve` takes until it is ready, and its memory after some work."""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_callbacks import await_answer, free_port
from docx import Document

from simulator.platform import Person, PlatformSettings
from simulator.server import SimulatorServer

ROOT = Path(__file__).resolve().parent.parent
STARTS = 5
QUESTIONS = 100
TEACHER = "teacher-1"


def main() -> None:
    """Print two lines."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SimulatorServer(PlatformSettings(people=(Person(TEACHER, "教师", "某市"),))) as sim,
    ):
        started = []
        for number in range(STARTS):
            if sys.stderr.isatty():
                print(f"\rserve, start {number + 1} of {STARTS} ", end="", file=sys.stderr, flush=True)
            with _serve(sim, Path(folder) / str(number)) as (seconds, _, _):
                started.append(seconds)
        with _serve(sim, Path(folder) / "memory") as (_, process, port):
            sim.platform.set_callback("bot", f"http://127.0.0.1:{port}/wecom/aibot")
            for _ in range(QUESTIONS):
                sim.platform.say(TEACHER, "字数要求是多少")
            sim.platform.send_file(TEACHER, "案例.docx", _document())
            # Its card stands behind it.
            sim.platform.wait_for(lambda: any("回执" in shown.text for shown in sim.platform.chat(TEACHER, "bot")), 60)
            megabytes = {name: _megabytes(pids) for name, pids in _processes(process.pid).items()}
    print(
        f"\nserve ready after {statistics.median(started):.2f} s "
        f"(median of {STARTS}, the slowest {max(started):.2f} s), each with an empty folder"
    )
    print(
        f"memory after {QUESTIONS} questions and one file: serve {megabytes['serve']:.0f} MB, "
        f"sandbox beside it {megabytes['sandbox']:.0f} MB"
    )


@contextmanager
def _serve(sim: SimulatorServer, data: Path) -> Iterator[tuple[float, subprocess.Popen[bytes], int]]:
    platform, port = sim.settings, free_port()
    settings = {
        "WECOM_BOT_TOKEN": platform.bot_token,
        "WECOM_BOT_AES_KEY": platform.bot_aes_key,
        "WECOM_API_BASE": sim.api_base,
        "DATA_DIR": str(data),
        "BOT_CLOCK": "2023-05-06T09:00:00+08:00",
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=os.environ | settings, stderr=subprocess.DEVNULL
    )
    try:
        await_answer(port, process, "/readyz")
        yield time.perf_counter() - begun, process, port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _processes(root: int) -> dict[str, list[int]]:
    """The process itself, and all that descend from it."""
    parents = {
        int(path.name): int(path.joinpath("stat").read_text().rpartition(")")[2].split()[1])
        for path in Path("/proc").iterdir()
        if path.name.isdigit() and path.joinpath("stat").exists()
    }
    family = [root]
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    return {"serve": [root], "sandbox": family[1:]}


def _megabytes(pids: list[int]) -> float:
    """Resident memory; shared pages are counted for each process."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _document() -> bytes:
    made = Document()
    for _ in range(90):
        made.add_paragraph("学校利用平台开展教学应用，教师按照数据调整课堂安排，学生在空间里完成作业并互相评价。")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


if __name__ == "__main__":
    main()
