"""What each stretch of a case's text is to the reader of the page: title, heading, running text, caption, and so on.

Rules judge a stretch by what it is, and a reformatted copy sets it accordingly: both ask here.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from validators.facts import Container, Evidence, Format, Paragraph, WordFacts

_SHORT = 40
_SECTION_LEVELS = 2
_CAPTION = re.compile(
    r"\s*(?:图|表|附图|附表|图表)\s*[\d一二三四五六七八九十]+(?:[-－.．]\d+)?(?:\s|[：:、.．]|\S{0,30}$)"
)
_CAPTION_STYLE = re.compile(r"caption|题注|图注|图题|表题", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"toc|目录|contents", re.IGNORECASE)
_CONTENTS_LINE = re.compile(r"[^\n]{1,60}?(?:\t|[.…·]{3,})[\t.…·\s]*\d{1,3}")
_CONTENTS_TITLE = re.compile(r"\s*目\s*录\s*")
_SUBTITLE_LINE = re.compile(r"\n\s*[—\-–―─]")
_SENTENCE_END = ("。", "！", "？", "；", ";", "!", "?")


class Part(StrEnum):
    """TITLE and SUBTITLE; HEADING: of a section, by style or number; MINOR_HEADING: of a third or lower level, or a
    line that only looks like one; BODY: running text; TABLE, CAPTION, TEXT_BOX, NOTE; CONTENTS: the table of contents;
    ASIDE: cover lines, the caption of the basic-information table, author, date and signature."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADING = "heading"
    MINOR_HEADING = "minor_heading"
    BODY = "body"
    TABLE = "table"
    CAPTION = "caption"
    TEXT_BOX = "text_box"
    NOTE = "note"
    CONTENTS = "contents"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Portion:
    """Characters `start` to `end` of a paragraph's text, which are one part. A paragraph that begins with a heading and
    goes on with text has two portions."""

    paragraph: Paragraph
    part: Part
    start: int
    end: int

    def looks(self, word: WordFacts) -> Iterator[tuple[str, Format]]:
        """The portion's text, cut where its look changes."""
        at = 0
        for run in self.paragraph.runs:
            piece = self.paragraph.text[max(at, self.start) : min(at + run.chars, self.end)]
            at += run.chars
            if piece:
                yield piece, word.formats[run.format]


_CONTAINERS = {
    Container.TABLE: Part.TABLE,
    Container.TEXT_BOX: Part.TEXT_BOX,
    Container.FOOTNOTE: Part.NOTE,
    Container.ENDNOTE: Part.NOTE,
}


_known: dict[int, tuple[Portion, ...]] = {}


def portions_of(word: WordFacts) -> tuple[Portion, ...]:
    """All portions that show something, in document order. Found once for each file, as many rules ask, and forgotten
    with its facts."""
    found = _known.get(id(word))
    if found is None:
        found = _known[id(word)] = tuple(_portions(word))
        weakref.finalize(word, _known.pop, id(word), None).atexit = False
    return found


def _portions(word: WordFacts) -> Iterator[Portion]:
    begun = False
    for place, paragraph in enumerate(word.paragraphs):
        text = paragraph.text
        if not paragraph.visible.strip():
            continue
        begun = begun or _begins_the_text(paragraph)
        if paragraph.level and not _is_in_title(word, paragraph):
            yield from _heading(paragraph)
            continue
        part = _part(word, place, begun=begun)
        end = _end_of_title(text) if part is Part.TITLE else len(text)
        yield Portion(paragraph, part, 0, end)
        if end < len(text):
            yield Portion(paragraph, Part.SUBTITLE, end, len(text))


def _end_of_title(text: str) -> int:
    """Where the subtitle begins that stands in the title's own paragraph, on a line of its own."""
    match = _SUBTITLE_LINE.search(text)
    return match.start() if match else len(text)


def _heading(paragraph: Paragraph) -> Iterator[Portion]:
    by_number = paragraph.evidence is Evidence.NUMBER
    minor = paragraph.evidence is Evidence.LOOKS or (by_number and paragraph.level > _SECTION_LEVELS)
    part = Part.MINOR_HEADING if minor else Part.HEADING
    text = paragraph.text
    end = text.find("。") + 1
    if not end or not text[end:].strip():
        yield Portion(paragraph, part, 0, len(text))
        return
    yield Portion(paragraph, Part.MINOR_HEADING, 0, end)
    yield Portion(paragraph, Part.BODY, end, len(text))


def _part(word: WordFacts, place: int, *, begun: bool) -> Part:
    paragraph = word.paragraphs[place]
    if _is_in_title(word, paragraph):
        return Part.TITLE if paragraph.index in word.title.paragraphs else Part.SUBTITLE
    if paragraph.container in _CONTAINERS:
        return _CONTAINERS[paragraph.container]
    text = paragraph.visible.strip()
    if _is_contents(paragraph, text):
        return Part.CONTENTS
    if _is_caption(word.paragraphs, place, text):
        return Part.CAPTION
    short = len(text) <= _SHORT and not text.endswith(_SENTENCE_END)
    if short and (not begun or paragraph.alignment in {"right", "center"} or _is_before_table(word.paragraphs, place)):
        return Part.ASIDE
    return Part.BODY


def _begins_the_text(paragraph: Paragraph) -> bool:
    """Whether the running text has begun by this paragraph: everything short before it is cover and table."""
    if paragraph.container is not Container.BODY:
        return False
    return bool(paragraph.level) or len(paragraph.text) > _SHORT or paragraph.text.rstrip().endswith(_SENTENCE_END)


def _is_in_title(word: WordFacts, paragraph: Paragraph) -> bool:
    return paragraph.index in {*word.title.paragraphs, word.title.subtitle_paragraph}


def _is_contents(paragraph: Paragraph, text: str) -> bool:
    by_style = _CONTENTS_STYLE.match(paragraph.style)
    return bool(by_style or _CONTENTS_TITLE.fullmatch(text) or _CONTENTS_LINE.fullmatch(text))


def _is_caption(paragraphs: Sequence[Paragraph], place: int, text: str) -> bool:
    paragraph = paragraphs[place]
    if len(text) > 2 * _SHORT or text.endswith("。"):
        return False
    if _CAPTION.match(text) or _CAPTION_STYLE.search(paragraph.style):
        return True
    beside_picture = paragraph.has_picture or (place > 0 and _is_bare_picture(paragraphs[place - 1]))
    return beside_picture and paragraph.alignment == "center" and len(text) <= _SHORT


def _is_bare_picture(paragraph: Paragraph) -> bool:
    return paragraph.has_picture and not paragraph.visible.strip()


def _is_before_table(paragraphs: Sequence[Paragraph], place: int) -> bool:
    """Whether the next thing shown is a table, so that this line is its caption."""
    following = (p for p in paragraphs[place + 1 :] if p.container is Container.TABLE or p.visible.strip())
    after = next(following, None)
    return after is not None and after.container is Container.TABLE
