"""Word files from a few lines of text, so that a rule's cases can be written as data.

The text is 仿宋 三号, lines that begin like a heading (一、 （一）) are 黑体 三号. A line is a paragraph. `^text` is a
title: centred, 方正小标宋简体 二号. `{黑体 14 left}text` is set in that font, size and alignment (each may be missing),
and a line may have several such stretches; `⏎` breaks a line. `|a|b` a table row (consecutive rows make one table),
`#300` a paragraph of 300 字, `[图]` a picture, `[图标]` a tiny one, `[图表]` a chart, `[图示]` a diagram, `[页眉图]` a
picture in the header, `[页脚]text` a footer, `[框]text` a text box, `[修订]text` an insertion, `[批注]` a comment
somewhere, `[宏]` a macro project, `[嵌入]` text from another file, `[外链]target` a picture linked from there,
`[引用]target` a web link.
"""

from __future__ import annotations

import re
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
    style,
    styles,
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
    for line in lines:
        if line.startswith("[页脚]"):
            extra["footer"] = part("ftr", paragraph(line.removeprefix("[页脚]")))
    if "[批注]" in lines:
        extra["comments"] = part("comments", f"<w:comment w:id='1'>{paragraph('看看')}</w:comment>")
    fonts = "".join(_declared(line) for line in lines if line.startswith("[字体]"))
    if fonts:
        extra["fontTable"] = part("fonts", fonts)
    extra["styles"] = styles(
        style("Normal", _look("仿宋", "16"), default=True), style("Title", _look("方正小标宋简体", "22"))
    )
    parts = parts_of("".join(_blocks(lines)), extra=extra, links=tuple(_links(lines)))
    if "[宏]" in lines:
        parts["word/vbaProject.bin"] = b"\xd0\xcf"
    return packed(parts)


def _blocks(lines: list[str]) -> Iterator[str]:
    for is_row, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_row:
            yield table(*(tuple(_text(cell) for cell in line[1:].split("|")) for line in group))
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
    return "" if line.startswith("[") else _text(line)


def _text(line: str) -> str:
    """A paragraph of stretches, each set as its braces say."""
    runs, properties = "", ""
    pieces = re.split(r"\{([^{}]*)\}", line)
    for words, text in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        font = next((word for word in words.split() if word not in _ALIGNMENTS and not word[0].isdigit()), "")
        size = next((word for word in words.split() if word[0].isdigit()), "")
        properties += "".join(f'<w:jc w:val="{word}"/>' for word in words.split() if word in _ALIGNMENTS)
        heading = _HEADING.match(text) and not words
        runs += (
            run(text.replace("⏎", "\n"), _look(font or ("黑体" if heading else ""), size, bare=True)) if text else ""
        )
    return paragraph(properties=properties, runs=runs)


def _declared(line: str) -> str:
    name, _, other = line.removeprefix("[字体]").partition("=")
    return f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'


def _look(font: str, size: str, *, bare: bool = False) -> str:
    east_asian, _, latin = font.partition("/")
    inner = f'<w:rFonts w:eastAsia="{east_asian}"/>' if east_asian else ""
    if latin or east_asian:
        inner = inner.replace("/>", "") or "<w:rFonts"
        inner += f' w:ascii="{latin or east_asian}" w:hAnsi="{latin or east_asian}"/>'
    inner += f'<w:sz w:val="{float(size) * 2:g}"/>' if size else ""
    return inner if bare else f"<w:rPr>{inner}</w:rPr>"


_ALIGNMENTS = frozenset({"left", "center", "right", "both", "distribute"})
_HEADING = re.compile(r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)][^。]*$")
_MARKS: dict[str, Callable[[str], str]] = {
    "#": lambda count: paragraph("字" * (int(count) - 1) + "。"),
    "^": lambda text: paragraph(text, style="Title", properties='<w:jc w:val="center"/>'),
    "[框]": lambda text: paragraph(runs=text_box(text)),
    "[修订]": lambda text: paragraph(runs=f"<w:ins w:id='1'>{run(text)}</w:ins>"),
}


def _links(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        for mark, kind in (("[外链]", "image"), ("[引用]", "hyperlink")):
            if line.startswith(mark):
                yield relationship(f"rId{number}", kind, line[4:], external=True)
