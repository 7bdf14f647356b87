"""Guarded access to the parts of a zip package: every limit is checked before a byte is unpacked, nothing is extracted.

The limits keep a hostile file from costing more memory or time than an honest one of the same size. The largest honest
parts known are document.xml of a 9,000-row table (tens of MB) and photographs straight from a camera.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import unquote

from lxml import etree

from validators.facts import Trouble
from validators.reading.trouble import UnreadableError, damaged, from_xml_error, hostile, over_limit

MAX_FILE = 50 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_XML_PART = 50 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 16 * 1024 * 1024  # honest tables of equal cells reach high ratios, but not this size
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED_FLAG = 0x1
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

Element = Any  # lxml's element: its stubs are not part of the pins


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another part (`target` is then its normalised name) or to the outside."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of a zip package by normalised name: forward slashes, no leading slash, any letter case."""

    def __init__(self, file: IO[bytes]) -> None:
        """Open and check the directory. Raises UnreadableError; the sentence names the cause."""
        file.seek(0, 2)
        if file.tell() > MAX_FILE:
            raise over_limit("文件超过 50 MB")
        file.seek(0)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            raise damaged("文件不完整，里面的压缩结构读不出来") from error
        self._entries = dict(_checked_entries(self._zip.infolist()))

    @property
    def names(self) -> tuple[str, ...]:
        """Normalised part names in the order of the directory."""
        return tuple(info.filename for info in self._entries.values())

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return normalise(name).casefold() in self._entries

    def read(self, name: str, limit: int = MAX_XML_PART) -> bytes:
        """The bytes of a part, at most `limit`. Raises KeyError when there is no such part, else UnreadableError."""
        info = self._entries[normalise(name).casefold()]
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise hostile("文件解压后会膨胀几百倍")
        if info.file_size > limit:
            raise over_limit("文件里有一部分内容特别大")
        try:
            with self._zip.open(info) as stream:
                data = stream.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
            raise damaged("文件里有一部分内容读不出来") from error
        if len(data) > limit:
            raise hostile("文件解压后的大小与声明的不一致")
        return data

    def xml(self, name: str) -> Element:
        """The root element of an XML part; KeyError and UnreadableError as `read`."""
        return parse_xml(self.read(name))

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """The relationships of a part ("" for the package itself); none when there is no list or it is unusable."""
        folder, base = posixpath.split(normalise(part))
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(name):
            return ()
        return tuple(_relationship(link, folder) for link in self.xml(name).iter(_RELATIONSHIP))


def normalise(name: str) -> str:
    """A part name as this package compares it."""
    return name.replace("\\", "/").lstrip("/")


def parse_xml(data: bytes) -> Element:
    """Parse without entities, network or document types; comments and processing instructions are dropped."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if b"<!doctype" in data[:4096].replace(b"\0", b"").lower():
        raise hostile("文件里有 Word 文件不该有的内容（DOCTYPE 声明）")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise from_xml_error(getattr(error, "code", None) or 0) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise hostile("文件里有 Word 文件不该有的内容（DOCTYPE 声明）")
    return root


def _checked_entries(infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    if len(infos) > MAX_ENTRIES:
        raise hostile(f"文件里打包了 {len(infos)} 个部件，远多于正常的 Word 文件")
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise hostile("文件解压后超过 200 MB")
    seen: set[str] = set()
    for info in infos:
        info.filename = normalise(info.filename)
        _refuse_bad(info)
        if not info.filename or info.is_dir():  # nothing refers to a part without a name
            continue
        folded = info.filename.casefold()
        if folded in seen:
            raise hostile("文件里有重名的部件")
        seen.add(folded)
        yield folded, info


def _refuse_bad(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise UnreadableError(Trouble.DAMAGED, "文件的压缩包加了密码，我打不开。请去掉密码后重新发送。")
    if ".." in info.filename.split("/") or "\0" in info.orig_filename or ":" in info.filename:
        raise hostile("文件里有部件的名字指向文件之外")
    if info.compress_type not in _METHODS:
        raise hostile("文件用了 Word 不用的压缩方式")


def _relationship(link: Element, folder: str) -> Relationship:
    target = link.get("Target") or ""
    external = (link.get("TargetMode") or "").casefold() == "external"
    if not external:
        path = unquote(target.replace("\\", "/"))
        target = normalise(path if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path)))
    kind = (link.get("Type") or "").rsplit("/", 1)[-1]
    return Relationship(link.get("Id") or "", kind, target, external)
