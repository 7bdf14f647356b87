"""What a Word file takes from outside itself: it is missing on other computers, or fetched when the file is opened."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from validators.facts import MAX_NOTES, External
from validators.reading.package import Element, Package, Relationship
from validators.reading.trouble import UnreadableError
from validators.reading.word_names import w

_NETWORK = re.compile(r"(?:https?|ftp)://|\\\\|//|file:/{0,3}(?:\\\\|//)(?![A-Za-z]:)", re.IGNORECASE)
_WEB = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_LOCAL_DRIVE = re.compile(r"(?:file:/*)?[A-Za-z]:", re.IGNORECASE)
_SHOWN_FROM_OUTSIDE = {
    "image": "链接的图片",
    "oleObject": "链接的对象",
    "frame": "链接的框架",
    "subDocument": "子文档",
    "aFChunk": "链接的内容",
    "video": "链接的视频",
    "audio": "链接的音频",
}
_TEMPLATE = "附加的模板"
_FIELD = re.compile(r"\s*(INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|DDEAUTO|DDE)\b(.*)", re.IGNORECASE | re.DOTALL)
_FIELD_NAMES = {"INCLUDEPICTURE": "域引用的图片", "DDE": "动态数据链接（DDE）", "DDEAUTO": "动态数据链接（DDE）"}
_QUOTED = re.compile(r'"([^"]+)"|(\S+)')
_LONGEST_TARGET = 300


def externals_of(package: Package, roots: Iterable[Element]) -> tuple[External, ...]:
    """Everything that comes from outside, by the relationships of all parts and the field codes of these; bounded."""
    return tuple(islice((*islice(_linked(package), MAX_NOTES), *_fields(roots)), MAX_NOTES))


def _linked(package: Package) -> Iterator[External]:
    for name in package.names:
        if not name.casefold().endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        try:
            links = package.relationships(posixpath.join(folder, posixpath.basename(name)[: -len(".rels")]))
        except UnreadableError:
            continue
        for link in links:
            what = _what(link)
            if what:
                yield External(what, link.target[:_LONGEST_TARGET])


def _what(link: Relationship) -> str:
    """What a link brings in, "" when it brings in nothing: the web address of a hyperlink, a template on this disk."""
    if not link.external:
        return ""
    if link.kind in _SHOWN_FROM_OUTSIDE:
        return _SHOWN_FROM_OUTSIDE[link.kind]
    if _LOCAL_DRIVE.match(link.target) or not _NETWORK.match(link.target):
        return ""
    if link.kind == "hyperlink":
        return "" if _WEB.match(link.target) else "指向共享文件夹的链接"
    return _TEMPLATE if link.kind == "attachedTemplate" else "外部内容"


def _fields(roots: Iterable[Element]) -> Iterator[External]:
    """Field codes that fetch something. Pictures pasted from a page leave such a code, but the picture is in the file:
    only an address on the network counts, and any live data link."""
    for root in roots:
        for code in _codes(root):
            match = _FIELD.match(code)
            if match is None:
                continue
            kind, rest = match[1].upper(), match[2]
            target = next((one or other for one, other in _QUOTED.findall(rest) if _NETWORK.match(one or other)), "")
            if target or kind.startswith("DDE"):
                yield External(_FIELD_NAMES.get(kind, "域引用的内容"), (target or rest.strip())[:_LONGEST_TARGET])


def _codes(root: Element) -> Iterator[str]:
    for simple in root.iter(w("fldSimple")):
        yield simple.get(w("instr")) or ""
    code = ""
    for element in root.iter(w("fldChar"), w("instrText")):
        if element.tag == w("instrText"):
            code += element.text or ""
            continue
        kind = element.get(w("fldCharType"))
        if kind == "begin":
            code = ""
        elif code:
            yield code
            code = ""
