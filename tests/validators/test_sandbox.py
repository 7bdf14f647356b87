"""The sandbox holds whatever the reader in it does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from film_builder import film
from word_builder import docx, paragraph

from validators.facts import FileKind, Trouble
from validators.limits import Limits
from validators.opening import NotAFileError
from validators.sandbox import Sandbox, UnmadeError

COMMAND = (sys.executable, str(Path(__file__).parent / "misbehaving_server.py"))
TIGHT = Limits(memory=512 * 1024 * 1024, cpu_s=1, wall_s=3.0, output=10_000)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def rough():
    with Sandbox(TIGHT, parallel=8, command=COMMAND) as opened:
        yield opened


@pytest.fixture
def written(tmp_path):
    def write(content: bytes | str, name: str = "a.docx") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_facts_come_back_with_progress(sandbox, written):
    stages = []
    facts = sandbox.read(written(docx(paragraph("标题") + paragraph("正文。"))), "案例.docx", progress=stages.append)
    assert facts.readable
    assert (facts.name, facts.kind, facts.word.words.total.high) == ("案例.docx", FileKind.DOCX, 5)
    assert stages == ["文件", "正文", "插图", "字数与标题"]


def test_a_film_is_read_inside(sandbox, tmp_path):
    facts = sandbox.read(film(tmp_path / "a.mp4"), "a.mp4")
    assert (facts.video.width, facts.video.height) == (1920, 1080)


def test_a_missing_file_is_the_callers_error(sandbox, tmp_path):
    with pytest.raises(FileNotFoundError):
        sandbox.read(tmp_path / "none.docx", "none.docx")


def test_a_pipe_is_refused_at_once(sandbox, tmp_path):
    os.mkfifo(tmp_path / "a.docx")
    with pytest.raises(NotAFileError):
        sandbox.read(tmp_path / "a.docx", "a.docx")


def test_a_socket_a_device_and_a_folder_are_refused(sandbox, tmp_path):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "a.docx"))
        for path in (tmp_path / "a.docx", Path("/dev/zero"), tmp_path):
            with pytest.raises(NotAFileError):
                sandbox.read(path, "a.docx")


def test_the_time_the_server_takes_to_start_is_not_the_first_files(written, monkeypatch):
    monkeypatch.setattr("validators.sandbox._GRACE_S", 0.1)
    with Sandbox(Limits(wall_s=0.9), command=(*COMMAND, "slow")) as sandbox:
        assert sandbox.read(written("look"), "a.docx").readable


@pytest.mark.parametrize(
    ("act", "trouble"),
    [
        ("eat", Trouble.LIMIT),
        ("eat_up", Trouble.LIMIT),
        ("eat_and_hide", Trouble.LIMIT),
        ("no_memory", Trouble.LIMIT),
        ("loop", Trouble.TIMEOUT),
        ("sleep", Trouble.TIMEOUT),
        ("kill SIGSEGV", Trouble.CRASH),
        ("kill SIGKILL", Trouble.CRASH),
        ("exit", Trouble.CRASH),
        ("lie", Trouble.CRASH),
        ("flood", Trouble.LIMIT),
        ("unknown act", Trouble.CRASH),
    ],
)
def test_trouble_becomes_could_not_be_checked(rough, written, act, trouble):
    facts = rough.read(written(act), "a.docx")
    assert (facts.readable, facts.certain, facts.trouble_kind) == (False, False, trouble)
    assert facts.trouble.endswith("请人工确认。")
    assert (facts.size, len(facts.sha256)) == (len(act), 64)


def test_the_child_can_write_no_file(rough, written, tmp_path):
    target = tmp_path / "target"
    facts = rough.read(written(f"write {target}"), "a.docx")
    assert not facts.readable
    assert not target.exists() or target.stat().st_size == 0


def test_the_child_sees_no_environment_and_no_other_files(rough, written):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: rough.read(written("look", f"{number}.docx"), ""), range(8)))
    assert {facts.name.replace("'LC_CTYPE': 'C.UTF-8'", "") for facts in found} == {" {} []"}


def test_the_child_reaches_no_network_where_the_system_can_take_it_away(rough, written):
    new_network, new_user = 0x40000000, 0x10000000
    calls = f"sys.exit(u({new_network}) and u({new_user | new_network}))"
    attempt = f"import ctypes, sys; u = ctypes.CDLL(None).unshare; {calls}"
    possible = subprocess.run([sys.executable, "-c", attempt], check=False).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as listening:
        facts = rough.read(written(f"connect 127.0.0.1 {listening.getsockname()[1]}"), "")
    assert facts.readable is not possible


def test_many_at_once_good_and_bad(rough, written):
    acts = ["look", "kill SIGSEGV", "eat", "look"] * 8
    paths = [written(act, f"{number}.docx") for number, act in enumerate(acts)]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda path: rough.read(path, path.name), paths))
    assert [facts.readable for facts in found] == [act == "look" for act in acts]


def test_a_dead_server_is_started_again(written):
    with Sandbox() as sandbox:
        first = sandbox.server_pid
        os.kill(first, signal.SIGKILL)
        assert _gone(first)
        assert sandbox.read(written(docx(paragraph("字"))), "a.docx").readable
        assert sandbox.server_pid != first


def test_a_file_that_kills_the_server_is_given_up_and_others_go_on(written):
    with Sandbox(TIGHT, command=COMMAND) as sandbox:
        assert sandbox.read(written("kill_server"), "a.docx").trouble_kind is Trouble.CRASH
        assert sandbox.read(written("look"), "b.docx").readable


def test_closing_ends_the_server_and_its_children(written):
    sandbox = Sandbox(Limits(wall_s=60), command=COMMAND)
    pid = sandbox.server_pid
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(sandbox.read, written("sleep"), "a.docx")
        children = Path(f"/proc/{pid}/task/{pid}/children")
        deadline = time.monotonic() + 10
        while not (child := children.read_text("utf-8").split()) and time.monotonic() < deadline:
            time.sleep(0.01)
        sandbox.close()
        assert _gone(pid)
        assert all(_gone(int(number)) for number in child)
        with pytest.raises(RuntimeError):
            slow.result(10)
    with pytest.raises(RuntimeError):
        sandbox.read(written("look"), "a.docx")


def _make(sandbox, path, result, task="make"):
    with result.open("x+b") as opened:
        return sandbox.make(path, "a.docx", task, {"n": [1]}, opened)


def test_something_is_made_of_a_file(rough, written, tmp_path):
    assert _make(rough, written("this"), tmp_path / "out") == {"order": {"n": [1]}}
    assert (tmp_path / "out").read_text("utf-8") == "a.docx ['this'] {'n': [1]}"


@pytest.mark.parametrize(
    ("act", "trouble"),
    [
        ("fill", Trouble.LIMIT),
        ("eat", Trouble.LIMIT),
        ("loop", Trouble.TIMEOUT),
        ("kill SIGSEGV", Trouble.CRASH),
        ("kill_server", Trouble.CRASH),
        ("promise", Trouble.CRASH),
        ("flood", Trouble.LIMIT),
    ],
)
def test_a_maker_in_trouble_makes_nothing(written, tmp_path, act, trouble):
    with Sandbox(TIGHT, command=COMMAND) as sandbox:
        with pytest.raises(UnmadeError) as caught:
            _make(sandbox, written(act), tmp_path / "out")
        assert caught.value.trouble is trouble
        assert (tmp_path / "out").stat().st_size <= TIGHT.output
        assert _make(sandbox, written("this"), tmp_path / "next")


def test_an_unknown_maker_makes_nothing(rough, written, tmp_path):
    with pytest.raises(UnmadeError):
        _make(rough, written("this"), tmp_path / "out", task="other")


def test_a_maker_can_write_no_file_itself(rough, written, tmp_path):
    with pytest.raises(UnmadeError):
        _make(rough, written(f"write {tmp_path / 'target'}"), tmp_path / "out")
    assert not (tmp_path / "target").exists() or (tmp_path / "target").stat().st_size == 0
