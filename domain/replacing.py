"""Whether a new version of a file may be the wrong one: older, or much shorter, than the one it would replace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MUCH_SHORTER_PERCENT = 30
_WHOLE_PERCENT = 100


class Doubt(StrEnum):
    """Why a replacement has to be confirmed."""

    SHORTER = "shorter"
    OLDER = "older"
    EARLIER_TEXT = "earlier_text"


@dataclass(frozen=True, slots=True)
class Edition:
    """What a file says of itself: how many words, when it was last saved (aware), a digest of its text. None: it says
    nothing."""

    words: int | None
    modified_at: datetime | None
    text_sha256: str | None


def doubts(new: Edition, current: Edition, earlier: Sequence[Edition], *, mends: bool = False) -> tuple[Doubt, ...]:
    """What speaks against replacing `current`, in the order in which it is said; nothing where the files are silent.

    `mends`: the new file meets the demands and the one in use does not. Then being shorter is no reason to ask.
    """
    found = []
    if _is_again(new, current, earlier):
        found.append(Doubt.EARLIER_TEXT)
    if new.modified_at is not None and current.modified_at is not None and new.modified_at < current.modified_at:
        found.append(Doubt.OLDER)
    if not mends and _is_much_shorter(new, current):
        found.append(Doubt.SHORTER)
    return tuple(found)


def _is_again(new: Edition, current: Edition, earlier: Sequence[Edition]) -> bool:
    if new.text_sha256 is None or new.text_sha256 == current.text_sha256:
        return False
    return any(new.text_sha256 == each.text_sha256 for each in earlier)


def _is_much_shorter(new: Edition, current: Edition) -> bool:
    if new.words is None or not current.words:
        return False
    return (current.words - new.words) * _WHOLE_PERCENT >= current.words * MUCH_SHORTER_PERCENT
