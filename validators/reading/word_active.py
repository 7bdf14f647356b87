"""What a Word file carries that could run: found by name, never opened as what it is, never executed."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from olefile import OleFileIO  # type: ignore[attr-defined]  # it has no types

from validators.facts import MAX_NOTES
from validators.reading.package import Package
from validators.reading.trouble import UnreadableError

_PROGRAM = re.compile(
    r"\.(?:exe|com|scr|pif|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|lnk|jar|dll|apk|reg|cpl)$", re.IGNORECASE
)
_PACKED_FILE = "\x01Ole10Native"
_HEAD = 6  # bytes before the name: the size and a flag
_LONGEST_NAME = 80
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]")


def has_controls(package: Package) -> bool:
    """Whether there are ActiveX controls: pages copied from the web often bring them along."""
    return any(name.casefold().startswith("word/activex/") for name in package.names)


def programs_in(package: Package) -> tuple[str, ...]:
    """The names of embedded files that are programs, as their icon shows them; bounded."""
    return tuple(islice(_programs(package), MAX_NOTES))


def _programs(package: Package) -> Iterator[str]:
    for name in package.names:
        if "/embeddings/" not in f"/{name}".casefold():
            continue
        packed = _packed_name(package, name) if name.casefold().endswith(".bin") else name
        shown = _UNSEEN.sub("", posixpath.basename(packed.replace("\\", "/")))
        if _PROGRAM.search(shown):
            yield shown[-_LONGEST_NAME:]


def _packed_name(package: Package, name: str) -> str:
    """The name of the file inside an OLE package, "" when it is another object or cannot be told."""
    try:
        data = package.read(name)
    except UnreadableError:
        return ""
    try:
        with OleFileIO(io.BytesIO(data)) as ole:
            native = ole.openstream(_PACKED_FILE).read() if ole.exists(_PACKED_FILE) else b""
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  the parser of a hostile format may raise anything; then nothing can be told
        return ""
    return str(native[_HEAD:].split(b"\0", 1)[0].decode("gb18030", "replace"))
