"""The style sheet, and paragraph properties after the cascade: defaults, table style, style chain, direct formatting.

Run properties are worked out in `word_cascade`. A property that nothing states is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from validators.reading.package import Element
from validators.reading.word_names import VAL, w

PARAGRAPH, CHARACTER, TABLE = "paragraph", "character", "table"
_OFF = frozenset({"0", "false", "off"})
_ALIGNMENTS = {"start": "left", "end": "right", "left": "left", "right": "right", "center": "center", "both": "both"}
_NO_OUTLINE = 9


@dataclass(frozen=True, slots=True)
class Style:
    """One style as written: only what it states itself."""

    id: str
    name: str
    kind: str
    based_on: str
    paragraph: Element | None
    run: Element | None
    conditions: Mapping[str, Conditional] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conditional:
    """What a table style states for some of the cells only (the first row, odd bands)."""

    name: str
    paragraph: Element | None
    run: Element | None


@dataclass(frozen=True, slots=True)
class Region:
    """Where in a table a paragraph stands, as far as its look depends on it: the table's style ("" for none) and the
    conditional formats that apply to the cell, weakest first."""

    style_id: str
    conditions: tuple[str, ...] = ()


class Styles:
    """The style sheet of one document."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self.default_paragraph = ""
        self._default_character = ""
        self._default_table = ""
        self.default_run: Element | None = None
        self._default_ppr: Element | None = None
        self._chains: dict[tuple[str, str], tuple[Style, ...]] = {}
        if root is not None:
            self._load(root)

    def _load(self, root: Element) -> None:
        self.default_run = root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
        self._default_ppr = root.find(f"{w('docDefaults')}/{w('pPrDefault')}/{w('pPr')}")
        for item in root.iter(w("style")):
            style = Style(
                id=item.get(w("styleId")) or "",
                name=value(item.find(w("name"))),
                kind=item.get(w("type")) or PARAGRAPH,
                based_on=value(item.find(w("basedOn"))),
                paragraph=item.find(w("pPr")),
                run=item.find(w("rPr")),
                conditions=_conditions(item),
            )
            self._styles.setdefault(style.id, style)
            if item.get(w("default")) not in {None, *_OFF}:
                self._note_default(style)

    def _note_default(self, style: Style) -> None:
        if style.kind == PARAGRAPH:
            self.default_paragraph = style.id
        elif style.kind == CHARACTER:
            self._default_character = style.id
        elif style.kind == TABLE:
            self._default_table = style.id

    def chain(self, style_id: str, kind: str = PARAGRAPH) -> tuple[Style, ...]:
        """The style and those it is based on, nearest first. An unknown paragraph or table style means the default one;
        the default character style contributes nothing."""
        key = (style_id, kind)
        if key not in self._chains:
            self._chains[key] = self._walk(style_id, kind)
        return self._chains[key]

    def _walk(self, style_id: str, kind: str) -> tuple[Style, ...]:
        style = self._styles.get(style_id)
        if kind != CHARACTER and (style is None or style.kind != kind):
            style = self._styles.get(self.default_paragraph if kind == PARAGRAPH else self._default_table)
        found: dict[str, Style] = {}
        while style is not None and style.kind == kind and style.id not in found:
            if kind == CHARACTER and style.id == self._default_character:
                break
            found[style.id] = style
            style = self._styles.get(style.based_on)
        return tuple(found.values())

    def table_layers(self, region: Region | None) -> tuple[Style | Conditional, ...]:
        """What a table style states for a cell, strongest first: conditional formats above the style and its bases."""
        if region is None:
            return ()
        chain = self.chain(region.style_id, TABLE)
        conditional = [
            style.conditions[name]
            for name in reversed(region.conditions)
            for style in chain
            if name in style.conditions
        ]
        return (*conditional, *chain)

    def has_conditions(self, table_style: str) -> bool:
        """Whether the look of a cell in a table of this style depends on its place."""
        return any(style.conditions for style in self.chain(table_style, TABLE))

    def name(self, style_id: str) -> str:
        """The style's name as the program shows it, or its id when it has none."""
        chain = self.chain(style_id)
        return (chain[0].name or chain[0].id) if chain else ""

    def alignment(self, style_id: str, direct: Element | None, region: Region | None = None) -> str:
        """left, center, right, both or distribute; left when nothing is stated."""
        found = self._paragraph_property(style_id, direct, "jc", region)
        stated = value(found)
        return _ALIGNMENTS.get(stated, "distribute" if "distribute" in stated.lower() else "left")

    def outline_level(self, style_id: str, direct: Element | None) -> int:
        """The outline level from 1, or 0 for body text."""
        found = self._paragraph_property(style_id, direct, "outlineLvl")
        level = number(found, _NO_OUTLINE)
        return level + 1 if 0 <= level < _NO_OUTLINE else 0

    def numbering(self, style_id: str) -> tuple[Element | None, str]:
        """The nearest numPr of the style chain and the id of the style that states it."""
        for style in self.chain(style_id):
            found = child(style.paragraph, "numPr")
            if found is not None:
                return found, style.id
        return None, style_id

    def _paragraph_property(
        self, style_id: str, direct: Element | None, name: str, region: Region | None = None
    ) -> Element | None:
        found = child(direct, name)
        if found is not None:
            return found
        for layer in (*self.chain(style_id), *self.table_layers(region)):
            found = child(layer.paragraph, name)
            if found is not None:
                return found
        return child(self._default_ppr, name)


def _conditions(item: Element) -> Mapping[str, Conditional]:
    name = value(item.find(w("name")))
    return {
        part.get(w("type")) or "": Conditional(name, part.find(w("pPr")), part.find(w("rPr")))
        for part in item.findall(w("tblStylePr"))
    }


def child(parent: Element | None, name: str) -> Element | None:
    """The first child with this WordprocessingML name, of a parent that may be missing."""
    return None if parent is None else parent.find(w(name))


def value(element: Element | None) -> str:
    """The w:val attribute, or empty."""
    return "" if element is None else (element.get(VAL) or "")


def number(element: Element | None, default: int) -> int:
    """The w:val attribute as a whole number, or the default when it is missing or no number."""
    try:
        return int(value(element))
    except ValueError:
        return default


def is_on(element: Element) -> bool:
    """Whether a present on/off element means on."""
    return (element.get(VAL) or "1").lower() not in _OFF
