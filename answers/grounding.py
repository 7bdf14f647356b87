"""Whether a text somebody else worded still says what the notice says: nothing added, nothing turned round.

A language model may word an answer anew. It may not bring in a number, a date, a name, a category or a quotation, and
it may not change a verdict, a limit or a negation. Who uses its text asks here first; on any doubt the answer is no.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

import rjieba

from answers.lexicon import lexicon
from domain.notice import Notice

_NUMBER = re.compile(r"\d+(?:[.:]\d+)*%?")
_DATE = re.compile(r"(?:\d+年)?\d+月(?:\d+日)?|\d+日|\d+[./-]\d+(?:[./-]\d+)?")
_WRITTEN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿半]+")
# Words in which such a character counts nothing.
_NO_NUMBER = re.compile(
    r"一(?:下|些|般|定|起|样|致|旦|直|并|律|同|方面|共|是|点)|统一|唯一|同一|进一步|万一|十分|百分之|千万(?=别|不)|其一|之一"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_QUOTED = re.compile(r"[“《「](.+?)[”》」]")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_NEGATIONS = "不没无非勿未否别莫"
_LIMITS = (
    "至少",
    "不少于",
    "不低于",
    "不超过",
    "以内",
    "以上",
    "以下",
    "之内",
    "最多",
    "至多",
    "必须",
    "可以",
    "应",
    "须",
    "建议",
)
_CHINESE_WORD = re.compile(r"[\u4e00-\u9fff]{2,}")
_VERDICT = re.compile(r"^(?:不符合|符合|不是|是的|可以|不可以|不行|没有|通知没有规定)")


def is_grounded(text: str, told: str, clauses: Iterable[str], notice: Notice) -> bool:
    """Whether `text` says no more and nothing else than `told`, the engine's own answer, and the cited `clauses`."""
    new, old = _plain(text), _plain(told)
    known = old + "\n" + "\n".join(map(_plain, clauses))
    return (
        bool(new.strip())
        and all(
            word in known or word in lexicon().connecting
            for word in rjieba.cut(new, False)
            if _CHINESE_WORD.fullmatch(word)
        )
        and _same_verdict(new, old)
        and Counter(char for char in new if char in _NEGATIONS) == Counter(char for char in old if char in _NEGATIONS)
        and all((word in new) == (word in old) for word in _LIMITS)
        and brings_nothing_new(new, known, notice)
        and set(_NUMBER.findall(old)) <= set(_NUMBER.findall(new))
    )


def brings_nothing_new(text: str, known: str, notice: Notice) -> bool:
    """Whether every number, Latin word, quotation, address, and name of the notice in `text` stands in `known`."""
    new, old = _plain(text), _plain(known)
    numbers = set(_NUMBER.findall(old))
    written = set(_WRITTEN_NUMBER.findall(_NO_NUMBER.sub(" ", old)))
    words = {word.lower() for word in _LATIN.findall(old)}
    return (
        all(date in old for date in _DATE.findall(new))
        and all(number in numbers for number in _NUMBER.findall(new))
        and all(number in written for number in _WRITTEN_NUMBER.findall(_NO_NUMBER.sub(" ", new)))
        and all(word.lower() in words for word in _LATIN.findall(new))
        and all(quoted in old for quoted in _QUOTED.findall(new))
        and all(address in old for address in _ADDRESS.findall(new))
        and all(name in old for name in _names(notice) if name in new)
    )


def _same_verdict(new: str, old: str) -> bool:
    verdict = _VERDICT.match(old)
    return verdict is None or new.startswith(verdict.group())


def _names(notice: Notice) -> Iterable[str]:
    """Units, contacts and fonts: what a slip of the pen would put in another's place."""
    yield from (unit.name for unit in notice.units)
    yield from (contact.name for contact in notice.contacts)
    yield from (name for category in notice.categories for name in (category.name, category.group) if name)
    yield from lexicon().fonts.names
    yield from lexicon().sizes


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("：", ":")
