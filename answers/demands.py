"""What the notice demands of words and pictures, as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from domain.notice import Category, Notice, TextDemand

_Key = tuple[object, ...]
Groups = tuple[tuple[TextDemand, tuple[Category, ...]], ...]


def asked(question: Question, notice: Notice, *, video: bool = False) -> tuple[Category, ...]:
    """The categories a question about written pieces (or videos) is about: those it names, else all that take them."""
    return meant(question, [item for item in notice.categories if (item.video if video else item.text) is not None])


def meant(question: Question, categories: Iterable[Category]) -> tuple[Category, ...]:
    """Of these categories those that a question names, else all."""
    able = tuple(categories)
    return tuple(item for item in able if item.code in question.categories) or able


def titles(categories: Iterable[Category]) -> str:
    """How a set of categories is called: "区域案例（A1、A2）、学校案例（B1、B2）"."""
    groups: dict[str, list[str]] = {}
    for category in categories:
        groups.setdefault(category.group, []).append(category.code)
    return "、".join(f"{group}（{'、'.join(codes)}）" for group, codes in groups.items())


def grouped(categories: Iterable[Category], key: Callable[[TextDemand], _Key]) -> Groups:
    """Categories with equal demands, together."""
    groups: dict[_Key, list[Category]] = {}
    for category in categories:
        if category.text is not None:
            groups.setdefault(key(category.text), []).append(category)
    return tuple((members[0].text, tuple(members)) for members in groups.values() if members[0].text is not None)


def word_limits(demand: TextDemand) -> _Key:
    """What makes two demands on length the same."""
    return (demand.min_words, demand.max_words, demand.clause)


def word_span(demand: TextDemand) -> str:
    """The limits of length as people say them: at least, at most, or both."""
    if demand.min_words is not None and demand.max_words is not None:
        return f" {demand.min_words}–{demand.max_words} 字"
    if demand.min_words is not None:
        return f"不少于 {demand.min_words} 字"
    return f"不超过 {demand.max_words} 字" if demand.max_words is not None else "字数不限"


def tell_words(question: Question, notice: Notice, _: Lexicon) -> Draft:
    """How long the written piece must be, for the categories asked about."""
    groups = grouped(asked(question, notice), word_limits)
    parts = [f"{titles(members)}正文{word_span(demand)}" for demand, members in groups]
    return Draft("；".join(parts) + "。", tuple(demand.clause for demand, _ in groups), "words")


def tell_pictures(question: Question, notice: Notice, _: Lexicon) -> Draft:
    """How many pictures the written piece may or must hold."""
    groups = grouped(asked(question, notice), lambda demand: (demand.max_pictures, demand.pictures_required))
    parts = [f"{titles(members)}{picture_rule(demand)}" for demand, members in groups]
    return Draft("；".join(parts) + "。", tuple(demand.clause for demand, _ in groups), "pictures")


def picture_rule(demand: TextDemand) -> str:
    """The limit of pictures as people say it, and whether there must be any."""
    limit = f"插图不超过 {demand.max_pictures} 张" if demand.max_pictures is not None else "插图张数通知没有规定"
    return f"{limit}，要图文并茂" if demand.pictures_required else limit
