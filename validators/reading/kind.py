"""What a file really is: its first bytes, then a look inside. The extension is not believed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import IO

from olefile import OleFileIO  # type: ignore[attr-defined]  # it has no types

from validators.facts import FileKind
from validators.reading.package import Package
from validators.reading.trouble import UnreadableError

HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN_PART = re.compile(rb"wordprocessingml\.(document|template)\.main\+xml|ms-word\.(document|template)\.macroEnabled")
_STRICT = b"http://purl.oclc.org/ooxml/"
_IMAGE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif")
_STARTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF", FileKind.PDF),
    (b"{\\rtf", FileKind.RTF),
    (b"\xff\xd8\xff", FileKind.IMAGE),
    (b"\x89PNG\r\n", FileKind.IMAGE),
    (b"GIF8", FileKind.IMAGE),
    (b"BM", FileKind.IMAGE),
    (b"II*\0", FileKind.IMAGE),
    (b"MM\0*", FileKind.IMAGE),
    (b"Rar!\x1a\x07", FileKind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    (b"\x1f\x8b", FileKind.ARCHIVE),
    (b"\x1aE\xdf\xa3", FileKind.OTHER_VIDEO),
    (b"FLV\x01", FileKind.OTHER_VIDEO),
    (b"0&\xb2u\x8ef\xcf\x11", FileKind.OTHER_VIDEO),
    (b"\0\0\x01\xba", FileKind.OTHER_VIDEO),
    (b"\0\0\x01\xb3", FileKind.OTHER_VIDEO),
    (b"ID3", FileKind.AUDIO),
    (b"OggS", FileKind.AUDIO),
    (b"fLaC", FileKind.AUDIO),
    (b"MIME-Version", FileKind.MHTML),
)
_RIFF = {b"AVI ": FileKind.OTHER_VIDEO, b"WAVE": FileKind.AUDIO, b"WEBP": FileKind.IMAGE}
_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})
_TRANSPORT_PACKET = 188
_SYNC = b"G"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The kind, and the opened package when the file is a zip that passed the limits."""

    kind: FileKind
    package: Package | None = None
    refused: UnreadableError | None = None


def sniff(file: IO[bytes], name: str) -> Sniffed:
    """Tell what the file is. Never raises for any content; `refused` holds why a zip was not opened."""
    if _base(name).startswith("~$"):
        return Sniffed(FileKind.LOCK_FILE)
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(file)
    if head.startswith(_OLE):
        return Sniffed(_sniff_ole(file))
    return Sniffed(_sniff_head(head))


def _sniff_head(head: bytes) -> FileKind:
    if not head:
        return FileKind.EMPTY
    if head[4:8] in _FIRST_BOXES:
        return _sniff_boxes(head)
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], FileKind.UNKNOWN)
    if head[:1] == _SYNC == head[_TRANSPORT_PACKET : _TRANSPORT_PACKET + 1]:
        return FileKind.OTHER_VIDEO
    return next((kind for start, kind in _STARTS if head.startswith(start)), None) or _sniff_text(head)


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _sniff_zip(file: IO[bytes]) -> Sniffed:
    try:
        package = Package(file)
    except UnreadableError as refusal:
        return Sniffed(FileKind.BROKEN_ZIP, refused=refusal)
    try:
        return Sniffed(_package_kind(package), package)
    except UnreadableError as refusal:
        return Sniffed(FileKind.BROKEN_ZIP, refused=refusal)


def _package_kind(package: Package) -> FileKind:
    if package.has("[Content_Types].xml"):
        return _office_kind(package)
    if package.has("mimetype"):
        stated = package.read("mimetype")[:200]
        return FileKind.ODT if b"opendocument.text" in stated else FileKind.ODF_OTHER
    return FileKind.ZIP


def _office_kind(package: Package) -> FileKind:
    main = _MAIN_PART.search(package.read("[Content_Types].xml"))
    if main:
        return FileKind.STRICT_DOCX if _is_strict(package) else _word_kind(*main.groups())
    folders = {name.split("/", 1)[0] for name in package.names}
    if "xl" in folders:
        return FileKind.EXCEL
    if "ppt" in folders:
        return FileKind.POWERPOINT
    return FileKind.DOCX if package.has("word/document.xml") else FileKind.ZIP


def _word_kind(plain: bytes | None, with_macros: bytes | None) -> FileKind:
    if with_macros:
        return FileKind.DOTM if with_macros == b"template" else FileKind.DOCM
    return FileKind.DOTX if plain == b"template" else FileKind.DOCX


def _is_strict(package: Package) -> bool:
    return package.has("_rels/.rels") and _STRICT in package.read("_rels/.rels")


def _sniff_ole(file: IO[bytes]) -> FileKind:
    try:
        with OleFileIO(file) as ole:
            streams = {"/".join(path) for path in ole.listdir()}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  the parser of a hostile format may raise anything; the kind is then plain OLE
        return FileKind.OLE_OTHER
    if streams & {"EncryptedPackage", "EncryptionInfo"}:
        return FileKind.ENCRYPTED
    if "WordDocument" in streams:
        return FileKind.DOC
    if streams & {"Workbook", "Book"}:
        return FileKind.EXCEL
    return FileKind.POWERPOINT if "PowerPoint Document" in streams else FileKind.OLE_OTHER


def _sniff_boxes(head: bytes) -> FileKind:
    if head[4:8] != b"ftyp":
        return FileKind.MOV
    brand = head[8:12]
    if brand in _IMAGE_BRANDS:
        return FileKind.IMAGE
    if brand == b"qt  ":
        return FileKind.MOV
    return FileKind.AUDIO if brand in {b"M4A ", b"M4B "} else FileKind.MP4


def _sniff_text(head: bytes) -> FileKind:
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if plain.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return FileKind.HTML
    if plain.startswith((b"<?xml", b"<w:", b"<pkg:")):
        return _sniff_xml(plain)
    return FileKind.TEXT if plain and b"\0" not in head and _is_utf8(head) else FileKind.UNKNOWN


def _sniff_xml(plain: bytes) -> FileKind:
    if any(mark in plain for mark in (b"wordml", b"/package/2006/xmlpackage", b'progid="word')):
        return FileKind.WORD_XML
    return FileKind.HTML if b"<html" in plain else FileKind.XML


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut off
    except UnicodeDecodeError:
        return False
    return True
