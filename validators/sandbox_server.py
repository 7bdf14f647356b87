"""The fork server of the sandbox: one single-threaded process with the readers loaded, one short-lived child a file.

Run as `python -m validators.sandbox_server FD LIMITS`, never by hand. When all is loaded it writes one byte to the
control socket FD; from then on each byte it gets there brings two descriptors: the job's own socket and the open file.
The child reads one JSON line from the job's socket. To `{"name"}` it answers in JSON lines: `{"stage"}` any number of
times, then `{"facts"}`; to `{"name", "task", "order"}` with `{"made", "size"}`, that many bytes of what it made, and
`{"done"}`. A child writes nothing but to this socket. When it is gone the server adds `{"end"}`: timeout, memory, or
how it ended. A closed control socket ends everything.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, NoReturn

from pymediainfo import MediaInfo

from validators.facts import FileFacts
from validators.json_codec import to_json
from validators.limits import Limits
from validators.reading.file import read_file

READY = b"R"
_FILE_FD, _JOB_FD = 3, 4
_MAX_REQUEST = 16 * 1024 * 1024
_NEW_NETWORK = 0x40000000
_NEW_USER = 0x10000000
_RECURSION = 4_000
_MOST_DESCRIPTORS = 1_024
_GRACE_S = 1.0
_OUT_OF_MEMORY = 2
_DIE_WITH_PARENT = 1
_LIBC = ctypes.CDLL(None, use_errno=True)

Reader = Callable[[IO[bytes], str, Callable[[str], None]], FileFacts]
Maker = Callable[[IO[bytes], str, object], tuple[object, bytes]]  # file, its name, the order -> what to say, the copy
_NO_MAKERS: Mapping[str, Maker] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Work:
    """What this server's children can do: read a file, and by name make something of it."""

    reader: Reader
    makers: Mapping[str, Maker]


@dataclass(slots=True)
class _Child:
    job: socket.socket
    deadline: float
    timed_out: bool = False


