"""How a run looks in the end: defaults, table style, paragraph style, character style and direct formatting, by slot.

The order and its exceptions are Word's (ECMA-376 17.7.2, MS-OI29500); where a file does not tell, the outcome says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from validators.facts import Format, Origin, Source
from validators.reading.package import Element
from validators.reading.word_properties import FontName, Properties, stated
from validators.reading.word_styles import CHARACTER, Conditional, Region, Style, Styles
from validators.reading.word_theme import Theme

_NOTHING = Source(Origin.NOTHING)
_LIKE_LATIN = "Times New Roman"
_OLD_DEFAULT_SIZE = 24.0  # half-points: a paragraph style of this size gives way to an old table style


class Look(NamedTuple):
    """The outcome for one run: how it looks, and whether it is hidden text."""

    format: Format
    hidden: bool


class _Layer(NamedTuple):
    source: Source
    values: dict[str, object]


_Level = tuple[_Layer, ...]


class Cascade:
    """Resolves runs of one document; equal runs are worked out once."""

    def __init__(self, styles: Styles, theme: Theme, *, old_table_rule: bool) -> None:
        self._styles = styles
        self._theme = theme
        self._old_table_rule = old_table_rule
        self._defaults = (_layer(Source(Origin.DEFAULTS), stated(styles.default_run)),)
        self._base: dict[tuple[str, Region | None], tuple[_Level, _Level]] = {}
        self._character: dict[str, _Level] = {}
        self._looks: dict[tuple[str, Region | None, Properties, Properties], Look] = {}

    def look(
        self, paragraph_style: str, region: Region | None, properties: Element | None, over: Element | None = None
    ) -> Look:
        """The look of a run with these direct properties, in a paragraph of this style, in this part of a table.
        `over` is a w:rPr above the direct one: the list level's, for an automatic number."""
        key = (paragraph_style, region, stated(properties), stated(over))
        found = self._looks.get(key)
        if found is None:
            found = self._looks[key] = self._resolve(*key)
        return found

    def _resolve(self, paragraph_style: str, region: Region | None, direct: Properties, over: Properties) -> Look:
        table, paragraph = self._levels(paragraph_style, region)
        own = (_layer(Source(Origin.LIST), over), _layer(Source(Origin.RUN), direct))
        character = self._character_level(str(_first(own, "rStyle")[0] or ""))
        levels = (own, character, paragraph, table, self._defaults)
        layers = tuple(layer for level in levels for layer in level)
        return Look(format=self._format(layers, bold=self._toggle("b", levels)), hidden=self._toggle("vanish", levels))

    def _levels(self, paragraph_style: str, region: Region | None) -> tuple[_Level, _Level]:
        key = (paragraph_style, region)
        if key not in self._base:
            table = _style_level(self._styles.table_layers(region), Origin.TABLE_STYLE)
            paragraph = _style_level(self._styles.chain(paragraph_style), Origin.PARAGRAPH_STYLE)
            if self._old_table_rule and any(layer.values for layer in table):
                paragraph = _without_old_size(paragraph)
            self._base[key] = table, paragraph
        return self._base[key]

    def _character_level(self, style_id: str) -> _Level:
        if style_id not in self._character:
            chain = self._styles.chain(style_id, CHARACTER) if style_id else ()
            self._character[style_id] = _style_level(chain, Origin.CHARACTER_STYLE)
        return self._character[style_id]

    def _toggle(self, name: str, levels: Sequence[_Level]) -> bool:
        """Direct formatting is absolute; each style level that differs from the defaults flips them."""
        own, *styles, defaults = levels
        direct = _first(own, name)[0]
        if direct is not None:
            return bool(direct)
        default = bool(_first(defaults, name)[0])
        found = [_first(level, name)[0] for level in styles]
        flips = sum(1 for value in found if value is not None and bool(value) != default)
        return default != bool(flips % 2)

    def _format(self, layers: _Level, *, bold: bool) -> Format:
        is_complex = bool(_first(layers, "complex")[0])
        east_asian, source = self._font(layers, "cs" if is_complex else "eastAsia")
        ascii_font, _ = self._font(layers, "cs" if is_complex else "ascii")
        other, _ = self._font(layers, "cs" if is_complex else "hAnsi")
        if east_asian == _LIKE_LATIN and ascii_font == other:
            east_asian = ascii_font
        size, size_from = _first(layers, "szCs" if is_complex else "sz")
        return Format(
            east_asian=east_asian,
            latin=ascii_font,
            shared=east_asian if _first(layers, "hint")[0] else other,
            size_pt=size / 2 if isinstance(size, float) else None,
            bold=bold,
            east_asian_from=source,
            size_from=size_from,
        )

    def _font(self, layers: _Level, slot: str) -> tuple[str, Source]:
        name, source = _first(layers, slot)
        if name is None:
            name = FontName(_UNSTATED[slot], theme=True)
        if not isinstance(name, FontName) or not name.theme:
            return str(getattr(name, "text", "")), source
        return self._theme.face(name.text) or "", Source(source.origin, source.style, theme=True)


# Where no layer states a font, the program takes the theme's.
_UNSTATED = {"eastAsia": "minorEastAsia", "ascii": "minorHAnsi", "hAnsi": "minorHAnsi", "cs": "minorBidi"}


def _layer(source: Source, properties: Properties) -> _Layer:
    return _Layer(source, {item.name: item.value for item in properties})


def _style_level(styles: Sequence[Style | Conditional], origin: Origin) -> _Level:
    found = []
    for style in styles:
        name = style.name or (style.id if isinstance(style, Style) else "")
        found.append(_layer(Source(origin, name[:100]), stated(style.run)))
    return tuple(found)


def _first(layers: _Level, name: str) -> tuple[object, Source]:
    """The strongest layer's value, None when no layer has one."""
    for layer in layers:
        if name in layer.values:
            return layer.values[name], layer.source
    return None, _NOTHING


def _without_old_size(paragraph: _Level) -> _Level:
    if _first(paragraph, "sz")[0] != _OLD_DEFAULT_SIZE:
        return paragraph
    return tuple(
        _Layer(layer.source, {name: value for name, value in layer.values.items() if name != "sz"})
        for layer in paragraph
    )
