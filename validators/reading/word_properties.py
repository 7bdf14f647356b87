"""What one w:rPr states of the properties that matter here, as a small value that can be compared and kept."""

from __future__ import annotations

import re
from typing import NamedTuple

from validators.reading.package import Element
from validators.reading.word_names import VAL, w

_RFONTS, _RSTYLE = w("rFonts"), w("rStyle")
_SIZES = {w("sz"): "sz", w("szCs"): "szCs"}
_SWITCHES = {w("b"): "b", w("vanish"): "vanish", w("cs"): "complex", w("rtl"): "complex"}
_SLOTS = ("eastAsia", "ascii", "hAnsi", "cs")
_NAMES = {slot: (w(slot), w("cstheme" if slot == "cs" else f"{slot}Theme")) for slot in _SLOTS}
_HINT = w("hint")
_OFF = frozenset({"0", "false", "off"})
_MEASURE = re.compile(r"(\d+(?:\.\d+)?)(pt|in|cm|mm|pc|pi)?")
_HALF_POINTS = {None: 1.0, "pt": 2.0, "in": 144.0, "cm": 144 / 2.54, "mm": 14.4 / 2.54, "pc": 24.0, "pi": 24.0}


class FontName(NamedTuple):
    """A font as stated: its name, or a reference to the theme."""

    text: str
    theme: bool


class Stated(NamedTuple):
    """One property: `name` is eastAsia, ascii, hAnsi, cs, hint, sz, szCs, b, vanish, complex or rStyle."""

    name: str
    value: FontName | str | float | bool


Properties = tuple[Stated, ...]


def stated(properties: Element | None) -> Properties:
    """What a w:rPr states, in its own order; nothing for a missing one or for values that mean nothing."""
    found: list[Stated] = []
    for item in () if properties is None else properties:
        tag = item.tag
        if tag == _RFONTS:
            found.extend(_fonts(item))
        elif tag in _SIZES:
            size = half_points(item.get(VAL) or "")
            if size:
                found.append(Stated(_SIZES[tag], size))
        elif tag in _SWITCHES:
            found.append(Stated(_SWITCHES[tag], (item.get(VAL) or "1").lower() not in _OFF))
        elif tag == _RSTYLE:
            found.append(Stated("rStyle", item.get(VAL) or ""))
    return tuple(found)


def half_points(written: str) -> float:
    """A size in half-points, as a plain number or with a unit; 0 when it is none."""
    match = _MEASURE.fullmatch(written.strip())
    return float(match[1]) * _HALF_POINTS[match[2]] if match else 0.0


def _fonts(item: Element) -> list[Stated]:
    found: list[Stated] = []
    for slot, (plain, theme) in _NAMES.items():
        reference, name = item.get(theme), item.get(plain)
        if reference:
            found.append(Stated(slot, FontName(reference, theme=True)))
        elif name and name.strip():
            found.append(Stated(slot, FontName(name.strip(), theme=False)))
    hint = item.get(_HINT)
    if hint:
        found.append(Stated("hint", hint == "eastAsia"))
    return found
