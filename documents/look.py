"""A look and how it is put on run properties: every slot of the font, no theme, both sizes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.word_xml import Element, child, ensured, removed, text_of, w

_SLOTS = ("ascii", "hAnsi", "eastAsia")
_THEMES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
_SIZES = ("sz", "szCs")
_PICTURE_FONTS = re.compile(r"wingdings|webdings|symbol|marlett|zapf ?dingbats|mt extra", re.IGNORECASE)
_PRIVATE = re.compile("[\ue000-\uf8ff\\s]+")
_CHINESE = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffef\U00020000-\U0003ffff]")
_SHARED = re.compile("[\u00a7\u00a8\u00b0\u00b1\u00b7\u00d7\u00f7\u2010-\u2bff]")
_CROWDED = 1.2
_TWIPS = 20


@dataclass(frozen=True, slots=True)
class Look:
    """A font by name, its size in points, and an alignment (w:jc) or None where it is left as it is."""

    font: str
    size_pt: float
    alignment: str | None = None

    @property
    def half_points(self) -> str:
        """The size as WordprocessingML writes it."""
        return str(round(self.size_pt * 2))


def put_on(properties: Element, look: Look) -> None:
    """State the look in run properties, whatever they stated before."""
    fonts = ensured(properties, "rFonts")
    for theme in _THEMES:
        fonts.attrib.pop(w(theme), None)
    for slot in _SLOTS:
        fonts.set(w(slot), look.font)
    put_size_on(properties, look)


def put_size_on(properties: Element, look: Look) -> None:
    """State the size alone."""
    for name in _SIZES:
        ensured(properties, name).set(w("val"), look.half_points)


def take_off(properties: Element | None) -> None:
    """State no font and no size any more, so that the style decides; a hint and the font of complex scripts stay."""
    fonts = child(properties, "rFonts")
    if fonts is not None and properties is not None:
        for name in (*_SLOTS, *_THEMES):
            fonts.attrib.pop(w(name), None)
        if not fonts.attrib:
            properties.remove(fonts)
    removed(properties, *_SIZES)


def states_look(properties: Element | None) -> bool:
    """Whether run properties say anything about font or size."""
    fonts = child(properties, "rFonts")
    by_font = fonts is not None and any(fonts.get(w(name)) for name in (*_SLOTS, *_THEMES))
    return by_font or any(child(properties, name) is not None for name in _SIZES)


def put_on_run(run: Element, look: Look, *, by_style: bool) -> None:
    """Make a run with text show the look: by leaving it to the style where that states it, else directly."""
    text = text_of(run)
    if not text.strip():
        return
    properties = child(run, "rPr")
    if _draws_pictures(properties, text):
        put_size_on(ensured(run, "rPr"), look)
        return
    if by_style:
        take_off(properties)
        if _SHARED.search(text):
            ensured(ensured(run, "rPr"), "rFonts").set(w("hint"), "eastAsia")
        elif properties is not None and not len(properties):
            run.remove(properties)
        return
    properties = ensured(run, "rPr")
    put_on(properties, look)
    if _CHINESE.search(text) or _SHARED.search(text):
        ensured(properties, "rFonts").set(w("hint"), "eastAsia")


def uncrowd(paragraph_properties: Element | None, look: Look) -> None:
    """An exact line height that the size does not fit into becomes the least height: letters must not be cut off."""
    spacing = child(paragraph_properties, "spacing")
    if spacing is None or spacing.get(w("lineRule")) != "exact":
        return
    line = spacing.get(w("line")) or ""
    if line.isdecimal() and int(line) < look.size_pt * _TWIPS * _CROWDED:
        spacing.set(w("lineRule"), "atLeast")


def _draws_pictures(properties: Element | None, text: str) -> bool:
    """Whether the font makes pictures of the letters (☑ typed in Wingdings): another font would show other signs."""
    fonts = child(properties, "rFonts")
    names = "" if fonts is None else " ".join(fonts.get(w(slot)) or "" for slot in ("ascii", "hAnsi"))
    return bool(_PRIVATE.fullmatch(text) or _PICTURE_FONTS.search(names))
