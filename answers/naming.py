"""How categories are named: by code (b1), by letter (b类), by heading, by a keyword of theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from answers.lexicon import Lexicon
from domain.notice import Notice

Mentions = tuple[tuple[int, int, tuple[str, ...]], ...]
"""Where categories are written in a text: start, end, codes."""


def categories_named(text: str, places: Mentions, notice: Notice, words: Lexicon) -> tuple[tuple[str, ...], bool]:
    """The codes of the categories named in `text`, where `places` are its mentions, and whether by code or heading,
    not only by a keyword."""
    plain = _COMPARED.sub("", text)
    plain = plain if len(plain) > _LEAST_LEFT else text
    beside = _BESIDE.sub("", plain)
    if beside != plain and len(beside) > _LEAST_LEFT and not mentions(beside, notice):
        plain = beside
    named = {code for _, _, codes in (places if plain == text else mentions(plain, notice)) for code in codes}
    for category in notice.categories:
        if plain_group(category.group) in plain:
            named.add(category.code)
    if named:
        return in_order(named, notice), True
    hinted: set[str] = set()
    for category in notice.categories:
        by_keyword = any(word in plain and word not in words.stop for word in category.keywords)
        if by_keyword or _heading_begins(category.group, plain):
            hinted.add(category.code)
    return in_order(hinted, notice), False


def _heading_begins(group: str, text: str) -> bool:
    """Whether the first word of a heading is named: 学校的 for 学校案例."""
    word = group.removesuffix("案例")
    if group == word or len(word) != 2 or word not in text:  # noqa: PLR2004 - longer headings are named in full
        return False
    return word in re.sub(rf"(?:哪些|哪所|哪个|什么|试点|重点|示范|直属|直管|所有)的?{word}", "", text)


_COMPARED = re.compile(r"(?:跟|和|与|像)[^,。;?]{2,8}?(?:一样长|一样多|似的|那样|一样(?=也|都|是|要|得))")
_BESIDE = re.compile(r"[,。;?!](?:那|那么)?[a-z]\d?(?:类|案例)?呢\??$")
"""A category added behind a question that names none (插图几张,c类呢): both are asked, so all are."""

_LEAST_LEFT = 5


_QUOTED = re.compile(r"“([^”]+)”")


@lru_cache(64)
def plain_group(group: str) -> str:
    """The words by which a heading is called: 网络学习空间 for “网络学习空间”主题应用案例."""
    quoted = _QUOTED.search(group)
    return (quoted.group(1) if quoted else group).lower()


def in_order(codes: set[str], notice: Notice) -> tuple[str, ...]:
    """The codes as the notice orders them."""
    return tuple(category.code for category in notice.categories if category.code in codes)


_OWN_COUNT = re.compile(r"\d{1,2}(?:个|篇|件|例|份)")
"""After a code of one letter: how many, not another code (c5个)."""

_LETTER = re.compile(r"[a-z]")
_BY_LETTER = re.compile(r"(?<![a-z0-9])([a-z](?:[/、和,]?[a-z])*)(?=类|两类|的|案例)")
_BARE_LETTER = re.compile(r"(?<![a-z0-9])[a-z](?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class _Codes:
    """The codes of one notice: each in lower case with itself, those that begin with a letter, and the expression of
    all."""

    own: Mapping[str, str]
    by_letter: Mapping[str, tuple[str, ...]]
    written: re.Pattern[str]


@lru_cache(8)
def _codes(codes: tuple[str, ...]) -> _Codes:
    own = {code.lower(): code for code in codes}
    by_letter: dict[str, tuple[str, ...]] = {}
    for low, code in own.items():
        by_letter[low[0]] = (*by_letter.get(low[0], ()), code)
    names = "|".join(sorted(map(re.escape, own), key=len, reverse=True))
    written = rf"(?<![a-z])(?<!\d\d)(?:{names})(?!(?!(?:{names})(?![a-z]))[a-z](?!\d)|[.]|:(?!\d))"
    return _Codes(own, by_letter, re.compile(written))


def mentions(text: str, notice: Notice) -> Mentions:
    """Where codes (b1), code letters (b类, a/b类) are written."""
    codes = _codes(tuple(category.code for category in notice.categories))
    if codes.by_letter.keys().isdisjoint(text):
        return ()
    found_at: list[tuple[int, int, tuple[str, ...]]] = [
        (*match.span(), (codes.own[match.group()],))
        for match in codes.written.finditer(text)
        if len(match.group()) > 1
        or not text[match.end() : match.end() + 1].isdigit()
        or _OWN_COUNT.match(text, match.end())
    ]
    for match in _BY_LETTER.finditer(text):
        letters = _LETTER.findall(match.group(1))
        if all(letter in codes.by_letter for letter in letters):
            found = tuple(code for letter in letters for code in codes.by_letter[letter])
            found_at.append((match.start(), match.end(), found))
    taken = [place for start, end, _ in found_at for place in range(start, end)]
    return tuple(sorted(found_at + _bare_letters(text, codes.by_letter, taken)))


def _bare_letters(
    text: str, by_letter: Mapping[str, tuple[str, ...]], taken: Sequence[int]
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Letters that stand for categories because several are named side by side: "好多a好多b", "a、b、c各几个"."""
    bare = [match for match in _BARE_LETTER.finditer(text) if match.group() in by_letter and match.start() not in taken]
    named = {match.group() for match in bare} | {text[place] for place in taken if text[place] in by_letter}
    return [(*match.span(), by_letter[match.group()]) for match in bare] if bare and len(named) > 1 else []
