"""A fork server whose reader does what the file says: it stands for a parser that a hostile file has broken."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from validators.facts import FileFacts, FileKind, Trouble
from validators.sandbox_server import serve


def misbehave(file, name, progress):
    """Do what the file's text says, then answer as if all were well."""
    words = file.read().decode().split()
    progress("开始")
    found = _ACTS[words[0]](words[1:]) if words else ""
    return FileFacts(f"{name}{found or ''}", 1, "0" * 64, FileKind.UNKNOWN, True, Trouble.NONE, "")


def make(file, name, order):
    """Do what the file's text says, then make a text of all that came."""
    words = file.read().decode().split()
    if words[0] in _ACTS:
        _ACTS[words[0]](words[1:])
    times = 10_000 if words[0] == "fill" else 1
    return {"order": order}, f"{name} {words} {order}".encode() * times


def _eat(_words):
    eaten = []
    while True:
        eaten.append(bytes(16 * 1024 * 1024))  # reserved, not written to: it costs memory but no time


def _eat_and_hide(_words):
    try:
        _eat(_words)
    except MemoryError:
        raise ValueError("this format is not understood") from None


def _no_memory(_words):
    raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))


def _eat_up(_words):
    """Leave no room for even the smallest object, so that whatever ends the child has to do without."""
    eaten = []
    for size in (16 * 1024 * 1024, 256 * 1024, 4096, 256, 16):
        with contextlib.suppress(MemoryError):
            while True:
                eaten.append(bytes(size))
    eaten.append(bytes(16 * 1024 * 1024))


def _loop(_words):
    while True:
        pass


def _sleep(_words):
    time.sleep(3600)


def _kill(words):
    os.kill(os.getpid(), getattr(signal, words[0]))


def _write(words):
    Path(words[0]).write_text("x" * 1000, "utf-8")


def _exit(_words):
    os._exit(0)


def _kill_server(_words):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(3600)


def _look(_words):
    descriptors = sorted(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    return f" {dict(os.environ)} {[d for d in descriptors if d > 4 and _is_open(d)]}"


def _is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _connect(words):
    with socket.create_connection((words[0], int(words[1])), timeout=2):
        return " connected"


def _lie(_words):
    os.write(4, b'{"facts": {"name": 3}}\n')
    time.sleep(3600)


def _promise(_words):
    os.write(4, b'{"made": {}, "size": 1000}\nonly this')
    os._exit(0)


def _flood(_words):
    block = b"x" * 1_000_000
    while True:
        os.write(4, block)


_ACTS = {
    "eat": _eat,
    "eat_up": _eat_up,
    "eat_and_hide": _eat_and_hide,
    "no_memory": _no_memory,
    "loop": _loop,
    "sleep": _sleep,
    "kill": _kill,
    "write": _write,
    "exit": _exit,
    "kill_server": _kill_server,
    "look": _look,
    "connect": _connect,
    "lie": _lie,
    "promise": _promise,
    "flood": _flood,
}

if __name__ == "__main__":
    if "slow" in sys.argv[1:2]:
        del sys.argv[1]
        time.sleep(1.5)
    serve(misbehave, {"make": make})
