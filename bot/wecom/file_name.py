"""The name of a downloaded file, taken from its Content-Disposition and made safe."""

from __future__ import annotations

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from urllib.parse import unquote_to_bytes

MAX_NAME_BYTES = 255
_MAX_SUFFIX_BYTES = 16
_ZERO_WIDTH_JOINER = "\u200d"  # part of many emoji
_CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}
# One parameter after another, so that a name may hold what looks like the next one.
_PARAMETER = re.compile(r"(?:^|;)\s*([\w*!#$%&+^`|~.-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))")
_EXTENDED = re.compile(r"(?:([\w!#$%&+^`{}~.-]*)'[^']*')?(.*)", re.DOTALL)
_ENCODED_WORD = re.compile(r"=\?[\w-]+\?[bBqQ]\?[^?]*\?=")
# Signs that show nothing though their category is that of letters and marks; the last two no XML may hold.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffe\uffff")
_FIRST_ENTRIES_OF_WORD = (b"[Content_Types].xml", b"_rels/", b"word/", b"docProps/", b"customXml/")


def disposition_name(header: str | None) -> str | None:
    """The file name in a Content-Disposition header, as sent (not yet safe); None when there is none.

    `header` is as HTTP libraries give it, one character a byte. `filename*` (RFC 5987) goes before `filename`, whose
    bytes are taken for UTF-8 when they are, else for GBK; percent-encoded UTF-8 and encoded words (RFC 2047) are
    understood. A `filename*` that cannot be read as it says gives way to `filename`; without one it may be GBK.
    """
    if not header:
        return None
    given: dict[str, str] = {}
    for found in _PARAMETER.finditer(_decode(header)):
        quoted = found[2] is not None
        value = re.sub(r'\\(["\\])', r"\1", found[2]) if quoted else found[3].strip().removeprefix('"')
        given.setdefault(found[1].lower(), value)
    charset, encoded = _extended(given.get("filename*", ""))
    plain = _unquoted(_without_words(given.get("filename", "")))
    return _as(charset, encoded) or plain or _as("gbk", encoded) or None


def safe_name(name: str | None, fallback: str) -> str:
    """`name` fit for a file system and a chat: no path, no control or direction characters, at most 255 bytes with the
    suffix kept, never empty (then `fallback`)."""
    last = re.split(r"[/\\]", name or "")[-1]
    kept = "".join(_visible(character) for character in unicodedata.normalize("NFC", last))
    kept = kept.strip().rstrip(". ").strip()
    if not kept.rpartition(".")[0].strip("." + _ZERO_WIDTH_JOINER) and kept[:1] in {"", ".", _ZERO_WIDTH_JOINER}:
        return fallback  # nothing, or nothing but a suffix
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


def _extended(value: str) -> tuple[str, str]:
    """The character set a `filename*` names (UTF-8 when it names none), and its percent-encoded rest."""
    found = _EXTENDED.fullmatch(value)
    return ("", "") if found is None else (found[1] or "utf-8", found[2])


def _as(charset: str, encoded: str) -> str:
    try:
        return unquote_to_bytes(encoded).decode(_CHARSETS.get(charset.lower(), "latin-1"))
    except UnicodeDecodeError:
        return ""


def _without_words(name: str) -> str:
    """`name` with the encoded words of mail resolved, if it is made of them."""
    if not _ENCODED_WORD.search(name):
        return name
    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, UnicodeDecodeError):
        return name


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
    if category in {"Cc", "Cs"} or (category == "Cf" and character != _ZERO_WIDTH_JOINER) or character in _BLANK:
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
