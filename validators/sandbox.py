"""The sandbox as its users see it: a path goes in, facts come out, and no file can hurt or hang the process that asked.

The readers live in a fork server of their own (`validators.sandbox_server`); each file is read by a fresh child with
limits on memory, CPU, time, files and network. Whatever happens to the child becomes facts that say "could not be
checked". Safe to use from many threads at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

from validators.facts import FileFacts, FileKind, Trouble
from validators.json_codec import MalformedError, from_json
from validators.limits import Limits
from validators.opening import open_regular

MAX_RESULT = 32 * 1024 * 1024
_GRACE_S = 5.0
_STOP_S = 5.0
_START_S = 60.0
_CHUNK = 256 * 1024
_COMMAND = (sys.executable, "-m", "validators.sandbox_server")
_ENDINGS = {"timeout": Trouble.TIMEOUT, "memory": Trouble.LIMIT}
_SENTENCES = {
    Trouble.TIMEOUT: "这份文件检查了很久也没有结果，请人工确认。",
    Trouble.LIMIT: "这份文件太复杂，超出了自动检查的范围，请人工确认。",
    Trouble.CRASH: "这份文件没能检查成功，文件可能已损坏，请人工确认。",
}

Progress = Callable[[str], None]
_Outcome = TypeVar("_Outcome")


class UnmadeError(Exception):
    """Nothing was made of the file: the maker met a limit or broke down."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class _ServerLostError(Exception):
    """The fork server went away before the file's outcome was known."""


class _TroubleError(Exception):
    """The child came to an end of another kind than an answer."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class _Server:
    """One running fork server. `submit` may be called from any thread."""

    def __init__(self, command: tuple[str, ...], limits: Limits) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own module, with fixed arguments
                [*command, str(theirs.fileno()), json.dumps(asdict(limits))],
                cwd=Path(__file__).resolve().parent.parent,
                env={},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._control = ours
        self._lock = threading.Lock()
        self._ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def submit(self, file: IO[bytes], request: dict[str, object]) -> socket.socket:
        """Start a child for the open file and give the job's socket. Raises _ServerLostError."""
        ours, theirs = socket.socketpair()
        try:
            with theirs, self._lock:
                self._await_ready()
                socket.send_fds(self._control, [b"J"], [theirs.fileno(), file.fileno()])
            ours.sendall(json.dumps(request).encode() + b"\n")
        except (OSError, _ServerLostError) as error:
            ours.close()
            raise _ServerLostError from error
        return ours

    def _await_ready(self) -> None:
        """Loading the readers takes a while on a busy machine: that time must not count as the first file's."""
        if self._ready:
            return
        if not _receive(self._control, time.monotonic() + _START_S):
            raise _ServerLostError
        self._control.settimeout(None)
        self._ready = True

    def stop(self) -> None:
        """Close the control socket, which ends the server and its children; kill it when it does not obey."""
        self._control.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Sandbox:
    """Reads files in confined children. A context manager: entering starts the fork server, leaving stops it."""

    def __init__(
        self, limits: Limits | None = None, *, parallel: int | None = None, command: tuple[str, ...] = _COMMAND
    ) -> None:
        """`parallel` bounds how many files are read at the same time; more callers wait."""
        self._limits = limits or Limits()
        self._command = command
        self._slots = threading.BoundedSemaphore(parallel or max(2, os.cpu_count() or 2))
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._closed = False

    def __enter__(self) -> Self:
        self._running()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def server_pid(self) -> int:
        """The process id of the fork server."""
        return self._running().pid

    def close(self) -> None:
        """Stop the fork server and every child. Reading afterwards raises RuntimeError."""
        with self._lock:
            self._closed = True
            server, self._server = self._server, None
        if server is not None:
            server.stop()

    def read(self, path: Path, name: str, *, progress: Progress | None = None) -> FileFacts:
        """The facts of the file at `path`, called `name` by its sender. `progress` is told each stage in Chinese, in
        the caller's thread. Raises OSError when the file cannot be opened or is no regular file (`NotAFileError`), and
        nothing for what is in it."""
        with open_regular(path) as file:
            return self.read_open(file, name, progress=progress)

    def read_open(self, file: IO[bytes], name: str, *, progress: Progress | None = None) -> FileFacts:
        """As `read`, of a file on disk that is open already; its position changes."""
        with self._slots:
            facts = self._run(file, {"name": name[:1000]}, lambda job: _read_facts(job, progress or _silent))
            return facts if isinstance(facts, FileFacts) else _unchecked(file, name, facts)

    def make(self, path: Path, name: str, task: str, order: object, result: IO[bytes]) -> object:
        """Have the server's maker called `task` work on the file at `path`: what it makes is written to `result`, and
        returned is what it says about it. `order` and what is said are JSON.

        Raises UnmadeError when nothing was made, OSError when the file cannot be opened or the result not be written.
        """

        def take(job: _Job) -> _Made | Trouble:
            result.seek(0)
            result.truncate()
            return _take_made(job, result, self._limits.output)

        with self._slots, open_regular(path) as file:
            made = self._run(file, {"name": name[:1000], "task": task, "order": order}, take)
            if isinstance(made, Trouble):
                raise UnmadeError(made)
            return made.said

    def _run(
        self, file: IO[bytes], request: dict[str, object], take: Callable[[_Job], _Outcome | Trouble]
    ) -> _Outcome | Trouble:
        for _ in range(2):
            server = self._running()
            try:
                with server.submit(file, request) as connection:
                    return take(_Job(connection, time.monotonic() + self._limits.wall_s + _GRACE_S))
            except _ServerLostError:
                continue
            except _TroubleError as error:
                return error.trouble
        return Trouble.CRASH

    def _running(self) -> _Server:
        with self._lock:
            if self._closed:
                raise RuntimeError("the sandbox is closed")
            if self._server is None or not self._server.alive():
                if self._server is not None:
                    self._server.stop()
                self._server = _Server(self._command, self._limits)
            return self._server


