"""How people write to a bot: one plain form for matching, numbered replies, receipt numbers inside a sentence."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from domain.chat import Incoming, MessageKind
from domain.receipt import normalise_receipt

# Kinds whose `text` is something the person said. Recognised speech is a question like any other.
_SPOKEN = frozenset({MessageKind.TEXT, MessageKind.VOICE, MessageKind.MIXED})
_BLANKS = re.compile(r"\s+")
_ENDING = " 。.!?~,、;:…"
_NUMBER = re.compile(r"(?:回复|选择|选|第)?\s*[〔\[(【「]?\s*(\d{1,2})\s*[〕\])】」]?\s*(?:个|项|号)?")
# Generous: whether it really is one is decided by its check character.
_RECEIPT = re.compile(r"(?<![0-9A-Z])(?=([A-Z]\d{0,2}[-_\s‐-―−ー]*[0-9A-Z]{8}[-_\s‐-―−ー]*[0-9A-Z])(?![0-9A-Z]))")


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """The text in one width, with single blanks and without signs at its end: "我的案例 ！" is "我的案例"."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip().rstrip(_ENDING)


def one_line(text: str) -> str:
    """A name or title on one line, without control, direction and half signs: fit to be stored and shown."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def spoken(message: Incoming) -> str:
    """What the person said, in plain form; empty for messages that hold no words."""
    return plain(message.text) if message.kind in _SPOKEN else ""


def number_in(text: str) -> int | None:
    """The number of a numbered reply ("1", "〔1〕", "１", "①", "回复1"), None for any other text."""
    found = _NUMBER.fullmatch(plain(text))
    return int(found.group(1)) if found else None


def receipt_in(text: str) -> str | None:
    """The first valid receipt number written in the text, as printed, or None."""
    found = _receipt_written(plain(text).upper())
    return None if found is None else found[0]


def without_receipt(text: str) -> str:
    """The plain text in capitals, with its receipt number and the word 回执 taken out."""
    capitals = plain(text).upper()
    found = _receipt_written(capitals)
    rest = capitals if found is None else capitals.replace(found[1], "")
    return plain(rest.replace("回执", ""))


def words_after_receipt(text: str) -> str:
    """What stands behind the first valid receipt number, as it was written; "" without one."""
    said = plain(text)
    found = _receipt_written(said.upper())
    if found is None:
        return ""
    as_written = text if found[1] in text.upper() else said  # a number in wide digits is found in the plain form only
    return as_written[as_written.upper().index(found[1]) + len(found[1]) :].strip(" ,:;，：；　\n")


def _receipt_written(capitals: str) -> tuple[str, str] | None:
    for match in _RECEIPT.finditer(capitals):
        receipt = normalise_receipt(match.group(1))
        if receipt is not None:
            return receipt, match.group(1)
    return None
