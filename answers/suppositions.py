"""What somebody supposes of the thing asked about: that it is demanded, forbidden, limited, left out, done otherwise.

The stances are read once from the plain text, by the expressions under [supposes] of the language data; they stand
among the acts of a question, so that patterns may ask for them too ("支撑材料 @at_most")."""

from __future__ import annotations

import re
from enum import StrEnum


class Stance(StrEnum):
    """One way of supposing something. `CLAIMED`: it is said to be so, for confirmation."""

    CLAIMED = "claimed"
    REQUIRED = "required"
    FORBIDDEN = "forbidden"
    ONLY = "only"
    AT_MOST = "at_most"
    EXACTLY = "exactly"
    LEFT_OUT = "left_out"
    OWN_WAY = "own_way"
    EVERYBODY = "everybody"


DEVIATING = frozenset({Stance.LEFT_OUT, Stance.OWN_WAY})
"""Proposals not to do what is asked for, or to do it in another way."""

_VERDICT = frozenset({"may", "claim", Stance.CLAIMED})
_WISHES = re.compile("可以|行|能|吧|吗|要紧|关系|没事|合适|够")
_ALTERNATIVES = re.compile(
    r"要不要|用不用|需不需要|是不是|能不能|可不可以|有没有|对不对|交不交|写不写|行不行|算不算|会不会|超不超|超没超|超了没"
)
_NOTHING_MISSING = re.compile(r"(?:没有|没|不|无)(?:遗漏|漏|缺|少写|少交|省)")
_DEMANDS = re.compile(r"(?:一定|必须|只能)(?:得|要|是)?(?:自己|亲自|按)")
"""What is said to be demanded is no proposal to do otherwise."""


def stances_of(text: str, expressions: tuple[tuple[str, re.Pattern[str]], ...]) -> frozenset[str]:
    """The stances taken in a plain text. 要不要 and the like leave open what they ask: they suppose nothing."""
    plain = _NOTHING_MISSING.sub("", _ALTERNATIVES.sub("", text))
    found = {name for name, ways in expressions if ways.search(plain)}
    return frozenset(found - DEVIATING if _DEMANDS.search(plain) else found)


def wants_verdict(text: str, acts: frozenset[str]) -> bool:
    """Whether a question wants to be told that something will do, or will not."""
    return bool(acts & _VERDICT) or _WISHES.search(_ALTERNATIVES.sub("", text)) is not None
