"""The annotated copy: the file as it was handed in, with Word comments at the places that are to be looked at.

Only comments are added. Taking their marks out of the main part gives the original bytes back, every part but the list
of comments, its relationship and its content type is the same byte for byte.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape, quoteattr

from documents.package import TYPES_PART, NoCopyError, Parts, linked, links_part, main_part, packed
from documents.splicing import (
    WORD,
    Element,
    Insertion,
    as_utf8,
    attribute_values,
    insertion_at_end,
    paragraphs_of,
    put_at_end,
    spliced,
)

MOST_COMMENTS = 300
MOST_SIGNS = 200
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_COMMENTS_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_EMPTY_LINKS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
_EMPTY_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:comments xmlns:w="{WORD}"></w:comments>'
).encode()
_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LARGEST_ID = 2**31 - 1
_CUT = "…"
NO_PARAGRAPH = "文件里没有可以加批注的段落，这次没有批注版，请按检查结果修改。"
UNUSUAL = "文件的内部写法比较特殊，这次没有批注版，请按检查结果修改。"


@dataclass(frozen=True, slots=True)
class Note:
    """A comment on a paragraph by its number from 1 as the reader counts, 0 for the top. Line ends in `text`
    begin new paragraphs of the comment; what exceeds MOST_SIGNS is cut."""

    paragraph: int
    text: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who comments, and the local time that Word shows beside the name."""

    name: str
    at: datetime


def annotate(parts: Parts, anchors: Sequence[int], notes: Sequence[Note], author: Author) -> bytes:
    """The package with one comment for each note, existing comments kept; of more than MOST_COMMENTS only the first are
    written. `anchors` leads from the reader's paragraphs to the w:p of the main part that they hang on, from 0 in the
    order of the file. Raises NoCopyError when it cannot be done."""
    main = main_part(parts)
    try:
        data = as_utf8(parts.read(main))
        paragraphs = paragraphs_of(data)
        if not paragraphs:
            raise NoCopyError(NO_PARAGRAPH)
        home = linked(parts, main, "comments")
        comments = parts.read(home) if home else _EMPTY_COMMENTS
        numbered = list(zip(_free_ids(data, comments), notes[:MOST_COMMENTS], strict=False))
        places = [paragraphs[anchor] for anchor in (next(iter(anchors), 0), *anchors)]
        changed = {main: spliced(data, _marks(data, places, numbered))}
        comments = put_at_end(comments, lambda prefix: "".join(_comment(*each, author, prefix) for each in numbered))
        changed |= {home: comments} if home else _new_part(parts, main, comments)
    except (ExpatError, ValueError, IndexError) as error:
        raise NoCopyError(UNUSUAL) from error
    return packed(parts, changed)


def _free_ids(data: bytes, comments: bytes) -> Iterator[int]:
    """Numbers for new comments: after all that are used, also by marks without a comment."""
    used = {int(value) for value in attribute_values(data, _MARKS, "id") if value.isdecimal()}
    used |= {int(value) for value in attribute_values(comments, ("comment",), "id") if value.isdecimal()}
    first = max(used, default=-1) + 1
    return (number for number in count(first if first < _LARGEST_ID else 0) if number not in used)


def _marks(data: bytes, places: Sequence[Element], numbered: Iterable[tuple[int, Note]]) -> Iterator[Insertion]:
    by_paragraph: dict[int, tuple[Element, list[int]]] = {}
    for number, note in numbered:
        element = _outermost(places[note.paragraph])
        by_paragraph.setdefault(element.start, (element, []))[1].append(number)
    for element, numbers in by_paragraph.values():
        name, declared = _name(element.prefix)
        starts = "".join(f'<{name}:commentRangeStart{declared} {name}:id="{number}"/>' for number in numbers)
        ends = "".join(_end_mark(name, declared, number) for number in numbers)
        if element.empty:
            yield insertion_at_end(data, element, starts + ends)
        else:
            yield Insertion(element.inside, starts.encode())
            yield insertion_at_end(data, element, ends)


def _outermost(element: Element) -> Element:
    while element.outer is not None:
        element = element.outer
    return element


def _end_mark(name: str, declared: str, number: int) -> str:
    # The sign that shows the comment is small, so that it cannot make an empty line higher than it was.
    return (
        f'<{name}:commentRangeEnd{declared} {name}:id="{number}"/><{name}:r{declared}><{name}:rPr>'
        f'<{name}:sz {name}:val="16"/><{name}:szCs {name}:val="16"/></{name}:rPr>'
        f'<{name}:commentReference {name}:id="{number}"/></{name}:r>'
    )


def _comment(number: int, note: Note, author: Author, prefix: str) -> str:
    name, declared = _name(prefix)
    text = _NOT_IN_XML.sub("", note.text)
    text = text if len(text) <= MOST_SIGNS else text[: MOST_SIGNS - 1] + _CUT
    lines = "".join(
        f'<{name}:p><{name}:r><{name}:t xml:space="preserve">{escape(line)}</{name}:t></{name}:r></{name}:p>'
        for line in text.split("\n")
    )
    who = quoteattr(_NOT_IN_XML.sub("", author.name))
    at = author.at.strftime("%Y-%m-%dT%H:%M:%SZ")  # local time with a Z: so Word writes it, and so it shows it
    head = f'{name}:comment{declared} {name}:id="{number}" {name}:author={who} {name}:date="{at}"'
    return f"<{head} {name}:initials={who}>{lines}</{name}:comment>"


def _name(prefix: str) -> tuple[str, str]:
    """The prefix to write, and its declaration where the document has none that serves for attributes."""
    return (prefix, "") if prefix else ("w", f' xmlns:w="{WORD}"')


def _new_part(parts: Parts, main: str, comments: bytes) -> dict[str, bytes]:
    """The comments as a new part, made known to the package. A relationship to a missing part gets its part."""
    types = parts.read(TYPES_PART)
    links = parts.relationships(main)
    dangling = next((link.target for link in links if link.kind == "comments" and not link.external), "")
    home = dangling or _free_name(parts, main, types)
    changed = {home: comments}
    if f'"/{home}"'.encode() not in types:
        override = f"Override PartName={quoteattr('/' + home)} ContentType={quoteattr(_COMMENTS_TYPE)}/>"
        changed[TYPES_PART] = put_at_end(types, lambda prefix: f"<{prefix}{':' if prefix else ''}{override}")
    if not dangling:
        used = {link.id for link in links}
        link_id = next(name for name in (f"rId{number}" for number in count(len(used) + 1)) if name not in used)
        target = quoteattr(posixpath.basename(home))
        link = f"Relationship Id={quoteattr(link_id)} Type={quoteattr(_COMMENTS_KIND)} Target={target}/>"
        name = links_part(main)
        listed = parts.read(name) if parts.has(name) else _EMPTY_LINKS
        changed[name] = put_at_end(listed, lambda prefix: f"<{prefix}{':' if prefix else ''}{link}")
    return changed


def _free_name(parts: Parts, main: str, types: bytes) -> str:
    folder = posixpath.dirname(main)
    names = (posixpath.join(folder, f"comments{number or ''}.xml") for number in count())
    return next(name for name in names if not parts.has(name) and f"/{name}".encode() not in types)
