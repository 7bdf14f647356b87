"""The visible paragraphs of a Word file in document order, wherever they stand: body, tables, text boxes, notes.

Tracked changes count as accepted, field codes and hidden text are left out, a text box is met once although the file
holds it twice, content controls and other wrappers are looked through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice

from validators.facts import UNRESOLVED, CellPlace, Container, Format, TableShape
from validators.reading.package import Element
from validators.reading.word_cascade import Cascade
from validators.reading.word_elements import NOT_SHOWN, cells_of, columns_of, is_shown, looked_through, rows_of
from validators.reading.word_names import ALTERNATE, XML_SPACE, w
from validators.reading.word_numbering import Numbering
from validators.reading.word_pictures import PictureTally
from validators.reading.word_styles import Region, Styles, child, value
from validators.reading.word_tables import look_of

_P, _R, _T, _TBL = w("p"), w("r"), w("t"), w("tbl")
_PPR, _RPR, _BOX = w("pPr"), w("rPr"), w("txbxContent")
_DRAWINGS = frozenset({w("drawing"), w("pict"), w("object")})
_BLANKS = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "-",
    w("softHyphen"): "\u00ad",
}
_NOTES = {w("footnoteReference"): Container.FOOTNOTE, w("endnoteReference"): Container.ENDNOTE}
_COUNTED = (_T, *_NOTES)
_FRAMED_FROM = 400
_XML_BLANKS = " \t\r\n"


@dataclass(slots=True)
class DraftParagraph:
    """A paragraph while the document is read.

    `element` is its w:p; `region` is its place in a table as the cascade sees it; `stretches` are the looks of so many
    characters each, from its start to its end."""

    index: int
    element: Element
    container: Container
    cell: CellPlace | None
    style_id: str
    properties: Element | None
    region: Region | None
    label: str
    label_look: Format = UNRESOLVED
    pieces: list[str] = field(default_factory=list)
    stretches: list[tuple[int, Format]] = field(default_factory=list)
    has_picture: bool = False

    @property
    def text(self) -> str:
        """The visible text without the automatic number."""
        return "".join(self.pieces)

    @property
    def bold(self) -> bool:
        """Whether all that can be seen is bold."""
        return all(look.bold for look in self.looks)

    @property
    def size_pt(self) -> float | None:
        """The size of the first sign that can be seen."""
        return next((look.size_pt for look in self.looks), None)

    @property
    def looks(self) -> tuple[Format, ...]:
        """The looks of all stretches in which something can be seen."""
        found, text, start = [], self.text, 0
        for count, look in self.stretches:
            if text[start : start + count].strip():
                found.append(look)
            start += count
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a paragraph stands."""

    container: Container
    cell: CellPlace | None = None
    region: Region | None = None


@dataclass(slots=True)
class _Field:
    """A complex field that is open: its code is not shown, its result is."""

    in_code: bool = True


