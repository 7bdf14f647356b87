"""Names of files and folders that Windows takes: no reserved name or sign, not too long, no two that are one there."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
# Reserved whatever ending follows; the superscript digits count as digits there.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}$")


def windows_name(name: str, fallback: str, most: int) -> str:
    """The name as one part of a path, at most `most` signs (UTF-16 units, as Windows counts), its ending kept."""
    plain = "".join(" " if sign in "\r\n\t" else sign for sign in unicodedata.normalize("NFC", name))
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in _HIDDEN)
    plain = " ".join(_FORBIDDEN.sub("_", plain).split()).strip(" .")
    found = _ENDING.search(plain)
    ending = found.group() if found else ""
    stem = plain[: len(plain) - len(ending)] if ending else plain
    stem = _cut(stem, most - len(ending)).rstrip(" .") or fallback
    return f"_{stem}{ending}" if _RESERVED.fullmatch(stem + ending) else stem + ending


class Folder:
    """Hands out the names of one folder, each once: Windows sees no difference between A and a."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> str:
        """This name, or with a number behind it when it is taken."""
        path = PurePosixPath(name)
        number, free = 1, name
        while _same(free) in self._taken:
            number += 1
            free = f"{path.stem}（{number}）{path.suffix}"
        self._taken.add(_same(free))
        return free


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _cut(text: str, most: int) -> str:
    while len(text.encode("utf-16-le")) // 2 > most:
        text = text[:-1]
    return text
