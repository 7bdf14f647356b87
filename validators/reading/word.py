"""A Word package as facts: finds the parts, walks them once, counts, and bounds what is handed on."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from validators.facts import (
    MAX_CHARACTERS,
    MAX_FORMATS,
    MAX_NOTES,
    MAX_PARAGRAPHS,
    MAX_RUNS,
    MAX_TEXT,
    UNRESOLVED,
    Container,
    DeclaredFont,
    Evidence,
    External,
    Format,
    Paragraph,
    Run,
    Span,
    Title,
    WordFacts,
    Words,
)
from validators.reading.package import Element, Package, Relationship
from validators.reading.trouble import UnreadableError, damaged
from validators.reading.word_active import has_controls, programs_in
from validators.reading.word_cascade import Cascade
from validators.reading.word_changes import tracked_changes
from validators.reading.word_count import count
from validators.reading.word_externals import externals_of
from validators.reading.word_formatting import Sheets, cascade_of
from validators.reading.word_names import w
from validators.reading.word_numbering import Numbering
from validators.reading.word_outline import Running, find_title, heading_of, running_look
from validators.reading.word_pictures import pictures_in
from validators.reading.word_styles import Styles, value
from validators.reading.word_text import DraftParagraph, Walker

_NOTE_PARTS = {"footnotes": Container.FOOTNOTE, "endnotes": Container.ENDNOTE}
_MODIFIED = "{http://purl.org/dc/terms/}modified"
_LONGEST_INSTANT = 40
_LONGEST_NAME = 100

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Walked:
    """A document whose paragraphs have been gathered: its main part, that part's links, and its styles."""

    root: Element
    links: tuple[Relationship, ...]
    styles: Styles
    cascade: Cascade
    walker: Walker
    notes: tuple[Element, ...]


def walk_word(package: Package) -> Walked:
    """Gather the paragraphs of a Word package. Raises UnreadableError when its main part cannot be read."""
    main = _main_part(package)
    links = package.relationships(main)
    root = package.xml(main)
    body = root.find(w("body"))
    if body is None:
        raise damaged("文件里没有正文")
    styles = Styles(_optional(package, links, "styles"))
    sheets = Sheets(theme=_optional(package, links, "theme"), settings=_optional(package, links, "settings"))
    cascade = cascade_of(sheets, styles)
    walker = Walker(styles, Numbering(_optional(package, links, "numbering"), styles), cascade)
    walker.walk(body, Container.BODY)
    notes = tuple(_walk_notes(package, links, walker))
    return Walked(root, links, styles, cascade, walker, notes)


def read_word(package: Package, progress: Progress) -> WordFacts:
    """Everything the rules need from a Word package. Raises UnreadableError when its main part cannot be read."""
    progress("正文")
    walked = walk_word(package)
    root, links, styles, walker = walked.root, walked.links, walked.styles, walked.walker
    progress("插图")
    headers = tuple(_headers(package, links))
    walker.pictures.in_headers = sum(map(pictures_in, headers))
    roots = (root, *walked.notes, *headers)
    progress("字数与标题")
    comments = _optional(package, links, "comments")
    return _facts(
        walker,
        styles,
        tracked=tracked_changes(roots),
        comments=0 if comments is None else sum(1 for _ in comments.iter(w("comment"))),
        active=_Active(
            macros=any(posixpath.basename(name).casefold() == "vbaproject.bin" for name in package.names),
            controls=has_controls(package),
            programs=programs_in(package),
        ),
        externals=externals_of(package, roots),
        modified=_modified(package),
        fonts=_declared_fonts(_optional(package, links, "fontTable")),
        margins=tuple(islice(_margins(headers, walked), MAX_NOTES)),
    )


def _margins(headers: Sequence[Element], walked: Walked) -> Iterator[str]:
    walker = Walker(walked.styles, Numbering(None, walked.styles), walked.cascade)
    for root in headers:
        walker.walk(root, Container.BODY)
    yield from (draft.text[:MAX_TEXT] for draft in walker.paragraphs if draft.text.strip())


def _declared_fonts(root: Element | None) -> tuple[DeclaredFont, ...]:
    found = () if root is None else root.findall(w("font"))
    return tuple(
        DeclaredFont((font.get(w("name")) or "")[:_LONGEST_NAME], value(font.find(w("altName")))[:_LONGEST_NAME])
        for font in found[:MAX_PARAGRAPHS]
    )


def _modified(package: Package) -> str:
    """When the file was last saved, as its properties say; a file without usable properties says nothing."""
    try:
        properties = _optional(package, package.relationships(""), "core-properties")
    except UnreadableError:
        return ""
    written = None if properties is None else properties.findtext(_MODIFIED)
    return (written or "").strip()[:_LONGEST_INSTANT]


def _main_part(package: Package) -> str:
    for link in package.relationships(""):
        if link.kind == "officeDocument" and not link.external and package.has(link.target):
            return link.target
    if package.has("word/document.xml"):
        return "word/document.xml"
    raise damaged("文件里没有正文")


def _optional(package: Package, links: Sequence[Relationship], kind: str) -> Element | None:
    """The part a document may do without; a link to a missing part counts as none."""
    for link in links:
        if link.kind == kind and not link.external and package.has(link.target):
            return package.xml(link.target)
    return None


