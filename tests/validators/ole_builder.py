"""OLE2 files (old Office documents, passwords, embedded objects), built sector by sector."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST = 4096  # shorter streams would live elsewhere


def ole(*streams: str, contents: Mapping[str, bytes] | None = None) -> bytes:
    """An OLE2 file with empty streams of these names and others with contents, at most three in all."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, _SMALLEST, _END, 0, _END, 0) + struct.pack("<I", 0)
    head += struct.pack("<I", _FREE) * 108
    chains, entries, data = [_FAT, _END], [_entry("Root Entry", 5, 1)], b""
    items = {**dict.fromkeys(streams, b""), **(contents or {})}
    for number, (name, content) in enumerate(items.items(), start=1):
        right = number + 1 if number < len(items) else _FREE
        filled = content.ljust(_SMALLEST, b"\0") if content else b""
        filled += bytes(-len(filled) % _SECTOR)
        start, sectors = len(chains), len(filled) // _SECTOR
        chains += [*range(start + 1, start + sectors), _END] if sectors else []
        entries.append(_entry(name, 2, _FREE, right, (start if sectors else _END, len(filled))))
        data += filled
    fat = b"".join(struct.pack("<I", link) for link in chains).ljust(_SECTOR, b"\xff")
    return head + fat + b"".join(entries).ljust(_SECTOR, b"\0") + data


def _entry(name: str, kind: int, child: int, right: int = _FREE, place: tuple[int, int] = (_END, 0)) -> bytes:
    text = name.encode("utf-16-le")
    start = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, _FREE, right, child)
    return start + bytes(36) + struct.pack("<IQ", *place)
