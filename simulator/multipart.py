"""Reading one upload the way the real media/upload is believed to: the plain `filename="…"`, never `filename*=`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_NAME = re.compile(r'(?:^|;)\s*name="?([^";]*)"?', re.IGNORECASE)
_FILENAME = re.compile(r';\s*filename="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of multipart/form-data; `filename` is None when no plain one was sent."""

    name: str
    filename: str | None
    content_type: str
    data: bytes


def parts(content_type: str, body: bytes) -> list[Part]:
    """All parts of a multipart/form-data body; an empty list when it is not one."""
    match = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or match is None:
        return []
    marker = b"--" + match.group(1).encode("latin-1", "replace")
    found = []
    for piece in (b"\r\n" + body).split(b"\r\n" + marker)[1:]:
        if piece.startswith(b"--"):
            break
        head, separator, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if separator:
            found.append(_part(head, data))
    return found


def _part(head: bytes, data: bytes) -> Part:
    try:
        lines = head.decode().split("\r\n")
    except UnicodeDecodeError:
        lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    disposition = headers.get("content-disposition", "")
    name, filename = _NAME.search(disposition), _FILENAME.search(disposition)
    return Part(
        name.group(1) if name else "",
        re.sub(r"\\(.)", r"\1", filename.group(1)) if filename else None,
        headers.get("content-type", ""),
        data,
    )
