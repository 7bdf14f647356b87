"""The styles of a document as a reformatted copy changes them: a style gets the look of most of its paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from documents.look import Look, put_on, states_look, uncrowd
from documents.word_xml import Element, child, ensured, value, w

_SLOTS = {"ascii": "asciiTheme", "hAnsi": "hAnsiTheme", "eastAsia": "eastAsiaTheme"}
_OFF = frozenset({"0", "false", "off"})


class StyleSheet:
    """The style part, or none. Which styles get which look is decided first (`plan`), then written (`apply`)."""

    def __init__(self, root: Element | None) -> None:
        self.root = root
        self._by_id: dict[str, Element] = {}
        self.default = ""
        for style in () if root is None else root.iter(w("style")):
            self._by_id.setdefault(style.get(w("styleId")) or "", style)
            by_default = (style.get(w("default")) or "0").lower() not in _OFF
            if by_default and style.get(w("type")) in {None, "paragraph"}:
                self.default = style.get(w("styleId")) or ""
        self.planned: dict[str, Look] = {}

    def of(self, paragraph: Element) -> str:
        """The id of the paragraph's style; "" when there is no such style that could be changed."""
        stated = value(child(child(paragraph, "pPr"), "pStyle"))
        return stated if self._is_paragraph_style(stated) else self.default

    def plan(self, uses: Iterable[tuple[str, Look]]) -> None:
        """Give each style the look that most of the paragraphs in it are to have."""
        counted: dict[str, Counter[Look]] = {}
        for style, look in uses:
            if style:
                counted.setdefault(style, Counter())[look] += 1
        self.planned = {style: looks.most_common(1)[0][0] for style, looks in counted.items()}

    def apply(self, used: Iterable[str]) -> tuple[str, ...]:
        """Write the planned looks and give the names of the changed styles. Other `used` styles that build on a changed
        one are made to state what they inherited so far."""
        for style_id in dict.fromkeys(used):
            chain = self.chain(style_id)
            if chain and style_id not in self.planned and any(self._id(each) in self.planned for each in chain[1:]):
                self._pin(chain)
        changed = []
        for style_id, look in self.planned.items():
            style = self._by_id[style_id]
            before = _state(style)
            put_on(ensured(style, "rPr"), look)
            uncrowd(child(style, "pPr"), look)
            if look.alignment is not None:
                ensured(ensured(style, "pPr"), "jc").set(w("val"), look.alignment)
            if _state(style) != before:
                changed.append(value(child(style, "name")) or style_id)
        return tuple(changed)

    def character_style_speaks(self, run: Element) -> bool:
        """Whether a run's character style says anything about font or size."""
        style_id = value(child(child(run, "rPr"), "rStyle"))
        return any(states_look(child(style, "rPr")) for style in self.chain(style_id))

    def chain(self, style_id: str) -> list[Element]:
        """The style and those it is based on, nearest first."""
        found: list[Element] = []
        style = self._by_id.get(style_id)
        while style is not None and style not in found:
            found.append(style)
            style = self._by_id.get(value(child(style, "basedOn")))
        return found

    def _pin(self, chain: list[Element]) -> None:
        layers = [child(style, "rPr") for style in chain]
        if self.root is not None:
            layers.append(self.root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}"))
        properties = ensured(chain[0], "rPr")
        for slot, theme in _SLOTS.items():
            pinned = next(filter(None, (_font(layer, slot, theme) for layer in layers)), None)
            if pinned is not None:
                ensured(properties, "rFonts").set(*pinned)
        for name in ("sz", "szCs"):
            size = next(filter(None, (value(child(layer, name)) for layer in layers)), "")
            if size:
                ensured(properties, name).set(w("val"), size)

    def _is_paragraph_style(self, style_id: str) -> bool:
        style = self._by_id.get(style_id)
        return style is not None and style.get(w("type")) in {None, "paragraph"}

    def _id(self, style: Element) -> str:
        return style.get(w("styleId")) or ""


def _font(properties: Element | None, slot: str, theme: str) -> tuple[str, str] | None:
    fonts = child(properties, "rFonts")
    if fonts is None:
        return None
    for name in (theme, slot):
        if fonts.get(w(name)):
            return w(name), fonts.get(w(name))
    return None


def _state(style: Element) -> Mapping[str, object]:
    """What a style says that a plan may change."""
    run, paragraph = child(style, "rPr"), child(style, "pPr")
    fonts = child(run, "rFonts")
    return {
        "fonts": {} if fonts is None else dict(fonts.attrib),
        "sizes": [value(child(run, name)) for name in ("sz", "szCs")],
        "alignment": value(child(paragraph, "jc")),
    }
