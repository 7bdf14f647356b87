"""A line between client and server that breaks once, after so many bytes, in the middle of whatever is sent."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_RESET = struct.pack("ii", 1, 0)


class Line:
    """Forwards connections to `port`; the one that carries byte number `after` towards the server is cut off there."""

    def __init__(self, port: int, after: int) -> None:
        self._port = port
        self._left = after
        self.broken = False
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._carriers: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def serve(self) -> None:
        """Until closed."""
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._ends.append(near)
                far = socket.create_connection(("127.0.0.1", self._port))
                self._ends.append(far)
                for way in ((near, far, True), (far, near, False)):
                    self._carriers.append(threading.Thread(target=self._carry, args=way, daemon=True))
                    self._carriers[-1].start()

    def close(self) -> None:
        """No more connections, and none left."""
        for end in (self._listener, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for carrier in self._carriers:
            carrier.join(5)
        for end in (self._listener, *self._ends):
            end.close()

    def _carry(self, source: socket.socket, target: socket.socket, counts: bool) -> None:  # noqa: FBT001
        with suppress(OSError):
            while data := source.recv(16384):
                if counts and not self._passes(len(data)):
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _passes(self, count: int) -> bool:
        with self._lock:
            if self.broken:
                return True
            self._left -= count
            self.broken = self._left <= 0
            return not self.broken


@contextmanager
def breaking(port: int, after: int) -> Iterator[Line]:
    """A line for the length of the block."""
    line = Line(port, after)
    serving = threading.Thread(target=line.serve, daemon=True)
    serving.start()
    try:
        yield line
    finally:
        line.close()
        serving.join(5)
