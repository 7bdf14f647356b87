"""The board of all units as a picture: a table whose cells are orange where cases are missing, blue where none is.

Blue and orange stay apart for every kind of colour blindness, and each cell says in words what its colour says."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from documents.chinese_font import ChineseFont
from domain.standing import CategoryStanding, UnitStanding

_MARGIN, _ROW, _NAME, _COLUMN = 36, 78, 210, 176
_TITLE_PX, _TEXT_PX, _SMALL_PX = 34, 27, 22
_PAPER, _INK, _LINE, _HEAD = "#ffffff", "#1a1a1a", "#c8c8c8", "#eef1f4"
_ENOUGH, _NO_MINIMUM = "#92c5de", "#f2f2f2"
# From a little missing to everything missing.
_MISSING = ("#fee0b6", "#fdc57f", "#f1a340")
SCHOOLS, FILED = "必报学校", "上报"
LEGEND = "每格：已推荐/最低数。橙色：还差；颜色越深差得越多。蓝色：已达最低数。灰色：没有最低数。"


@dataclass(frozen=True, slots=True)
class _Cell:
    above: str
    below: str
    colour: str


def heat_table(standings: Sequence[UnitStanding], title: str, about: str, font: ChineseFont) -> bytes:
    """The PNG: a row for each unit, a column for each category, what must-report schools owe, whether it has reported;
    above it `title` and, smaller, `about`."""
    heads = [*(each.category for each in standings[0].categories), SCHOOLS, FILED] if standings else [FILED]
    width = 2 * _MARGIN + _NAME + _COLUMN * len(heads)
    height = 2 * _MARGIN + _ROW * (len(standings) + 1) + 2 * _ROW + _ROW // 4
    image = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(image)
    big, text, small = (font.at(size) for size in (_TITLE_PX, _TEXT_PX, _SMALL_PX))
    draw.text((_MARGIN, _MARGIN), title, _INK, big)
    draw.text((_MARGIN, _MARGIN + 52), _fitting(draw, about, small, width - 2 * _MARGIN), _INK, small)
    top = _MARGIN + _ROW + _ROW // 4
    for number, head in enumerate(("单位", *heads)):
        _box(draw, (_place(number), top, _wide(number)), _Cell(head, "", _HEAD), (text, small))
    for row, standing in enumerate(standings, start=1):
        cells = (_Cell(standing.unit.name, "", _PAPER), *map(_category, standing.categories), *_rest(standing))
        for number, cell in enumerate(cells):
            _box(draw, (_place(number), top + row * _ROW, _wide(number)), cell, (text, small))
    draw.text((_MARGIN, height - _MARGIN - _ROW // 2), LEGEND, _INK, small)
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _category(standing: CategoryStanding) -> _Cell:
    if standing.minimum is None:
        return _Cell(str(standing.recommended), _waiting(standing), _NO_MINIMUM)
    above = f"{standing.recommended}/{standing.minimum}"
    if not standing.missing:
        return _Cell(above, _waiting(standing) or "已达", _ENOUGH)
    depth = (standing.missing * len(_MISSING) - 1) // max(1, standing.minimum)
    below = f"差{standing.missing}"
    waiting = _waiting(standing)
    return _Cell(above, f"{below}　{waiting}" if waiting else below, _MISSING[min(depth, len(_MISSING) - 1)])


def _waiting(standing: CategoryStanding) -> str:
    return f"待荐{standing.submitted}" if standing.submitted else ""


def _rest(standing: UnitStanding) -> tuple[_Cell, _Cell]:
    without, count = len(standing.schools_without), len(standing.schools)
    if not count:
        schools = _Cell("—", "", _NO_MINIMUM)
    elif without:
        schools = _Cell(f"{count - without}/{count}", f"差{without}", _MISSING[-1])
    else:
        schools = _Cell(f"{count}/{count}", "已达", _ENOUGH)
    filed = _Cell("已上报", "", _ENOUGH) if standing.report else _Cell("未上报", "", _NO_MINIMUM)
    return schools, filed


def _place(number: int) -> int:
    return _MARGIN + (0 if number == 0 else _NAME + _COLUMN * (number - 1))


def _wide(number: int) -> int:
    return _NAME if number == 0 else _COLUMN


def _box(
    draw: ImageDraw.ImageDraw, where: tuple[int, int, int], cell: _Cell, fonts: tuple[ImageFont.FreeTypeFont, ...]
) -> None:
    left, top, wide = where
    draw.rectangle((left, top, left + wide, top + _ROW), cell.colour, _LINE)
    middle = left + wide / 2
    above = top + _ROW / (3 if cell.below else 2)
    draw.text((middle, above), _fitting(draw, cell.above, fonts[0], wide), _INK, fonts[0], anchor="mm")
    if cell.below:
        draw.text((middle, top + _ROW * 0.72), cell.below, _INK, fonts[1], anchor="mm")


def _fitting(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, wide: int) -> str:
    """The text, cut with an ellipsis where it would leave its box."""
    shown = text
    while len(shown) > 1 and draw.textlength(shown, font) > wide - 16:
        shown = f"{shown.rstrip('…')[:-1]}…"
    return shown
