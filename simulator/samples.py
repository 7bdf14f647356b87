"""Ready-made things to send from the "+" menu, drawn here so that no file has to be shipped."""

from __future__ import annotations

import struct
import zlib

_SIDE = 96


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png() -> bytes:
    """A small picture: hills under a sky."""
    rows = bytearray()
    for y in range(_SIDE):
        rows.append(0)
        for x in range(_SIDE):
            hill = _SIDE * 0.72 - abs(x - _SIDE * 0.35) * 0.5
            near = _SIDE * 0.86 - abs(x - _SIDE * 0.75) * 0.35
            sky = (150 + y // 2, 196 + y // 3, 240)
            rows += bytes((62, 133, 92) if y > near else (104, 168, 124) if y > hill else sky)
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _mp4() -> bytes:
    """The first box of an MP4 and nothing playable: enough to be taken for a video, too little to pass a check."""
    return struct.pack(">I", 24) + b"ftypisom" + struct.pack(">I", 512) + b"isommp41" + struct.pack(">I", 8) + b"mdat"


PICTURE = _png()
VIDEO = _mp4()
