"""The name of a downloaded file, taken from its Content-Disposition and made safe."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes

MAX_NAME_BYTES = 255
_MAX_SUFFIX_BYTES = 16
_ZERO_WIDTH_JOINER = "\u200d"  # part of many emoji
_CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}
_EXTENDED = re.compile(r"(?:^|;)\s*filename\*\s*=\s*\"?([\w!#$%&+^`{}~.-]*)'[^']*'([^\s;\"]*)", re.IGNORECASE)
_PLAIN = re.compile(r"(?:^|;)\s*filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))", re.IGNORECASE)
_FIRST_ENTRIES_OF_WORD = (b"[Content_Types].xml", b"_rels/", b"word/", b"docProps/", b"customXml/")


def disposition_name(header: str | None) -> str | None:
    """The file name in a Content-Disposition header, as sent (not yet safe); None when there is none.

    `header` is as HTTP libraries give it, one character a byte. `filename*` (RFC 5987) goes before `filename`, whose
    bytes are taken for UTF-8 when they are, else for GBK; percent-encoded UTF-8 is understood.
    """
    if not header:
        return None
    text = _decode(header)
    extended = _EXTENDED.search(text)
    if extended:
        encoding = _CHARSETS.get(extended[1].lower(), "latin-1")
        try:
            return unquote_to_bytes(extended[2]).decode(encoding) or None
        except UnicodeDecodeError:
            pass  # then the plain form may do
    plain = _PLAIN.search(text)
    if not plain:
        return None
    name = re.sub(r'\\(["\\])', r"\1", plain[1]) if plain[1] is not None else plain[2].strip()
    return _unquoted(name) or None


def safe_name(name: str | None, fallback: str) -> str:
    """`name` fit for a file system and a chat: no path, no control or direction characters, at most 255 bytes with the
    suffix kept, never empty (then `fallback`)."""
    last = re.split(r"[/\\]", name or "")[-1]
    kept = "".join(_visible(character) for character in unicodedata.normalize("NFC", last))
    kept = kept.strip().rstrip(". ").strip()
    if not kept.strip("." + _ZERO_WIDTH_JOINER):
        return fallback
    return _shortened(kept)


def guessed_suffix(head: bytes) -> str:
    """The suffix for a file without a name, from its first bytes (64 or more); "" when they tell nothing."""
    if head.startswith(b"PK\x03\x04"):
        return ".docx" if head[30:].startswith(_FIRST_ENTRIES_OF_WORD) else ".zip"
    if head[4:8] == b"ftyp":
        return ".mp4"
    for magic, suffix in ((b"%PDF", ".pdf"), (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n\x1a\n", ".png")):
        if head.startswith(magic):
            return suffix
    return ""


def _decode(header: str) -> str:
    """The header's bytes as text; before parsing, because the second byte of a GBK character can be a backslash."""
    try:
        raw = header.encode("latin-1")
    except UnicodeEncodeError:
        return header
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return header


def _unquoted(name: str) -> str:
    """`name` with percent-encoding resolved, if that is what it is: "100%25.docx" stays."""
    if "%" not in name:
        return name
    try:
        decoded = unquote_to_bytes(name).decode("utf-8")
    except UnicodeDecodeError:
        return name
    return name if decoded.isascii() else decoded


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zl", "Zp"} or character in "\t\r\n":
        return " "
    if category in {"Cc", "Cs"} or (category == "Cf" and character != _ZERO_WIDTH_JOINER):
        return ""
    return character


def _shortened(name: str) -> str:
    if len(name.encode("utf-8")) <= MAX_NAME_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    ending = dot + suffix
    if not stem or len(ending.encode("utf-8")) > _MAX_SUFFIX_BYTES:
        stem, ending = name, ""
    room = MAX_NAME_BYTES - len(ending.encode("utf-8"))
    return stem.encode("utf-8")[:room].decode("utf-8", "ignore").rstrip() + ending
