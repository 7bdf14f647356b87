"""Which text besides titles and headings is judged, how it is called, and how strictly.

Running text is what the notice means by other text. Tables, captions and text boxes are other text too, but are set
smaller or in a second font in many good files: they are advice. Subtitles and cover lines have customs of their own and
are left alone unless a notice asks for them; notes, the table of contents, headers, footers and page numbers always
are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from domain.notice import Severity
from validators.parts import Part, Portion
from validators.rules.bounds import OneOf

TEXT, ADVISED = "text", ("tables", "captions", "text_boxes")
_PARTS = {
    TEXT: (Part.BODY, "正文"),
    "tables": (Part.TABLE, "表格文字的"),
    "captions": (Part.CAPTION, "图表标题的"),
    "text_boxes": (Part.TEXT_BOX, "文本框文字的"),
    "subtitle": (Part.SUBTITLE, "副标题"),
    "cover": (Part.ASIDE, "封面、署名等文字的"),
}


@dataclass(frozen=True, slots=True)
class OtherTextParams:
    """Which kinds of text are judged as the notice demands, and which only advised about; others are left alone."""

    demanded: Annotated[tuple[str, ...], OneOf(tuple(_PARTS))] = (TEXT,)
    advised: Annotated[tuple[str, ...], OneOf(tuple(_PARTS))] = ADVISED


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of other text: its portions, how it is called, whether it is running text,
    and the severity of a fault in it (None: as the notice says)."""

    portions: tuple[Portion, ...]
    noun: str
    running: bool
    severity: Severity | None


def kinds_of(portions: Iterable[Portion], demanded: Iterable[str], advised: Iterable[str]) -> Iterator[Kind]:
    """The kinds that are judged, running text first."""
    by_part: dict[Part, list[Portion]] = {}
    for portion in portions:
        by_part.setdefault(portion.part, []).append(portion)
    strict = frozenset(demanded)
    for name in (*strict, *(name for name in advised if name not in strict)):
        part, noun = _PARTS[name]
        severity = None if name in strict else Severity.WARNING
        yield Kind(tuple(by_part.get(part, ())), noun, name == TEXT, severity)
