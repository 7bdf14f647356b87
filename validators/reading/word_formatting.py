"""Effective formatting of any run or paragraph of a document's tree, found from the element alone.

For whoever holds the lxml tree of a main part or a note: the reformatted copy's own check, the comparison with other
programs. The reader itself walks once and knows the surroundings, but asks the same cascade.
"""

from __future__ import annotations

from dataclasses import dataclass

from validators.facts import Format
from validators.reading.package import Element
from validators.reading.word_cascade import Cascade
from validators.reading.word_elements import cells_of, rows_of
from validators.reading.word_names import w
from validators.reading.word_settings import keeps_old_table_rule
from validators.reading.word_styles import Region, Styles, child, value
from validators.reading.word_tables import TableLook, look_of
from validators.reading.word_theme import Theme

_P, _TC, _TR, _TBL, _BOX = w("p"), w("tc"), w("tr"), w("tbl"), w("txbxContent")


@dataclass(frozen=True, slots=True)
class Sheets:
    """The parts that decide how text looks; each may be missing."""

    styles: Element | None = None
    theme: Element | None = None
    settings: Element | None = None


def cascade_of(sheets: Sheets, styles: Styles) -> Cascade:
    """The cascade of a document with these parts, on a style sheet made from `sheets.styles`."""
    theme = Theme(sheets.theme, sheets.settings)
    return Cascade(styles, theme, old_table_rule=keeps_old_table_rule(sheets.settings))


class Formatting:
    """Resolves the elements of one document. The tree must not change while this is in use."""

    def __init__(self, sheets: Sheets) -> None:
        self._styles = Styles(sheets.styles)
        self._cascade = cascade_of(sheets, self._styles)
        self._regions: dict[Element, Region] = {}

    def of_run(self, run: Element) -> Format:
        """How the text of a w:r looks."""
        return self._cascade.look(*self._surroundings(run), run.find(w("rPr"))).format

    def is_hidden(self, run: Element) -> bool:
        """Whether the text of a w:r is hidden."""
        return self._cascade.look(*self._surroundings(run), run.find(w("rPr"))).hidden

    def of_mark(self, paragraph: Element) -> Format:
        """How the mark of a w:p looks, and so its height when it is empty."""
        properties = paragraph.find(w("pPr"))
        return self._cascade.look(*self._surroundings(paragraph), child(properties, "rPr")).format

    def alignment(self, paragraph: Element) -> str:
        """left, center, right, both or distribute."""
        style_id, region = self._surroundings(paragraph)
        return self._styles.alignment(style_id, paragraph.find(w("pPr")), region)

    def _surroundings(self, element: Element) -> tuple[str, Region | None]:
        paragraph = element if element.tag == _P else next(element.iterancestors(_P), None)
        if paragraph is None:
            return self._styles.default_paragraph, None
        style_id = value(child(paragraph.find(w("pPr")), "pStyle")) or self._styles.default_paragraph
        cell = next(paragraph.iterancestors(_TC, _BOX), None)
        if cell is None or cell.tag == _BOX:
            return style_id, None
        if cell not in self._regions:
            table = next(cell.iterancestors(_TBL), None)
            if table is None:
                return style_id, None
            self._regions.update(_regions(table, look_of(table, self._styles)))
        return style_id, self._regions.get(cell)


def _regions(table: Element, look: TableLook) -> dict[Element, Region]:
    rows = tuple(rows_of(table))
    found: dict[Element, Region] = {}
    for row_number, row in enumerate(rows):
        cells = tuple(cells_of(row))
        for number, (column, cell) in enumerate(cells):
            found[cell] = look.region(row_number, len(rows), column, last=number == len(cells) - 1)
    return found
