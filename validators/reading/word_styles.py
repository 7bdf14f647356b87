"""Paragraph and run properties after the style cascade: defaults, style chain from its root, direct formatting.

Only what the present rules need is resolved. A property that nothing states is None.
"""

from __future__ import annotations

from dataclasses import dataclass

from validators.reading.package import Element
from validators.reading.word_names import VAL, w

_PARAGRAPH, _CHARACTER = "paragraph", "character"
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


class Styles:
    """The style sheet of one document."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self.default_paragraph = ""
        self._default_run: Element | None = None
        self._default_ppr: Element | None = None
        self._chains: dict[tuple[str, str], tuple[Style, ...]] = {}
        if root is not None:
            self._load(root)

    def _load(self, root: Element) -> None:
        self._default_run = root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
        self._default_ppr = root.find(f"{w('docDefaults')}/{w('pPrDefault')}/{w('pPr')}")
        for item in root.iter(w("style")):
            style = Style(
                id=item.get(w("styleId")) or "",
                name=value(item.find(w("name"))),
                kind=item.get(w("type")) or _PARAGRAPH,
                based_on=value(item.find(w("basedOn"))),
                paragraph=item.find(w("pPr")),
                run=item.find(w("rPr")),
            )
            self._styles.setdefault(style.id, style)
            if style.kind == _PARAGRAPH and item.get(w("default")) not in {None, *_OFF}:
                self.default_paragraph = style.id

    def chain(self, style_id: str, kind: str = _PARAGRAPH) -> tuple[Style, ...]:
        """The style and those it is based on, nearest first. An unknown paragraph style means the default one."""
        key = (style_id, kind)
        if key not in self._chains:
            self._chains[key] = self._walk(style_id, kind)
        return self._chains[key]

    def _walk(self, style_id: str, kind: str) -> tuple[Style, ...]:
        style = self._styles.get(style_id)
        if kind == _PARAGRAPH and (style is None or style.kind != kind):
            style = self._styles.get(self.default_paragraph)
        found: list[Style] = []
        while style is not None and style.kind == kind and style not in found:
            found.append(style)
            style = self._styles.get(style.based_on)
        return tuple(found)

    def name(self, style_id: str) -> str:
        """The style's name as the program shows it, or its id when it has none."""
        chain = self.chain(style_id)
        return (chain[0].name or chain[0].id) if chain else ""

    def alignment(self, style_id: str, direct: Element | None) -> str:
        """left, center, right, both or distribute; left when nothing is stated."""
        found = self._paragraph_property(style_id, direct, "jc")
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

    def toggle(self, name: str, paragraph_style: str, run_properties: Element | None) -> bool:
        """An on/off property of a run: direct formatting is absolute; each style level that differs from the defaults
        flips it."""
        direct = child(run_properties, name)
        if direct is not None:
            return is_on(direct)
        default_item = child(self._default_run, name)
        default = default_item is not None and is_on(default_item)
        result = default
        character = value(child(run_properties, "rStyle"))
        levels = [self.chain(paragraph_style)]
        if character:
            levels.append(self.chain(character, _CHARACTER))
        for chain in levels:
            stated = next((item for item in (child(style.run, name) for style in chain) if item is not None), None)
            if stated is not None and is_on(stated) != default:
                result = not result
        return result

    def _paragraph_property(self, style_id: str, direct: Element | None, name: str) -> Element | None:
        found = child(direct, name)
        if found is not None:
            return found
        for style in self.chain(style_id):
            found = child(style.paragraph, name)
            if found is not None:
                return found
        return child(self._default_ppr, name)


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
