"""The parts of a Word file as a copy is made from them: read through a guard that is handed in, written by us.

Who reads a stranger's file has to guard against what is in it; that is the readers' work. `Parts` is what a copy needs
of such a guarded package.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping, Sequence
from typing import Protocol

MAIN_PART = "word/document.xml"
TYPES_PART = "[Content_Types].xml"
_MOST = 200 * 1024 * 1024
_PACKED_ALREADY = frozenset({".png", ".jpg", ".jpeg", ".gif", ".mp4", ".zip", ".docx", ".xlsx", ".pptx"})
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_PACKED_BEST = 6


class Link(Protocol):
    """A relationship of a part."""

    @property
    def id(self) -> str:
        """Its id within the part."""

    @property
    def kind(self) -> str:
        """The last word of its type."""

    @property
    def target(self) -> str:
        """The normalised name of a part or, when it is external, the address as written."""

    @property
    def external(self) -> bool:
        """Whether it leads out of the file."""


class Parts(Protocol):
    """A guarded package: part names with forward slashes, compared without regard to case."""

    @property
    def names(self) -> tuple[str, ...]:
        """All parts in their order."""

    def has(self, name: str) -> bool:
        """Whether there is such a part."""

    def read(self, name: str, limit: int = ...) -> bytes:
        """The bytes of a part, at most `limit`."""

    def relationships(self, part: str) -> Sequence[Link]:
        """What a part refers to; "" for the package itself."""


class NoCopyError(Exception):
    """No copy can be made of this file. `sentence` says in Chinese why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def main_part(parts: Parts) -> str:
    """The name of the part that holds the text."""
    for link in parts.relationships(""):
        if link.kind == "officeDocument" and not link.external and parts.has(link.target):
            return link.target
    return MAIN_PART


def links_part(part: str) -> str:
    """The name of the part that lists the relationships of `part`."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def linked(parts: Parts, part: str, kind: str) -> str:
    """The name of the first existing part that `part` refers to as `kind`, "" without one."""
    links = parts.relationships(part)
    found = (link.target for link in links if link.kind == kind and not link.external and parts.has(link.target))
    return next(found, "")


def packed(parts: Parts, changed: Mapping[str, bytes]) -> bytes:
    """The package with some parts changed or added, all others byte for byte as they were, in the same order.

    The same parts always give the same bytes."""
    left = {name.casefold(): (name, data) for name, data in changed.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in sorted(parts.names, key=lambda name: name != TYPES_PART):
            _, data = left.pop(name.casefold(), (name, None))
            _write(target, name, parts.read(name, _MOST) if data is None else data)
        for name, data in left.values():
            _write(target, name, data)
    return stream.getvalue()


def _write(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _NO_DATE)
    ending = posixpath.splitext(name)[1].casefold()
    entry.compress_type = zipfile.ZIP_STORED if ending in _PACKED_ALREADY else zipfile.ZIP_DEFLATED
    target.writestr(entry, data, compresslevel=_PACKED_BEST)
