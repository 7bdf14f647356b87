"""Which of a run's fonts a character is drawn in: Word keeps one for Chinese, one for ASCII, one for all the rest.

Signs that Chinese and Latin text share (“ ” — … ① ℃) go with the Chinese font only where the run says that they were
typed in Chinese. The ranges are those of ECMA-376 17.3.2.26 as MS-OI29500 2.1.88 tells them.
"""

from __future__ import annotations

import re
from enum import StrEnum

_ASIAN = (
    "\u1100-\u11ff\u2e80-\u2fff\u3000-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffef"
    "\U00020000-\U0003ffff"
)
_SHARED = (
    "\u00a1\u00a4\u00a7\u00a8\u00aa\u00ad\u00af\u00b0-\u00b4\u00b6-\u00ba\u00bc-\u00bf\u00d7\u00f7"
    "\u00e0\u00e1\u00e8-\u00ea\u00ec\u00ed\u00f2\u00f3\u00f9\u00fa\u00fc\u0100-\u017f"
    "\u02b0-\u04ff\u2000-\u2bff\ue000-\uf8ff"
)
_PIECES = re.compile(f"(?P<asian>[{_ASIAN}]+)|(?P<ascii>[\0-\x7f]+)|(?P<shared>[{_SHARED}]+)|(?P<other>.)", re.DOTALL)


class Slot(StrEnum):
    """ASIAN: always the East Asian font. SHARED: the East Asian font if the run hints at it, else as OTHER."""

    ASIAN = "asian"
    ASCII = "ascii"
    SHARED = "shared"
    OTHER = "other"


def slots_of(text: str) -> tuple[tuple[Slot, str], ...]:
    """The text cut into pieces of one slot each."""
    return tuple((Slot(match.lastgroup or ""), match.group()) for match in _PIECES.finditer(text))
