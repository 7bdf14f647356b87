"""Names of the files we hand out: made by us from what the sender called the original, safe on every system."""

from __future__ import annotations

import re
import unicodedata

_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_MOST_BYTES = 150
_UNNAMED = "未命名"


def copy_name(original: str, what: str, number: int = 1) -> str:
    """What a copy of the file called `original` is called: its name, what it is (批注版), a number from the second on.

    No path, control or direction sign gets through, and it fits wherever a name may have 255 bytes."""
    counted = what if number == 1 else f"{what} {number}"
    return f"{_stem(original)}（{counted}）.docx"


def _stem(original: str) -> str:
    last = original.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    plain = "".join(
        sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    stem = _FORBIDDEN.sub("_", _ENDING.sub("", plain)).strip(" .~$")
    while len(stem.encode()) > _MOST_BYTES:
        stem = stem[:-1]
    return stem.strip() or _UNNAMED
