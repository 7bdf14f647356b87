"""Pictures as drawn, not as stored: one count for each picture on the page, whatever the file holds besides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from validators.facts import Pictures
from validators.reading.package import Element
from validators.reading.word_names import (
    A_BLIP,
    A_BLIP_FILL,
    A_EXTENT,
    CHART,
    CHART_EX,
    DIAGRAM,
    FALLBACK,
    OFFICE_HREF,
    PICTURE,
    R_HREF,
    R_ID,
    R_LINK,
    VML_FILL,
    VML_IMAGE,
    w,
)

_CENTIMETRE_EMU = 360_000
_CENTIMETRE_PT = 28.35
_POINTS = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([0-9.]+)(pt|in|cm|mm|px)?", re.IGNORECASE)
_TO_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "": 1.0}
_PASSED_OVER = frozenset({FALLBACK, w("del"), w("moveFrom"), w("txbxContent")})


@dataclass(slots=True)
class PictureTally:
    """Counts up as the drawings of visible runs are met."""

    drawn: int = 0
    linked: int = 0
    small: int = 0
    charts: int = 0
    diagrams: int = 0
    fills: int = 0
    objects: int = 0
    in_headers: int = 0

    def take(self, drawing: Element) -> bool:
        """Count what a w:drawing, w:pict or w:object draws. Text boxes in it are left to the caller, whose walk
        meets their runs. Tells whether a picture was drawn."""
        if drawing.tag == w("object"):
            self.objects += 1
            return False
        before = self.drawn
        waiting = [drawing]
        while waiting:
            element = waiting.pop()
            if element.tag in _PASSED_OVER or not isinstance(element.tag, str):
                continue
            self._one(element)
            if element.tag != PICTURE:
                waiting.extend(element)
        return self.drawn > before

    def _one(self, element: Element) -> None:
        tag = element.tag
        if tag == PICTURE:
            self.drawn += 1
            self.linked += any(blip.get(R_LINK) for blip in element.iter(A_BLIP))
            self.small += _is_small_picture(element)
        elif tag == VML_IMAGE:
            self.drawn += 1
            self.linked += bool(element.get(R_HREF) or element.get(OFFICE_HREF)) and not element.get(R_ID)
            self.small += _is_small_shape(element.getparent())
        elif tag in {CHART, CHART_EX}:
            self.charts += 1
        elif tag == DIAGRAM:
            self.diagrams += 1
        elif tag == A_BLIP_FILL or (tag == VML_FILL and element.get(R_ID)):
            self.fills += 1

    def facts(self) -> Pictures:
        """The final counts."""
        return Pictures(
            self.drawn,
            self.linked,
            self.small,
            self.charts,
            self.diagrams,
            self.fills,
            self.objects,
            self.in_headers,
        )


def pictures_in(root: Element) -> int:
    """How many pictures a header or footer draws."""
    tally = PictureTally()
    for tag in (w("drawing"), w("pict")):
        for drawing in root.iter(tag):
            if not any(parent.tag == FALLBACK for parent in drawing.iterancestors()):
                tally.take(drawing)
    return tally.drawn


def _is_small_picture(picture: Element) -> bool:
    extent = next((item for item in picture.iter(A_EXTENT) if item.get("cx") and item.get("cy")), None)
    if extent is None:
        return False
    try:
        sides = int(extent.get("cx")), int(extent.get("cy"))
    except ValueError:
        return False
    return 0 < max(sides) < _CENTIMETRE_EMU


def _is_small_shape(shape: Element | None) -> bool:
    style = "" if shape is None else (shape.get("style") or "")
    sides = {name.lower(): _points(size, unit) for name, size, unit in _POINTS.findall(style)}
    return "width" in sides and "height" in sides and 0 < max(sides.values()) < _CENTIMETRE_PT


def _points(size: str, unit: str) -> float:
    try:
        return float(size) * _TO_POINTS[unit.lower()]
    except ValueError:
        return 0.0
