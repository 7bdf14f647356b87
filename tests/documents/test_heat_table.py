"""The board as a picture: drawn in a font that has the signs, its colours by what is missing; none without a font."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageColor

from documents.chinese_font import ChineseFont, chinese_face, find_chinese_font
from documents.heat_table import _ENOUGH, _MISSING, _NO_MINIMUM, heat_table
from domain.notice import Unit, UnitKind
from domain.standing import CategoryStanding, Reported, SchoolStanding, UnitStanding


@pytest.fixture(scope="module")
def font() -> ChineseFont:
    found = find_chinese_font()
    if found is None:
        pytest.skip("no Chinese font on this machine: apt-get install fonts-noto-cjk")
    return found


def unit(name: str, *categories: CategoryStanding, **more: object) -> UnitStanding:
    return UnitStanding(Unit(name, name, UnitKind.COUNTY), categories, **more)  # type: ignore[arg-type]


BOARD = (
    unit("甲县", CategoryStanding("A1", 1, recommended=1), CategoryStanding("C", 5, submitted=3), report="R-1"),
    unit(
        "名字特别长的州直属直管学校第一中学",
        CategoryStanding("A1", None, recommended=2),
        CategoryStanding("C", 5, recommended=4),
        schools=(SchoolStanding("某校", "示范校", Reported.NOTHING),),
    ),
)


def test_the_picture_has_every_colour_its_cells_stand_for(font: ChineseFont) -> None:
    made = heat_table(BOARD, "全部单位进度", "5月18日", font)
    assert made == heat_table(BOARD, "全部单位进度", "5月18日", font)
    image = Image.open(io.BytesIO(made))
    assert image.format == "PNG"
    found = {colour for _count, colour in image.getcolors(maxcolors=100_000) or ()}
    for colour in (_ENOUGH, _NO_MINIMUM, _MISSING[0], _MISSING[-1]):
        assert ImageColor.getrgb(colour) in found
    assert len(made) < 300_000


def test_colours_differ_in_brightness_too() -> None:
    """Whoever sees no colours at all still sees less and more missing, and enough apart from it."""
    grey = [Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0)) for colour in _MISSING]
    assert grey == sorted(grey, reverse=True)
    assert min(before - after for before, after in zip(grey, grey[1:], strict=False)) > 12  # noqa: RUF007


def test_a_font_without_chinese_is_not_taken(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    assert chinese_face(broken) is None
    for path in (*Path("/usr/share/fonts").rglob("*DejaVuSans.ttf"), *Path("/usr/share/fonts").rglob("*Fallback*.ttf")):
        assert chinese_face(path) is None  # one has no Chinese, the other no digits


def test_a_board_without_units_is_a_picture_as_well(font: ChineseFont) -> None:
    assert heat_table((), "全部单位进度", "5月18日", font).startswith(b"\x89PNG")
