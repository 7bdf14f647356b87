"""Whether a font a file names is the one a notice asks for: the same, another of the same design, or another one.

The families are data (font_families.toml). Names are compared as people and programs spell them: letter case,
full-width letters, blanks, _ and - make no difference.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).resolve().parent / "font_families.toml"
_BLANKS = str.maketrans("", "", " \t\u3000_-@")


class Likeness(IntEnum):
    """How near a font is to the wanted one."""

    OTHER = 0
    ALIKE = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class _Family:
    same: frozenset[str]
    alike: frozenset[str]
    beginnings: tuple[str, ...]


def plain_name(name: str) -> str:
    """A font's name reduced for comparing."""
    return unicodedata.normalize("NFKC", name).translate(_BLANKS).casefold()


def likeness(found: str, wanted: str, second_names: Mapping[str, str] | None = None) -> Likeness:
    """How near `found` is to `wanted`. `second_names` leads from the plain name of a font to the other name that the
    file's own font table gives it; it helps only fonts that no family knows."""
    plain, asked = plain_name(found), plain_name(wanted)
    if not plain:
        return Likeness.OTHER
    if plain == asked:
        return Likeness.SAME
    family = _families().get(asked)
    best = Likeness.OTHER if family is None else _within(plain, family)
    if best is Likeness.OTHER and second_names and plain in second_names and not is_known(found):
        return likeness(second_names[plain], wanted)
    return best


def is_known(name: str) -> bool:
    """Whether some family names this font."""
    plain = plain_name(name)
    return any(_within(plain, family) for family in _families().values())


def is_substitute(name: str) -> bool:
    """Whether programs show this font in place of others that are not installed."""
    return plain_name(name) in _substitutes()


def is_broken(name: str) -> bool:
    """Whether a name was damaged on its way through programs: question marks or signs of a lost encoding."""
    plain = unicodedata.normalize("NFKC", name)
    return any(sign in "?\ufffd" or ord(sign) < ord(" ") for sign in plain)


def _within(plain: str, family: _Family) -> Likeness:
    if plain in family.same:
        return Likeness.SAME
    is_alike = plain in family.alike or plain.startswith(family.beginnings)
    return Likeness.ALIKE if is_alike else Likeness.OTHER


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))


@cache
def _families() -> dict[str, _Family]:
    return {plain_name(item["name"]): _family(item) for item in _data()["family"]}


@cache
def _substitutes() -> frozenset[str]:
    return frozenset(map(plain_name, _data()["substitutes"]))


def _family(item: Mapping[str, list[str]]) -> _Family:
    alike = [name for name in item["alike"] if not name.endswith("*")]
    return _Family(
        same=frozenset(map(plain_name, [*item["same"], str(item["name"])])),
        alike=frozenset(map(plain_name, alike)),
        beginnings=tuple(plain_name(name[:-1]) for name in item["alike"] if name.endswith("*")),
    )