class Server:
    """Takes jobs from the control socket until it closes."""

    def __init__(self, control: socket.socket, limits: Limits, work: _Work) -> None:
        self._control = control
        self._limits = limits
        self._work = work
        self._children: dict[int, _Child] = {}
        self._woken, self._waker = socket.socketpair()
        for end in (self._woken, self._waker):
            end.setblocking(False)

    def run(self) -> None:
        """Serve until the control socket closes, then kill what is left."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        while True:
            ready, _, _ = select.select([self._control, self._woken], [], [], self._patience())
            if self._woken in ready:
                self._woken.recv(4096)
            self._reap()
            self._kill_overdue()
            if self._control in ready and not self._take():
                break
        for pid in self._children:
            _kill(pid)

    def _patience(self) -> float | None:
        if not self._children:
            return None
        return max(0.0, min(child.deadline for child in self._children.values()) - time.monotonic())

    def _take(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._control, 1, 2)
        if not data:
            return False
        if len(descriptors) != 2:  # noqa: PLR2004  the socket and the file
            return True
        job, file_fd = socket.socket(fileno=descriptors[0]), descriptors[1]
        pid = os.fork()
        if pid == 0:
            _child(job, file_fd, self._limits, self._work)
        os.close(file_fd)
        self._children[pid] = _Child(job, time.monotonic() + self._limits.wall_s)
        return True

    def _reap(self) -> None:
        for pid in list(self._children):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                child = self._children.pop(pid)
                _tell(child.job, {"end": _ending(status, timed_out=child.timed_out)})
                child.job.close()

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for pid, child in self._children.items():
            if child.deadline <= now:
                child.timed_out = True
                child.deadline = now + _GRACE_S
                _kill(pid)


def serve(reader: Reader, makers: Mapping[str, Maker] = _NO_MAKERS) -> None:
    """Serve jobs with this reader and these makers; the descriptor and the limits come from the command line."""
    control = socket.socket(fileno=int(sys.argv[1]))
    limits = Limits(**json.loads(sys.argv[2]))
    sys.setrecursionlimit(_RECURSION)
    _leave_network()
    gc.collect()
    gc.freeze()
    control.sendall(READY)
    Server(control, limits, _Work(reader, makers)).run()


def _ending(status: int, *, timed_out: bool) -> str:
    if timed_out or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGALRM, signal.SIGXCPU}):
        return "timeout"
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    code = os.WEXITSTATUS(status)
    return "memory" if code == _OUT_OF_MEMORY else f"exit {code}"


def _tell(job: socket.socket, line: dict[str, object]) -> None:
    # The other side may have gone, or be slow after a child that filled the buffer: the server never waits for it.
    with contextlib.suppress(OSError):
        job.send(json.dumps(line).encode() + b"\n", socket.MSG_DONTWAIT)


def _kill(pid: int) -> None:
    # Only called for a child that was not reaped yet, so that the number cannot mean another process.
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _leave_network() -> None:
    """Go where there is no network, if the system allows it; files come as open descriptors and are not concerned."""
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        if _LIBC.unshare(_NEW_NETWORK) != 0:
            _LIBC.unshare(_NEW_USER | _NEW_NETWORK)


def _child(job: socket.socket, file_fd: int, limits: Limits, work: _Work) -> NoReturn:
    """Everything the child does; it never returns into the server's loop."""
    code = 1
    try:
        _confine(job, file_fd, limits)
        _do(work)
        code = 0
    except BaseException as error:  # noqa: BLE001  whatever it was, the server reports the exit status
        if _is_out_of_memory(error):
            code = _OUT_OF_MEMORY
    finally:
        os._exit(code)


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out here or in what this error was raised from: parsers dress it up as errors of their own."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError) or (isinstance(cause, OSError) and cause.errno == errno.ENOMEM):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _confine(job: socket.socket, file_fd: int, limits: Limits) -> None:
    signal.set_wakeup_fd(-1)
    os.setsid()
    gc.disable()  # a child lives too briefly for cycles to matter
    for number in (signal.SIGCHLD, signal.SIGALRM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    # When the server is gone nobody else would end the child: the system does, or else a clock of its own.
    if sys.platform.startswith("linux"):
        _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s + _GRACE_S)
    _keep_only(file_fd, job.detach())
    # At the soft limit on CPU a signal tells what happened; at the hard one the child would only be killed.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    for kind, limit in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def _keep_only(file_fd: int, job_fd: int) -> None:
    """Leave open the file, the job's socket and the three null devices: other jobs must not be within reach."""
    highest = max(_JOB_FD, file_fd, job_fd)
    file_copy = fcntl.fcntl(file_fd, fcntl.F_DUPFD, highest + 1)
    job_copy = fcntl.fcntl(job_fd, fcntl.F_DUPFD, highest + 1)
    os.dup2(file_copy, _FILE_FD)
    os.dup2(job_copy, _JOB_FD)
    os.closerange(_JOB_FD + 1, max(job_copy, _MOST_DESCRIPTORS) + 1)


def _do(work: _Work) -> None:
    job = socket.socket(fileno=_JOB_FD)
    with os.fdopen(_FILE_FD, "rb") as file, job.makefile("rb") as requests:
        file.seek(0)
        request = json.loads(requests.readline(_MAX_REQUEST))
        name = str(request["name"])
        if "task" in request:
            said, made = work.makers[request["task"]](file, name, request["order"])
            _say(job, {"made": said, "size": len(made)})
            job.sendall(made)
            _say(job, {"done": len(made)})
        else:
            facts = work.reader(file, name, lambda stage: _say(job, {"stage": stage}))
            _say(job, {"facts": to_json(facts)})


def _say(job: socket.socket, line: dict[str, object]) -> None:
    job.sendall(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def serve_readers(makers: Mapping[str, Maker] = _NO_MAKERS) -> None:
    """Serve jobs with the readers, all loaded once for every child, and these makers."""
    MediaInfo.can_parse()
    serve(read_file, makers)


if __name__ == "__main__":
    serve_readers()
