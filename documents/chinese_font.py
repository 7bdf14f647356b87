"""A font of this machine that can draw Chinese: looked for once, in the places where systems keep their fonts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

_PLACES = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_ENDINGS = frozenset({".ttf", ".ttc", ".otf"})
# Words in file names: the likelier a plain face with Chinese signs, the earlier it is opened.
_LIKELY = ("cjk", "han", "hei", "yahei", "msyh", "wqy", "song", "simsun", "pingfang", "deng")
_UNLIKELY = ("serif", "mono", "bold", "black", "light", "thin", "italic", "emoji")
# Fallback faces have Chinese signs but neither digits nor letters.
_SAMPLE = "县还差推荐必报（：0123456789ABC/—"
_NOBODY_HAS = "\U0010fffe"
_MOST_FACES = 12
_SIZE = 24


@dataclass(frozen=True, slots=True)
class ChineseFont:
    """A face: its file and its number in that file."""

    path: Path
    index: int

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The face at this size in pixels."""
        return ImageFont.truetype(str(self.path), size, index=self.index)


@cache
def find_chinese_font() -> ChineseFont | None:
    """The first that has the signs, plain faces before others; None when this machine has none."""
    return next(filter(None, map(chinese_face, _candidates())), None)


def chinese_face(path: Path) -> ChineseFont | None:
    """The face of this file that draws Chinese, the one for simplified signs if it says so; None without one."""
    found = [ChineseFont(path, index) for index, face in enumerate(_faces(path)) if _draws(face)]
    simplified = [font for font in found if "SC" in (font.at(_SIZE).getname()[0] or "").split()]
    return next(iter((*simplified, *found)), None)


def _candidates() -> list[Path]:
    files = [
        path
        for place in _PLACES
        for path in Path(place).expanduser().rglob("*")
        if path.suffix.lower() in _ENDINGS and path.is_file()
    ]
    return sorted(files, key=lambda path: (_rank(path.name.lower()), path.name))


def _rank(name: str) -> tuple[bool, bool]:
    return not any(word in name for word in _LIKELY), any(word in name for word in _UNLIKELY)


def _faces(path: Path) -> Iterator[ImageFont.FreeTypeFont]:
    for index in range(_MOST_FACES):
        try:
            yield ImageFont.truetype(str(path), _SIZE, index=index)
        except (OSError, ValueError):
            return


def _draws(face: ImageFont.FreeTypeFont) -> bool:
    """Whether every sign of the sample looks unlike the box for signs that a font does not have."""
    box = bytes(face.getmask(_NOBODY_HAS))
    drawn = [bytes(face.getmask(sign)) for sign in _SAMPLE]
    return all(drawn) and box not in drawn and len(set(drawn)) == len(drawn)
