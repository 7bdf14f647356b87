"""What the notice demands of words, pictures and file formats: told, and judged against what a person states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from answers.lexicon import Lexicon
from answers.numerals import NUMBER, number, shown
from answers.question import Question
from answers.reply import Draft
from domain.notice import Category, Notice, TextDemand

_Key = tuple[object, ...]
_SPAN = re.compile(rf"({NUMBER})(?:字)?(?:到|至|-+|~|—+|–)({NUMBER})(?=字|对|吧|吗|,|。|之间|$|是)")
_Groups = tuple[tuple[TextDemand, tuple[Category, ...]], ...]


def asked(question: Question, notice: Notice, *, video: bool = False) -> tuple[Category, ...]:
    """The categories a question about written pieces (or videos) is about: those it names, else all that take them."""
    able = [item for item in notice.categories if (item.video if video else item.text) is not None]
    named = [item for item in able if item.code in question.categories]
    return tuple(named or able)


def titles(categories: Iterable[Category]) -> str:
    """How a set of categories is called: "区域案例（A1、A2）、学校案例（B1、B2）"."""
    groups: dict[str, list[str]] = {}
    for category in categories:
        groups.setdefault(category.group, []).append(category.code)
    return "、".join(f"{group}（{'、'.join(codes)}）" for group, codes in groups.items())


def grouped(categories: Iterable[Category], key: Callable[[TextDemand], _Key]) -> _Groups:
    """Categories with equal demands, together."""
    groups: dict[_Key, list[Category]] = {}
    for category in categories:
        if category.text is not None:
            groups.setdefault(key(category.text), []).append(category)
    return tuple((members[0].text, tuple(members)) for members in groups.values() if members[0].text is not None)


def _word_limits(demand: TextDemand) -> _Key:
    return (demand.min_words, demand.max_words, demand.clause)


def _word_span(demand: TextDemand) -> str:
    if demand.min_words is not None and demand.max_words is not None:
        return f" {demand.min_words}–{demand.max_words} 字"
    if demand.min_words is not None:
        return f"不少于 {demand.min_words} 字"
    return f"不超过 {demand.max_words} 字" if demand.max_words is not None else "字数不限"


def tell_words(question: Question, notice: Notice, _: Lexicon) -> Draft:
    """How long the written piece must be, for the categories asked about."""
    groups = grouped(asked(question, notice), _word_limits)
    parts = [f"{titles(members)}正文{_word_span(demand)}" for demand, members in groups]
    return Draft("；".join(parts) + "。", tuple(demand.clause for demand, _ in groups), "words")


def judge_words(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The verdict on stated numbers of characters (字), or None when none is stated."""
    amounts = question.of("words")
    span = _SPAN.search(question.text) if "字" in question.text else None
    if not amounts and span is None:
        return None
    categories = asked(question, notice)
    if not question.categories and _about_video(question, notice):
        categories = tuple(item for item in categories if item.video is not None)
    groups = grouped(categories, _word_limits)
    clauses = tuple(demand.clause for demand, _ in groups)
    if span is not None:
        limits = (number(span.group(1)), number(span.group(2)))
        head = "是的。" if any(limits == (demand.min_words, demand.max_words) for demand, _ in groups) else "不是。"
        return Draft(head + tell_words(question, notice, _).text, clauses, "words", verdict=True)
    lines = [
        _word_verdict(amount.value, groups, stated=_stated_side(question.text, amount.start, amount.end))
        for amount in amounts[:3]
    ]
    return Draft("\n".join(lines), clauses, "words", verdict=True)


def _about_video(question: Question, notice: Notice) -> bool:
    return "视频" in question.text and any(category.video is not None for category in notice.categories)


_FLOOR = ("以上", "起步", "至少", "不少于", "最少", "不低于", "才收", "才行", "起码", "超过才")


def _stated_side(text: str, start: int, end: int) -> str:
    """Whether the number is claimed to be the limit itself ("要五千以上才收"), not what was written."""
    around = text[max(0, start - 6) : end + 8]
    claims = any(word in around for word in _FLOOR) and any(word in text for word in ("要", "必须", "才", "需"))
    return "floor" if claims else ""


def _word_verdict(value: float, groups: _Groups, *, stated: str) -> str:
    if stated == "floor" and all(value != demand.min_words for demand, _ in groups):
        spans = "；".join(f"{titles(members)}是{_word_span(demand)}" for demand, members in groups)
        return f"不是。{spans}。"
    gaps = [(_word_gap(value, demand), demand, members) for demand, members in groups]
    wrong = [f"{titles(members)}要求{_word_span(demand)}，{gap}" for gap, demand, members in gaps if gap]
    right = [(demand, members) for gap, demand, members in gaps if not gap]
    if not wrong:
        spans = "；".join(f"{titles(members)}要求{_word_span(demand)}" for demand, members in right)
        return f"符合。{spans}，{shown(value)} 字达到要求。"
    others = [f"若报的是{titles(members)}，{_word_span(demand)}即可" for demand, members in right]
    return f"不符合。{'；'.join((*wrong, *others))}。"


def _word_gap(value: float, demand: TextDemand) -> str:
    if demand.min_words is not None and value < demand.min_words:
        return f"还差 {shown(demand.min_words - value)} 字"
    if demand.max_words is not None and value > demand.max_words:
        return f"超出 {shown(value - demand.max_words)} 字，需要删减"
    return ""


def tell_pictures(question: Question, notice: Notice, _: Lexicon) -> Draft:
    """How many pictures the written piece may or must hold."""
    groups = grouped(asked(question, notice), lambda demand: (demand.max_pictures, demand.pictures_required))
    parts = [f"{titles(members)}{_picture_rule(demand)}" for demand, members in groups]
    return Draft("；".join(parts) + "。", tuple(demand.clause for demand, _ in groups), "pictures")


def _picture_rule(demand: TextDemand) -> str:
    limit = f"插图不超过 {demand.max_pictures} 张" if demand.max_pictures is not None else "插图张数通知没有规定"
    return f"{limit}，要图文并茂" if demand.pictures_required else limit


def judge_pictures(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The verdict on a stated number of pictures, or None when none is stated."""
    amounts = question.of("pictures")
    if not amounts:
        return None
    value = amounts[0].value
    groups = grouped(asked(question, notice), lambda demand: (demand.max_pictures, demand.pictures_required))
    limited = [(demand, members) for demand, members in groups if demand.max_pictures is not None]
    if not limited:
        return tell_pictures(question, notice, words)
    demand, members = limited[0]
    assert demand.max_pictures is not None
    over = value - demand.max_pictures
    rule = f"{titles(members)}{_picture_rule(demand)}"
    text = f"不可以，超了。{rule}，{shown(value)} 张多出 {shown(over)} 张。" if over > 0 else f"可以。{rule}。"
    return Draft(text, (demand.clause,), "pictures", verdict=True)
