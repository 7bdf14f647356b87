"""Word files from a few lines of text, so that a rule's cases can be written as data.

A line is a paragraph. `^text` is centred, `|a|b` a table row (consecutive rows make one table), `#300` a
paragraph of 300 字, `[图]` a picture, `[图标]` a tiny one, `[图表]` a chart, `[图示]` a diagram, `[页眉图]` a picture
in the header, `[框]text` a text box, `[修订]text` an insertion, `[批注]` a comment somewhere, `[宏]` a macro project,
`[嵌入]` text from another file, `[外链]target` a picture linked from there, `[引用]target` a web link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from word_builder import (
    drawing,
    packed,
    paragraph,
    part,
    parts_of,
    picture,
    relationship,
    run,
    table,
    text_box,
)

_PICTURES = {
    "[图]": picture(),
    "[图标]": picture(size=300_000),
    "[图表]": "<c:chart r:id='rId7'/>",
    "[图示]": "<dgm:relIds r:dm='rId7'/>",
}


def word_file(text: str) -> bytes:
    """The Word file that the lines describe."""
    lines = text.strip("\n").split("\n")
    extra: dict[str, str] = {}
    if "[页眉图]" in lines:
        extra["header"] = part("hdr", paragraph(runs=drawing(picture())))
    if "[批注]" in lines:
        extra["comments"] = part("comments", f"<w:comment w:id='1'>{paragraph('看看')}</w:comment>")
    parts = parts_of("".join(_blocks(lines)), extra=extra, links=tuple(_links(lines)))
    if "[宏]" in lines:
        parts["word/vbaProject.bin"] = b"\xd0\xcf"
    return packed(parts)


def _blocks(lines: list[str]) -> Iterator[str]:
    for is_row, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_row:
            yield table(*(tuple(line[1:].split("|")) for line in group))
        else:
            yield from (_block(line) for line in group)


def _block(line: str) -> str:
    if line in _PICTURES:
        return paragraph(runs=drawing(_PICTURES[line]))
    if line == "[嵌入]":
        return '<w:altChunk r:id="rId9"/>'
    for mark, make in _MARKS.items():
        if line.startswith(mark):
            return make(line[len(mark) :])
    return "" if line.startswith("[") else paragraph(line)


_MARKS: dict[str, Callable[[str], str]] = {
    "#": lambda count: paragraph("字" * (int(count) - 1) + "。"),
    "^": lambda text: paragraph(text, properties='<w:jc w:val="center"/>'),
    "[框]": lambda text: paragraph(runs=text_box(text)),
    "[修订]": lambda text: paragraph(runs=f"<w:ins w:id='1'>{run(text)}</w:ins>"),
}


def _links(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        for mark, kind in (("[外链]", "image"), ("[引用]", "hyperlink")):
            if line.startswith(mark):
                yield relationship(f"rId{number}", kind, line[4:], external=True)