def _walk_notes(package: Package, links: Sequence[Relationship], walker: Walker) -> Iterator[Element]:
    """The notes that the text refers to, in its order; yields the roots of the parts."""
    for kind, container in _NOTE_PARTS.items():
        root = _optional(package, links, kind)
        notes = () if root is None else root
        by_id = {note.get(w("id")): note for note in notes if note.get(w("type")) in {None, "normal"}}
        wanted = dict.fromkeys(note_id for found, note_id in walker.notes if found is container)
        for note_id in wanted:
            if note_id in by_id:
                walker.walk(by_id[note_id], container)
            else:
                walker.lost_notes += 1
        if root is not None:
            yield root


def _headers(package: Package, links: Sequence[Relationship]) -> Iterator[Element]:
    for target in dict.fromkeys(
        link.target for link in links if link.kind in {"header", "footer"} and not link.external
    ):
        if package.has(target):
            yield package.xml(target)


def _unread(walker: Walker) -> Iterator[str]:
    if walker.embedded:
        yield "嵌入的其他文件内容"
    if walker.stray:
        yield "放错位置的文字"
    if walker.lost_notes:
        yield "找不到内容的脚注"


def _facts(
    walker: Walker,
    styles: Styles,
    *,
    tracked: int,
    comments: int,
    active: _Active,
    externals: tuple[External, ...],
    modified: str,
    fonts: tuple[DeclaredFont, ...],
    margins: tuple[str, ...],
) -> WordFacts:
    title = find_title(walker.paragraphs, styles)
    spans = [count(draft.text) for draft in walker.paragraphs]
    looks = _Looks()
    outline = _Outline(styles, title, running_look(walker.paragraphs))
    paragraphs, shortened = _bounded(walker.paragraphs, spans, outline, looks)
    return WordFacts(
        paragraphs=paragraphs,
        paragraph_count=len(walker.paragraphs),
        tables=walker.tables[:MAX_PARAGRAPHS],
        words=_words(walker.paragraphs, spans),
        pictures=walker.pictures.facts(),
        title=title,
        tracked_changes=tracked,
        comments=comments,
        macros=active.macros,
        controls=active.controls,
        programs=active.programs,
        externals=externals,
        unread=tuple(_unread(walker)),
        shortened=shortened or looks.full,
        modified=modified,
        formats=looks.formats,
        fonts=fonts,
        margins=margins,
    )


@dataclass(frozen=True, slots=True)
class _Active:
    """What in the file could run."""

    macros: bool
    controls: bool
    programs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Outline:
    """What tells headings from text in this document."""

    styles: Styles
    title: Title
    running: Running | None


class _Looks:
    """The looks of all paragraphs that are handed on, each once, so that a run is two numbers."""

    def __init__(self) -> None:
        self._numbers: dict[Format, int] = {}
        self.full = False

    def number(self, look: Format) -> int:
        """The place of a look in the list; beyond the limit, that of one that could not be resolved."""
        if look not in self._numbers and len(self._numbers) >= MAX_FORMATS:
            self.full, look = True, UNRESOLVED
        return self._numbers.setdefault(look, len(self._numbers))

    @property
    def formats(self) -> tuple[Format, ...]:
        """The list that the numbers point into."""
        return tuple(self._numbers)


def _words(drafts: Sequence[DraftParagraph], spans: Sequence[Span]) -> Words:
    sums = dict.fromkeys(Container, Span(0, 0))
    for draft, span in zip(drafts, spans, strict=True):
        sums[draft.container] += span
    return Words(
        body=sums[Container.BODY],
        tables=sums[Container.TABLE],
        text_boxes=sums[Container.TEXT_BOX],
        notes=sums[Container.FOOTNOTE] + sums[Container.ENDNOTE],
    )


def _bounded(
    drafts: Sequence[DraftParagraph], spans: Sequence[Span], outline: _Outline, looks: _Looks
) -> tuple[tuple[Paragraph, ...], bool]:
    kept: list[Paragraph] = []
    room = MAX_CHARACTERS
    for draft, span in zip(drafts[:MAX_PARAGRAPHS], spans, strict=False):
        paragraph = _paragraph(draft, span, outline, looks)
        room -= len(paragraph.text)
        if room < 0:
            break
        kept.append(paragraph)
    cut = any(len(draft.text) > MAX_TEXT or len(draft.stretches) > MAX_RUNS for draft in drafts[: len(kept)])
    return tuple(kept), cut or len(kept) < len(drafts)


def _paragraph(draft: DraftParagraph, span: Span, outline: _Outline, looks: _Looks) -> Paragraph:
    styles, title = outline.styles, outline.title
    in_title = draft.index in {*title.paragraphs, title.subtitle_paragraph}
    level, evidence = (0, Evidence.NONE) if in_title else heading_of(draft, styles, outline.running)
    if evidence is Evidence.LOOKS and draft.index < max(title.paragraphs, default=0):
        level, evidence = 0, Evidence.NONE
    return Paragraph(
        index=draft.index,
        text=draft.text[:MAX_TEXT],
        label=draft.label[:100],
        container=draft.container,
        cell=draft.cell,
        style=styles.name(draft.style_id)[:100],
        outline_level=styles.outline_level(draft.style_id, draft.properties),
        evidence=evidence,
        level=level,
        alignment=styles.alignment(draft.style_id, draft.properties, draft.region),
        words=span.high,
        has_picture=draft.has_picture,
        runs=tuple(Run(count, looks.number(look)) for count, look in draft.stretches[:MAX_RUNS]),
        label_format=looks.number(draft.label_look) if draft.label else -1,
    )
