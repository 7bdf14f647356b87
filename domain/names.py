"""When two names mean the same: width, case, blanks and signs make no other name."""

from __future__ import annotations

import re
import unicodedata

_NOT_LETTERS = re.compile(r"[\W_]+")


def letters_of(name: str) -> str:
    """The name reduced to its letters and digits, in one width and case: equal for names that mean the same."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", name)).casefold()
