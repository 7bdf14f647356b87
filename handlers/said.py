"""How people write to a bot: one plain form for matching, numbered replies, receipt numbers inside a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from domain.chat import Incoming, MessageKind
from domain.receipt import normalise_receipt

# Kinds whose `text` is something the person said. Recognised speech is a question like any other.
_SPOKEN = frozenset({MessageKind.TEXT, MessageKind.VOICE, MessageKind.MIXED})
_BLANKS = re.compile(r"\s+")
_ENDING = " 。.!?~,、;:…"
_NUMBER = re.compile(r"(?:回复|选择|选|第)?\s*[〔\[(【「]?\s*(\d{1,2})\s*[〕\])】」]?\s*(?:个|项|号)?")
_SPOKEN_NUMBER = re.compile(
    r"(?=[我选回编第])(?:我?选择?|回复|编号)?\s*第?\s*([一二三四五六七八九十])\s*(?:个|项|号|条)?"
)
_KEYCAP = re.compile("\ufe0f?\u20e3|\ufe0f")
_DIGITS = "一二三四五六七八九十"
# Generous: whether it really is one is decided by its check character.
_RECEIPT = re.compile(r"(?<![0-9A-Z])(?=([A-Z]\d{0,2}[-_\s‐-―−ー]*[0-9A-Z]{8}[-_\s‐-―−ー]*[0-9A-Z])(?![0-9A-Z]))")
# What nobody writes but for a receipt number: signs between two dashes; or as many signs as one has, behind a prefix
# that is given, digits and letters mixed, the check character perhaps left out.
_DASHED = re.compile(
    r"(?<![0-9A-Z])[A-Z][0-9A-Z]{0,2} ?[-_‐-―−ー]+ ?[0-9A-Z]{6,10} ?[-_‐-―−ー]+ ?[0-9A-Z]{0,2}(?![0-9A-Z])"
)
_IN_ONE = re.compile(r"(?<![0-9A-Z])(?=[A-Z])[0-9A-Z]{1,3}[-_‐-―−ー]*[0-9A-Z]{8,9}(?![0-9A-Z])")
_DASHES = re.compile(r"[-_‐-―−ー]+")
_BODY_SIGNS = (8, 9)
_LEAST_MIXED = 2


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
    """The number of a numbered reply ("1", "〔1〕", "１", "①", "1️⃣", "回复1", "第一个"), None for any other text."""
    said = plain(_KEYCAP.sub("", text))
    found = _NUMBER.fullmatch(said)
    if found:
        return int(found.group(1))
    in_words = _SPOKEN_NUMBER.fullmatch(said)
    return _DIGITS.index(in_words.group(1)) + 1 if in_words else None


def receipt_in(text: str) -> str | None:
    """The first valid receipt number written in the text, as printed, or None."""
    found = _receipt_written(plain(text).upper())
    return None if found is None else found[0]


def mistyped_receipt_in(text: str, prefixes: Collection[str]) -> str | None:
    """What was meant for a receipt number in a text without a valid one, as it was written; else None. `prefixes` are
    the letters and categories that numbers begin with."""
    capitals = plain(text).upper()
    if _receipt_written(capitals) is not None:
        return None
    dashed = _DASHED.search(capitals)
    if dashed is not None:
        return dashed[0].strip()
    return next((each[0] for each in _IN_ONE.finditer(capitals) if _is_meant(each[0], prefixes)), None)


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


def _is_meant(written: str, prefixes: Collection[str]) -> bool:
    bare = _DASHES.sub("", written)
    return any(
        bare.startswith(prefix) and len(bare) - len(prefix) in _BODY_SIGNS and _is_mixed(bare[len(prefix) :])
        for prefix in prefixes
    )


def _is_mixed(body: str) -> bool:
    digits = sum(sign.isdigit() for sign in body)
    return digits >= _LEAST_MIXED and len(body) - digits >= _LEAST_MIXED


def _receipt_written(capitals: str) -> tuple[str, str] | None:
    for match in _RECEIPT.finditer(capitals):
        receipt = normalise_receipt(match.group(1))
        if receipt is not None:
            return receipt, match.group(1)
    return None
