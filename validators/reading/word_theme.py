"""Theme fonts: which face a reference such as minorEastAsia stands for in this document.

The East Asian face is chosen by the language that settings.xml names for it, not by the theme alone. Where the file
names none, the program uses a font of its own that no file tells: that is None here, never a guess.
"""

from __future__ import annotations

from validators.reading.package import Element
from validators.reading.word_names import a, w

_SCRIPTS = {"ja": "Jpan", "ko": "Hang"}
_TRADITIONAL = ("tw", "hk", "mo", "hant")
_BIDI_SCRIPTS = {"ar": "Arab", "he": "Hebr", "th": "Thai", "fa": "Arab", "ur": "Arab"}


class Theme:
    """The two font sets of a theme, read with the document's languages."""

    def __init__(self, root: Element | None, settings: Element | None) -> None:
        self._fonts: dict[str, Element] = {}
        languages = None if settings is None else settings.find(w("themeFontLang"))
        self._east_asian = "" if languages is None else languages.get(w("eastAsia")) or ""
        self._bidi = "" if languages is None else languages.get(w("bidi")) or ""
        self._found: dict[str, str | None] = {}
        if root is not None:
            for size in ("major", "minor"):
                part = next(root.iter(a(f"{size}Font")), None)
                if part is not None:
                    self._fonts[size] = part

    def face(self, reference: str) -> str | None:
        """The name of the face, None when the file does not tell it."""
        if reference not in self._found:
            self._found[reference] = self._face(reference)
        return self._found[reference]

    def _face(self, reference: str) -> str | None:
        part = self._fonts.get(reference[:5])
        if part is None:
            return None
        slot = reference[5:]
        if slot == "EastAsia":
            return self._by_script(part, script_of(self._east_asian), "ea")
        if slot == "Bidi":
            return self._by_script(part, _BIDI_SCRIPTS.get(self._bidi.partition("-")[0].lower(), ""), "cs")
        return _typeface(part.find(a("latin")))

    def _by_script(self, part: Element, script: str, general: str) -> str | None:
        if not script:
            return None
        named = next((font for font in part.findall(a("font")) if font.get("script") == script), None)
        return _typeface(named) or _typeface(part.find(a(general)))


def script_of(language: str) -> str:
    """The script that a theme lists its East Asian faces by, "" for a language that has none."""
    first, _, rest = language.lower().partition("-")
    if first == "zh":
        return "Hant" if rest.startswith(_TRADITIONAL) else "Hans"
    return _SCRIPTS.get(first, "")


def _typeface(font: Element | None) -> str | None:
    return None if font is None else (font.get("typeface") or None)
