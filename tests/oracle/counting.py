"""The rule for 字数, sign by sign, as the reference states it: written apart from the reader's own."""

from __future__ import annotations

import functools

_IGNORED = ((0xAD, 0xAD), (0x200B, 0x200F), (0x2060, 0x2060), (0xFEFF, 0xFEFF), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_ASIAN = (
    *((0x1100, 0x11FF), (0x2E80, 0x2FFF), (0x3001, 0xA4CF), (0xAC00, 0xD7FF), (0xF900, 0xFAFF)),
    *((0xFE10, 0xFE1F), (0xFE30, 0xFE6F), (0xFF01, 0xFFEF), (0x20000, 0x3FFFF)),
)
_SHARED = (*((sign, sign) for sign in (0xA1, 0xA4, 0xA7, 0xA8, 0xB0, 0xB1, 0xB4, 0xB7, 0xD7, 0xF7)), (0x2010, 0x2BFF))


def high(text: str) -> int:
    """Shared signs count as Asian."""
    return _count(text, shared_is_asian=True)


def low(text: str) -> int:
    """Shared signs are letters."""
    return _count(text, shared_is_asian=False)


def _count(text: str, *, shared_is_asian: bool) -> int:
    words, inside = 0, False
    for sign in text:
        kind = _kind(sign)
        if kind == "asian" or (kind == "shared" and shared_is_asian):
            words, inside = words + 1, False
        elif kind == "blank":
            inside = False
        elif kind != "ignored":
            words, inside = words + (not inside), True
    return words


@functools.cache
def _kind(sign: str) -> str:
    if sign.isspace():
        return "blank"
    for name, ranges in (("ignored", _IGNORED), ("asian", _ASIAN), ("shared", _SHARED)):
        if any(first <= ord(sign) <= last for first, last in ranges):
            return name
    return "letter"