class Walker:
    """Walks parts in the order they are given and gathers paragraphs, tables, pictures and note references."""

    def __init__(self, styles: Styles, numbering: Numbering, cascade: Cascade) -> None:
        self._styles = styles
        self._cascade = cascade
        self._numbering = numbering
        self._preserve = False
        self._fields: list[_Field] = []
        self._tables: list[list[int]] = []
        self._look = UNRESOLVED
        self.paragraphs: list[DraftParagraph] = []
        self.pictures = PictureTally()
        self.notes: list[tuple[Container, str]] = []
        self.embedded = 0
        self.stray = 0
        self.lost_notes = 0
        self._met = 0

    @property
    def tables(self) -> tuple[TableShape, ...]:
        """The tables met so far, in document order."""
        return tuple(TableShape(index, rows, columns) for index, (rows, columns) in enumerate(self._tables))

    def walk(self, root: Element, container: Container) -> None:
        """Gather what stands under `root` (a body, a note)."""
        self._preserve = any(item.get(XML_SPACE) == "preserve" for item in (root, *root.iterancestors()))
        self._met = 0
        self._blocks(root, _Place(container))
        self.stray += _not_met(root, self._met)

    def _blocks(self, parent: Element, place: _Place) -> None:
        for element in parent:
            tag = element.tag
            if tag == _P:
                self._paragraph(element, place)
            elif tag == _TBL:
                self._table(element, place.container)
            elif tag == w("altChunk"):
                self.embedded += 1
            elif tag not in NOT_SHOWN and len(element):
                self._blocks(looked_through(element), place)

    def _table(self, table: Element, container: Container) -> None:
        number = len(self._tables)
        size = [0, 0]
        self._tables.append(size)
        look = look_of(table, self._styles)
        rows = tuple(rows_of(table))
        is_form = container is Container.BODY and not _is_frame(rows)
        inside = Container.TABLE if is_form else container
        for row_number, row in enumerate(rows):
            cells = tuple(cells_of(row))
            for column, cell in cells:
                region = look.region(row_number, len(rows), column, last=cell is cells[-1][1])
                self._blocks(cell, _Place(inside, CellPlace(number, row_number, column), region))
            size[0] = row_number + 1
            size[1] = max(size[1], cells[-1][0] + columns_of(cells[-1][1]) if cells else 0)

    def _paragraph(self, element: Element, place: _Place) -> None:
        properties = element.find(_PPR)
        style_id = value(child(properties, "pStyle")) or self._styles.default_paragraph
        numbered = self._numbering.label(style_id, properties)
        draft = DraftParagraph(
            index=len(self.paragraphs) + 1,
            element=element,
            container=place.container,
            cell=place.cell,
            style_id=style_id,
            properties=properties,
            region=place.region,
            label=numbered.text,
        )
        if numbered.text:
            mark = child(properties, "rPr")
            draft.label_look = self._cascade.look(style_id, place.region, mark, numbered.look).format
        self.paragraphs.append(draft)
        # An unclosed field code must not swallow the rest of the document: each paragraph begins outside of codes.
        for opened in self._fields:
            opened.in_code = False
        self._inline(element, draft)

    def _inline(self, parent: Element, draft: DraftParagraph) -> None:
        for element in parent:
            tag = element.tag
            if tag == _R:
                self._run(element, draft)
            elif tag not in NOT_SHOWN and len(element):
                self._inline(looked_through(element), draft)

    def _run(self, run: Element, draft: DraftParagraph) -> None:
        look = self._cascade.look(draft.style_id, draft.region, run.find(_RPR))
        if look.hidden:
            for element in run:
                self._field_mark(element)
            self._met += sum(1 for item in run.iter(*_COUNTED) if is_shown(item))
            return
        outer, self._look = self._look, look.format
        self._run_content(run, draft)
        self._look = outer

    def _run_content(self, run: Element, draft: DraftParagraph) -> None:
        for element in run:
            tag = element.tag
            if tag == _T:
                self._met += 1
                text = self._shown_text(element)
                # A code is written in instrText: shown text in its place belongs to a field that is broken.
                in_code = bool(self._fields) and self._fields[-1].in_code and bool(text.strip())
                self.stray += in_code or len(element) > 0
                self._add(draft, text)
            elif tag in _BLANKS:
                self._add(draft, _BLANKS[tag])
            elif tag == w("sym"):
                self._add(draft, _symbol(element.get(w("char"))))
            elif tag in _DRAWINGS:
                self._drawing(element, draft)
            elif tag in _NOTES:
                self._met += 1
                self.notes.append((_NOTES[tag], element.get(w("id")) or ""))
            elif tag == w("ruby"):
                for base in element.iter(w("rubyBase")):
                    self._inline(base, draft)
            elif tag == ALTERNATE:
                self._run_content(looked_through(element), draft)
            else:
                self._field_mark(element)

    def _add(self, draft: DraftParagraph, text: str) -> None:
        if not text or any(opened.in_code for opened in self._fields):
            return
        draft.pieces.append(text)
        count, look = draft.stretches[-1] if draft.stretches else (0, None)
        if look == self._look:
            draft.stretches[-1] = (count + len(text), self._look)
        else:
            draft.stretches.append((len(text), self._look))

    def _shown_text(self, element: Element) -> str:
        text: str = element.text or ""
        kept = self._preserve or element.get(XML_SPACE) == "preserve"
        return text if kept else text.strip(_XML_BLANKS)

    def _field_mark(self, element: Element) -> None:
        if element.tag != w("fldChar"):
            return
        kind = element.get(w("fldCharType"))
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_code = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _drawing(self, drawing: Element, draft: DraftParagraph) -> None:
        draft.has_picture = self.pictures.take(drawing) or draft.has_picture
        outside, self._fields = self._fields, []
        for box in _boxes(drawing):
            self._blocks(box, _Place(Container.TEXT_BOX if draft.container in _BOXED else draft.container))
        self._fields = outside


def _not_met(root: Element, met: int) -> int:
    """How many texts and references to notes stand where Word has no place for them, so that the walk never came by."""
    items = list(root.iter(*_COUNTED))
    return 0 if len(items) == met else max(0, sum(1 for item in items if is_shown(item)) - met)


_BOXED = frozenset({Container.BODY, Container.TABLE, Container.TEXT_BOX})


def _is_frame(rows: tuple[Element, ...]) -> bool:
    """Whether a table is only a frame around running text: one cell that holds too much to be a form or a caption."""
    if len(rows) != 1 or sum(1 for _ in islice(cells_of(rows[0]), 2)) != 1:
        return False
    texts = (len(text.text or "") for text in rows[0].iter(_T))
    return any(so_far > _FRAMED_FROM for so_far in accumulate(texts))


def _symbol(code: str | None) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return ""


def _boxes(drawing: Element) -> Iterator[Element]:
    for element in drawing:
        if element.tag == _BOX:
            yield element
        elif element.tag not in NOT_SHOWN:
            yield from _boxes(element)
