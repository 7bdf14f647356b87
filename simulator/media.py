"""Bytes on the platform: temporary media with a media_id, and the AI bot's encrypted file URLs."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

IMAGE_MAGICS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes somebody sent or uploaded. `made_at` in seconds since the epoch; `from_member`: came in by chat."""

    key: str
    name: str
    kind: str
    data: bytes
    made_at: float
    from_member: bool


class MediaStore:
    """Keeps everything for the life of the process: what expires is the right to fetch it. Thread-safe."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._stored: dict[str, Stored] = {}
        self._dead: set[str] = set()

    def keep(self, name: str, kind: str, data: bytes, *, from_member: bool) -> Stored:
        """Store bytes under a new unguessable key, usable as media_id or in a media URL."""
        stored = Stored("3" + secrets.token_urlsafe(32), name, kind, data, self._clock(), from_member)
        with self._lock:
            self._stored[stored.key] = stored
        return stored

    def get(self, key: str) -> Stored | None:
        """Whatever was stored, expired or not (for the page)."""
        with self._lock:
            return self._stored.get(key)

    def live(self, key: str, life: float) -> Stored | None:
        """What was stored less than `life` seconds ago and not expired by hand."""
        with self._lock:
            stored = self._stored.get(key)
            if stored is None or key in self._dead or self._clock() - stored.made_at > life:
                return None
            return stored

    def expire_all(self) -> None:
        """From now on everything stored so far counts as expired."""
        with self._lock:
            self._dead.update(self._stored)


def disposition(name: str, style: str) -> str:
    """A Content-Disposition value as bytes in latin-1 clothes (WSGI): styles as in Pace.disposition."""
    safe = name.replace("\\", "_").replace('"', "_").replace("\r", " ").replace("\n", " ")
    plain = f'filename="{safe}"'.encode().decode("latin-1")
    star = f"filename*=UTF-8''{quote(name, safe='')}"
    parts = {"both": (plain, star), "star": (star,), "plain": (plain,), "none": ()}[style]
    return "; ".join(("attachment", *parts))


def is_image(data: bytes) -> bool:
    """JPG or PNG by their first bytes."""
    return data.startswith(IMAGE_MAGICS)


def is_mp4(data: bytes) -> bool:
    """An MP4 by its first box."""
    return data[4:8] == b"ftyp"


def is_amr(data: bytes) -> bool:
    """An AMR voice clip by its first bytes."""
    return data.startswith(b"#!AMR")
