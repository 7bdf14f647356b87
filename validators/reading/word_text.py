"""The visible paragraphs of a Word file in document order, wherever they stand: body, tables, text boxes, notes.

Tracked changes count as accepted, field codes and hidden text are left out, a text box is met once although the file
holds it twice, content controls and other wrappers are looked through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from validators.facts import CellPlace, Container, TableShape
from validators.reading.package import Element
from validators.reading.word_names import ALTERNATE, CHOICE, FALLBACK, XML_SPACE, w
from validators.reading.word_numbering import Numbering
from validators.reading.word_pictures import PictureTally
from validators.reading.word_styles import Styles, child, value

_P, _R, _T, _TBL, _TR, _TC = w("p"), w("r"), w("t"), w("tbl"), w("tr"), w("tc")
_PPR, _RPR, _BOX = w("pPr"), w("rPr"), w("txbxContent")
_SKIPPED = frozenset({w("del"), w("moveFrom"), w("rt"), w("instrText"), w("delText"), _PPR, _RPR, FALLBACK})
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
_XML_BLANKS = " \t\r\n"


@dataclass(slots=True)
class DraftParagraph:
    """A paragraph while the document is read. `element` is its w:p; `bold` is whether all its visible text is; `size`
    is the first run's own size in half-points, empty when the style decides."""

    index: int
    element: Element
    container: Container
    cell: CellPlace | None
    style_id: str
    properties: Element | None
    label: str
    pieces: list[str] = field(default_factory=list)
    bold: bool = True
    size: str = ""
    has_picture: bool = False

    @property
    def text(self) -> str:
        """The visible text without the automatic number."""
        return "".join(self.pieces)


@dataclass(slots=True)
class _Field:
    """A complex field that is open: its code is not shown, its result is."""

    in_code: bool = True


class Walker:
    """Walks parts in the order they are given and gathers paragraphs, tables, pictures and note references."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._preserve = False
        self._fields: list[_Field] = []
        self._tables: list[list[int]] = []
        self.paragraphs: list[DraftParagraph] = []
        self.pictures = PictureTally()
        self.notes: list[tuple[Container, str]] = []
        self.embedded = 0

    @property
    def tables(self) -> tuple[TableShape, ...]:
        """The tables met so far, in document order."""
        return tuple(TableShape(index, rows, columns) for index, (rows, columns) in enumerate(self._tables))

    def walk(self, root: Element, container: Container) -> None:
        """Gather what stands under `root` (a body, a note)."""
        self._preserve = any(item.get(XML_SPACE) == "preserve" for item in (root, *root.iterancestors()))
        self._blocks(root, container, None)

    def _blocks(self, parent: Element, container: Container, cell: CellPlace | None) -> None:
        for element in parent:
            tag = element.tag
            if tag == _P:
                self._paragraph(element, container, cell)
            elif tag == _TBL:
                self._table(element, container)
            elif tag == w("altChunk"):
                self.embedded += 1
            elif tag not in _SKIPPED and len(element):
                self._blocks(_looked_through(element), container, cell)

    def _table(self, table: Element, container: Container) -> None:
        number = len(self._tables)
        size = [0, 0]
        self._tables.append(size)
        inside = Container.TABLE if container is Container.BODY else container
        for row_number, row in enumerate(_rows(table)):
            column = 0
            for cell in _through(row, _TC):
                self._blocks(cell, inside, CellPlace(number, row_number, column))
                column += _span(cell)
            size[0] = row_number + 1
            size[1] = max(size[1], column)

    def _paragraph(self, element: Element, container: Container, cell: CellPlace | None) -> None:
        properties = element.find(_PPR)
        style_id = value(child(properties, "pStyle")) or self._styles.default_paragraph
        draft = DraftParagraph(
            index=len(self.paragraphs) + 1,
            element=element,
            container=container,
            cell=cell,
            style_id=style_id,
            properties=properties,
            label=self._numbering.label(style_id, properties),
        )
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
            elif tag not in _SKIPPED and len(element):
                self._inline(_looked_through(element), draft)

    def _run(self, run: Element, draft: DraftParagraph) -> None:
        properties = run.find(_RPR)
        if self._styles.toggle("vanish", draft.style_id, properties):
            for element in run:
                self._field_mark(element)
            return
        before = len(draft.pieces)
        self._run_content(run, draft)
        if any(piece.strip() for piece in draft.pieces[before:]):
            draft.bold = draft.bold and self._styles.toggle("b", draft.style_id, properties)
            if not any(piece.strip() for piece in draft.pieces[:before]):
                draft.size = value(child(properties, "sz"))

    def _run_content(self, run: Element, draft: DraftParagraph) -> None:
        for element in run:
            tag = element.tag
            if tag == _T:
                self._add(draft, self._shown_text(element))
            elif tag in _BLANKS:
                self._add(draft, _BLANKS[tag])
            elif tag == w("sym"):
                self._add(draft, _symbol(element.get(w("char"))))
            elif tag in _DRAWINGS:
                self._drawing(element, draft)
            elif tag in _NOTES:
                self.notes.append((_NOTES[tag], element.get(w("id")) or ""))
            elif tag == w("ruby"):
                for base in element.iter(w("rubyBase")):
                    self._inline(base, draft)
            elif tag == ALTERNATE:
                self._run_content(_looked_through(element), draft)
            else:
                self._field_mark(element)

    def _add(self, draft: DraftParagraph, text: str) -> None:
        if not any(opened.in_code for opened in self._fields):
            draft.pieces.append(text)

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
            self._blocks(box, Container.TEXT_BOX if draft.container in _BOXED else draft.container, None)
        self._fields = outside


_BOXED = frozenset({Container.BODY, Container.TABLE, Container.TEXT_BOX})


def _looked_through(element: Element) -> Element:
    """The element whose children count: of alternatives, only the first choice is shown."""
    if element.tag != ALTERNATE:
        return element
    chosen = element.find(CHOICE)
    return () if chosen is None else chosen


def _through(parent: Element, wanted: str) -> Iterator[Element]:
    for element in parent:
        if element.tag == wanted:
            yield element
        elif element.tag not in _SKIPPED and element.tag not in {_P, _TBL, _TC, _TR} and len(element):
            yield from _through(_looked_through(element), wanted)


def _rows(table: Element) -> Iterator[Element]:
    for row in _through(table, _TR):
        properties = row.find(w("trPr"))
        if child(properties, "del") is None:
            yield row


def _span(cell: Element) -> int:
    span = value(child(cell.find(w("tcPr")), "gridSpan"))
    return min(int(span), 100) if span.isdecimal() and int(span) > 0 else 1


def _symbol(code: str | None) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return ""


def _boxes(drawing: Element) -> Iterator[Element]:
    for element in drawing:
        if element.tag == _BOX:
            yield element
        elif element.tag not in _SKIPPED:
            yield from _boxes(element)
