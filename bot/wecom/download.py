"""What every download shares: faults, limits, tries, and the file that fills and may have to start over."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

import urllib3
from urllib3.exceptions import HTTPError

from bot.wecom.file_name import guessed_suffix, safe_name
from bot.wecom.outbound import Timeouts
from domain.errors import BotError

UNNAMED = "未命名文件"
_PIECE_BYTES = 1 << 16
_HEAD_BYTES = 64


class MediaFault(StrEnum):
    """Why a file could not be fetched."""

    EXPIRED = "expired"
    TOO_LARGE = "too large"
    REFUSED = "address refused"
    BROKEN = "cannot be decrypted"
    TRUNCATED = "truncated"
    UNAVAILABLE = "unavailable"
    STOPPED = "stopped"


class MediaError(BotError):
    """A file that was not fetched; the destination's content is then worthless. `retryable`: another try at the same
    address, while it lives, may help."""

    def __init__(self, fault: MediaFault, detail: str = "") -> None:
        super().__init__(f"{fault.value}: {detail}" if detail else fault.value)
        self.fault = fault

    @property
    def retryable(self) -> bool:
        """Whether another try may help."""
        return self.fault in {MediaFault.TRUNCATED, MediaFault.UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """`max_bytes` of the plain file; tries and the pauses between them (doubling from the first to the longest)."""

    max_bytes: int = 100 * 1024 * 1024
    attempts: int = 8
    first_pause_s: float = 1.0
    longest_pause_s: float = 16.0
    timeouts: Timeouts = field(default_factory=Timeouts)


@dataclass(frozen=True, slots=True)
class FetchedMedia:
    """A fetched file: its safe name (`named` tells whether the platform gave one), plain size in bytes, SHA-256 of the
    plain bytes in hex, and the content type the platform told."""

    name: str
    size: int
    sha256: str
    content_type: str
    named: bool = True


class Destination(Protocol):
    """What takes the bytes of one file, in order: an open file, or anything else that can be written to."""

    def write(self, data: bytes, /) -> object:
        """Append `data`."""
        ...


@runtime_checkable
class Restartable(Protocol):
    """A destination that can be emptied, so that a broken download is tried again into it."""

    def restart(self) -> None:
        """Forget what was written."""
        ...


class PlainFile:
    """The destination while it fills: counts, hashes, remembers the first bytes."""

    def __init__(self, destination: Destination, max_bytes: int) -> None:
        self._destination = destination
        self._digest = hashlib.sha256()
        self.max_bytes = max_bytes
        self.size = 0
        self.head = b""

    def emptied(self) -> bool:
        """Start over. False when something was written and the destination cannot forget it."""
        if not self.size:
            return True
        if not isinstance(self._destination, Restartable):
            return False
        self._destination.restart()
        self._digest, self.size, self.head = hashlib.sha256(), 0, b""
        return True

    def write(self, data: bytes) -> None:
        """Append `data`. Raises MediaError(TOO_LARGE)."""
        if not data:
            return
        self.size += len(data)
        if self.size > self.max_bytes:
            raise MediaError(MediaFault.TOO_LARGE)
        if len(self.head) < _HEAD_BYTES:
            self.head += data[: _HEAD_BYTES - len(self.head)]
        self._digest.update(data)
        self._destination.write(data)

    def finished(self, names: Iterable[str | None], content_type: str | None) -> FetchedMedia:
        """The result, named by the first usable of `names` or, failing that, by what the first bytes show."""
        name = next((safe for told in names if (safe := safe_name(told, ""))), "")
        return FetchedMedia(
            name=name or UNNAMED + guessed_suffix(self.head),
            size=self.size,
            sha256=self._digest.hexdigest(),
            content_type=(content_type or "").split(";")[0].strip().lower(),
            named=bool(name),
        )


class Retrying:
    """The tries one download has: until the deadline (monotonic seconds), at most so many, with growing pauses."""

    def __init__(self, limits: MediaLimits, deadline: float, stop: threading.Event | None) -> None:
        self._limits = limits
        self._deadline = deadline
        self._stop = stop or threading.Event()
        self.attempt = 0

    def check(self) -> None:
        """Raise MediaError when the time is over or the service is stopping."""
        if self._stop.is_set():
            raise MediaError(MediaFault.STOPPED)
        if time.monotonic() >= self._deadline:
            raise MediaError(MediaFault.EXPIRED, "the deadline has passed")

    def timeouts(self) -> Timeouts:
        """The time-outs, cut to what is left."""
        left = max(0.1, self._deadline - time.monotonic())
        configured = self._limits.timeouts
        return Timeouts(min(configured.connect_s, left), min(configured.read_s, left))

    def pause_or_raise(self, error: MediaError) -> None:
        """Wait before the next try, or raise `error` when it allows none or no time is left."""
        pause = min(self._limits.first_pause_s * 2**self.attempt, self._limits.longest_pause_s)
        self.attempt += 1
        too_late = time.monotonic() + pause >= self._deadline
        if not error.retryable or self.attempt >= self._limits.attempts or too_late:
            raise error
        if self._stop.wait(pause):
            raise MediaError(MediaFault.STOPPED)


def read_piece(response: urllib3.BaseHTTPResponse, tries: Retrying) -> bytes:
    """The next piece, as soon as anything has come: a slow sender cannot hold us beyond the deadline. b"" at the end.

    Raises MediaError: TRUNCATED when the sender breaks off, EXPIRED at the deadline, STOPPED.
    """
    tries.check()
    error = ""
    try:
        return response.read1(_PIECE_BYTES, decode_content=True)
    except (HTTPError, OSError) as caught:
        error = type(caught).__name__
    raise MediaError(MediaFault.TRUNCATED, error)


def announced_size(response: urllib3.BaseHTTPResponse) -> int | None:
    """The bytes a Content-Length header announces, None without a proper one, and where a body was packed unasked for
    the way: then it counts other bytes."""
    length = response.headers.get("Content-Length")
    packed = response.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}
    return int(length) if length and length.isascii() and length.isdigit() and not packed else None
