"""Putting something into XML without touching a byte of what is there: the places come from a parser, the bytes do not.

A tree that is written out again keeps its meaning but not its bytes (quotes, entities, the order of declarations); here
taking out what was put in gives the original back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.parsers import expat

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
_ENCODING_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MARK = "\x1f"
_PROPERTIES = f"{WORD}{_MARK}pPr"


@dataclass(frozen=True, slots=True)
class Insertion:
    """Bytes to stand before the byte `at` of the original, in place of the `dropped` bytes there."""

    at: int
    text: bytes
    dropped: int = 0


@dataclass(slots=True)
class Element:
    """Where an element stands: its start tag, where its contents begin (a paragraph's after w:pPr) and end, how its
    name is written, whether as <a/>, and the wanted element that holds it."""

    start: int
    inside: int
    tag: str
    empty: bool
    outer: Element | None = None
    end: int = 0

    @property
    def prefix(self) -> str:
        """The prefix that its name is written with, "" for none."""
        return self.tag.rpartition(":")[0]


def as_utf8(data: bytes) -> bytes:
    """The same XML in UTF-8, the very same bytes when it is that already. Raises ValueError when it cannot be."""
    by_mark = next((encoding for mark, encoding in _ENCODING_MARKS if data.startswith(mark)), None)
    declared = _DECLARED.match(data)
    encoding = by_mark or (declared[1].decode() if declared else "utf-8")
    if encoding.casefold() in {"utf-8", "utf8", "us-ascii", "ascii"}:
        return data
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise ValueError(f"an unknown encoding: {encoding}") from error
    return _DECLARATION.sub('<?xml version="1.0" encoding="UTF-8"?>', text).encode()


def spliced(data: bytes, insertions: Iterable[Insertion]) -> bytes:
    """The data with the insertions made; those at one place in their order."""
    pieces, done = [], 0
    for insertion in sorted(insertions, key=lambda each: each.at):
        pieces += [data[done : insertion.at], insertion.text]
        done = insertion.at + insertion.dropped
    return b"".join([*pieces, data[done:]])


def put_at_end(data: bytes, text: Callable[[str], str]) -> bytes:
    """The XML with more as the last contents of its root. `text` is told the prefix of the root's name."""
    data = as_utf8(data)
    root = _scan(data, lambda _name, depth: depth == 1)[0]
    return spliced(data, [insertion_at_end(data, root, text(root.prefix))])


def insertion_at_end(data: bytes, element: Element, text: str) -> Insertion:
    """What puts `text` at the end of an element; an element written <a/> is opened for it."""
    if not element.empty:
        return Insertion(element.end, text.encode())
    slash = data.rindex(b"/", element.start, element.inside)
    return Insertion(slash, f">{text}</{element.tag}>".encode(), element.inside - slash)


def paragraphs_of(data: bytes) -> list[Element]:
    """All w:p of a part in document order. The data are UTF-8."""
    wanted = f"{WORD}{_MARK}p"
    return _scan(data, lambda name, _depth: name == wanted)


def attribute_values(data: bytes, names: Iterable[str], attribute: str) -> list[str]:
    """The values of a WordprocessingML attribute of all WordprocessingML elements of these names."""
    wanted = {f"{WORD}{_MARK}{name}" for name in names}
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in wanted:
            found.append(attributes.get(f"{WORD}{_MARK}{attribute}", ""))

    parser = expat.ParserCreate(namespace_separator=_MARK)
    parser.StartElementHandler = start
    parser.Parse(data, True)
    return found


def _scan(data: bytes, wanted: Callable[[str, int], bool]) -> list[Element]:
    found: list[Element] = []
    open_elements: list[Element | None] = []
    holders: list[Element] = []
    parser = expat.ParserCreate(namespace_separator=_MARK)

    def start(name: str, _attributes: object) -> None:
        element = None
        if wanted(name, len(open_elements) + 1):
            element = _opened(data, parser.CurrentByteIndex, holders[-1] if holders else None)
            found.append(element)
            holders.append(element)
        elif name == _PROPERTIES and open_elements and open_elements[-1] is not None:
            element = _opened(data, parser.CurrentByteIndex, open_elements[-1])
        open_elements.append(element)

    def end(name: str) -> None:
        element = open_elements.pop()
        if element is None:
            return
        element.end = parser.CurrentByteIndex
        if name != _PROPERTIES:
            holders.pop()
        elif element.outer is not None:
            element.outer.inside = element.inside if element.empty else data.index(b">", element.end) + 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return found


def _opened(data: bytes, at: int, outer: Element | None) -> Element:
    match = _TAG.match(data, at)
    if match is None:  # the parser has accepted it: only our pattern can be at fault
        raise ValueError("a start tag that cannot be found again")
    tag = re.split(rb"[\s/>]", match[0][1:], maxsplit=1)[0].decode()
    return Element(at, match.end(), tag, bool(match[1]), outer)
