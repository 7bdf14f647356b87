"""How categories are named: by code (b1), by letter (b类), by heading, by a keyword of theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from answers.lexicon import Lexicon
from domain.notice import Notice


def categories_named(text: str, notice: Notice, words: Lexicon) -> tuple[tuple[str, ...], bool]:
    """The codes of the categories named, and whether by code or heading, not only by a keyword."""
    text = _COMPARED.sub("", text) if len(_COMPARED.sub("", text)) > _LEAST_LEFT else text
    beside = _BESIDE.sub("", text)
    if beside != text and len(beside) > _LEAST_LEFT and not mentions(beside, notice):
        text = beside
    named = {code for _, _, codes in mentions(text, notice) for code in codes}
    for category in notice.categories:
        if plain_group(category.group) in text:
            named.add(category.code)
    if named:
        return in_order(named, notice), True
    hinted: set[str] = set()
    for category in notice.categories:
        by_keyword = any(word not in words.stop and word in text for word in category.keywords)
        if by_keyword or _heading_begins(category.group, text):
            hinted.add(category.code)
    return in_order(hinted, notice), False


def _heading_begins(group: str, text: str) -> bool:
    """Whether the first word of a heading is named: 学校的 for 学校案例."""
    word = group.removesuffix("案例")
    named = re.sub(rf"(?:哪些|哪所|哪个|什么|试点|重点|示范|直属|直管|所有)的?{word}", "", text)
    return group != word and len(word) == 2 and word in named  # noqa: PLR2004 - longer headings are named in full


_COMPARED = re.compile(r"(?:跟|和|与|像)[^,。;?]{2,8}?(?:一样长|一样多|似的|那样|一样(?=也|都|是|要|得))")
_BESIDE = re.compile(r"[,。;?!](?:那|那么)?[a-z]\d?(?:类|案例)?呢\??$")
"""A category added behind a question that names none (插图几张,c类呢): both are asked, so all are."""

_LEAST_LEFT = 5


def plain_group(group: str) -> str:
    """The words by which a heading is called: 网络学习空间 for “网络学习空间”主题应用案例."""
    quoted = re.search(r"“([^”]+)”", group)
    return (quoted.group(1) if quoted else group).lower()


def in_order(codes: set[str], notice: Notice) -> tuple[str, ...]:
    """The codes as the notice orders them."""
    return tuple(category.code for category in notice.categories if category.code in codes)


_OWN_COUNT = re.compile(r"\d{1,2}(?:个|篇|件|例|份)")
"""After a code of one letter: how many, not another code (c5个)."""


def mentions(text: str, notice: Notice) -> list[tuple[int, int, tuple[str, ...]]]:
    """Where codes (b1), code letters (b类, a/b类) are written: start, end, codes."""
    codes = {category.code.lower(): category.code for category in notice.categories}
    by_letter: dict[str, list[str]] = {}
    for written, code in codes.items():
        by_letter.setdefault(written[0], []).append(code)
    if not any(letter in text for letter in by_letter):
        return []
    names = "|".join(sorted(map(re.escape, codes), key=len, reverse=True))
    found_at: list[tuple[int, int, tuple[str, ...]]] = [
        (*match.span(), (codes[match.group()],))
        for match in re.finditer(
            rf"(?<![a-z])(?<!\d\d)(?:{names})(?!(?!(?:{names})(?![a-z]))[a-z](?!\d)|[.]|:(?!\d))", text
        )
        if len(match.group()) > 1
        or not text[match.end() : match.end() + 1].isdigit()
        or _OWN_COUNT.match(text, match.end())
    ]
    for match in re.finditer(r"(?<![a-z0-9])([a-z](?:[/、和,]?[a-z])*)(?=类|两类|的|案例)", text):
        letters = re.findall(r"[a-z]", match.group(1))
        if all(letter in by_letter for letter in letters):
            found = tuple(code for letter in letters for code in by_letter[letter])
            found_at.append((match.start(), match.end(), found))
    found_at += _bare_letters(text, by_letter, [place for start, end, _ in found_at for place in range(start, end)])
    return sorted(found_at)


def _bare_letters(
    text: str, by_letter: Mapping[str, list[str]], taken: Sequence[int]
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Letters that stand for categories because several are named side by side: "好多a好多b", "a、b、c各几个"."""
    bare = [
        match
        for match in re.finditer(r"(?<![a-z0-9])[a-z](?![a-z0-9])", text)
        if match.group() in by_letter and match.start() not in taken
    ]
    named = {match.group() for match in bare} | {text[place] for place in taken if text[place] in by_letter}
    return [(*match.span(), tuple(by_letter[match.group()])) for match in bare] if bare and len(named) > 1 else []