@dataclass(frozen=True, slots=True)
class _Made:
    said: object


class _Job:
    """The near end of a child's socket: what it says line by line, then bytes. Raises _ServerLostError when the server
    has gone, _TroubleError when the child has, or when it is too slow or says too much."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._received = bytearray()

    def line(self) -> dict[str, object]:
        """The next line that is no end."""
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            self._received += self._more()
            if len(self._received) > MAX_RESULT:
                raise _TroubleError(Trouble.LIMIT)
        line = _parsed(bytes(self._received[:end]))
        del self._received[: end + 1]
        if "end" in line:
            raise _TroubleError(_ENDINGS.get(str(line["end"]), Trouble.CRASH))
        return line

    def copy(self, size: int, target: IO[bytes]) -> None:
        """The next `size` bytes, into `target`. A child that dies meanwhile leaves too few, and then its end."""
        while size > 0:
            part = bytes(self._received[:size]) or self._more()
            del self._received[: len(part)]
            target.write(part[:size])
            self._received += part[size:]
            size -= len(part)

    def _more(self) -> bytes:
        chunk = _receive(self._connection, self._deadline)
        if chunk is None:
            raise _TroubleError(Trouble.TIMEOUT)
        if not chunk:
            raise _ServerLostError
        return chunk


def _read_facts(job: _Job, progress: Progress) -> FileFacts | Trouble:
    while True:
        line = job.line()
        if "stage" in line:
            progress(str(line["stage"])[:100])
        elif "facts" in line:
            return _checked_facts(line["facts"])


def _take_made(job: _Job, result: IO[bytes], most: int) -> _Made | Trouble:
    while "made" not in (line := job.line()):
        pass
    size = line.get("size")
    if not isinstance(size, int) or not 0 <= size <= most:
        return Trouble.LIMIT
    job.copy(size, result)
    if job.line() != {"done": size}:  # else the server's word about the child's end might pass for the last bytes
        return Trouble.CRASH
    return _Made(line["made"])


def _receive(job: socket.socket, deadline: float) -> bytes | None:
    """The next bytes, b"" at the end, None when the deadline has passed."""
    job.settimeout(max(0.001, deadline - time.monotonic()))
    try:
        return job.recv(_CHUNK)
    except TimeoutError:
        return None
    except OSError:
        return b""


def _parsed(line: bytes) -> dict[str, object]:
    with contextlib.suppress(ValueError):
        value = json.loads(line)
        if isinstance(value, dict):
            return value
    return {}


def _checked_facts(raw: object) -> FileFacts | Trouble:
    try:
        return from_json(FileFacts, raw)
    except MalformedError:
        return Trouble.CRASH


def _unchecked(file: IO[bytes], name: str, trouble: Trouble) -> FileFacts:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(_CHUNK):
        digest.update(block)
    size = os.fstat(file.fileno()).st_size
    return FileFacts(name, size, digest.hexdigest(), FileKind.UNKNOWN, False, trouble, _SENTENCES[trouble])


def _silent(stage: str) -> None:
    """Progress nobody asked for."""
