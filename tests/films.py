"""Real MP4 files of any size: a short film, and behind it a `free` box that players skip."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av

BLOCK = 1 << 20
_FRAMES = 12
_FREE = struct.Struct(">I4s")


def blocks(size: int, seed: int) -> Iterator[bytes]:
    """The bytes of a film of `size`, in order; another seed gives other bytes."""
    start = _film()
    assert size >= len(start) + _FREE.size
    yield start + _FREE.pack(size - len(start), b"free")
    left, noise, number = size - len(start) - _FREE.size, random.Random(seed).randbytes(BLOCK), 0
    while left > 0:
        block = (struct.pack(">Q", number) + noise)[: min(BLOCK, left)]  # no two blocks alike: order matters
        yield block
        left, number = left - len(block), number + 1


def film(size: int, seed: int) -> bytes:
    """The whole film."""
    return b"".join(blocks(size, seed))


@cache
def _film() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        with av.open(str(path), "w", options={"movflags": "faststart"}) as target:
            stream = target.add_stream("libx264", rate=_FRAMES, options={"preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
            for _ in range(_FRAMES):
                frame = av.VideoFrame(1920, 1080, "yuv420p")
                for plane in frame.planes:
                    plane.update(bytes(plane.buffer_size))
                for packet in stream.encode(frame):
                    target.mux(packet)
            for packet in stream.encode(None):
                target.mux(packet)
        return path.read_bytes()
