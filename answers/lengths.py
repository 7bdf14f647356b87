"""Verdicts on stated numbers of characters (字) and pictures, and on pieces without pictures."""

from __future__ import annotations

import re
from dataclasses import replace

from answers.comparison import Reading, Side
from answers.demands import (
    Groups,
    asked,
    grouped,
    picture_rule,
    tell_pictures,
    tell_words,
    titles,
    word_limits,
    word_span,
)
from answers.lexicon import Lexicon
from answers.numerals import NUMBER, number, shown
from answers.question import Amount, Question
from answers.reply import Draft
from answers.suppositions import Stance
from domain.notice import Category, Notice, TextDemand

_SPAN = re.compile(rf"({NUMBER})(?:字)?(?:到|至|-+|~|—+|–)({NUMBER})(?=字|对|吧|吗|,|。|之间|$|是)")
_SHORTEST = 100
_ONLY_SPAN = re.compile(r"(?:是|就是|应该是|要求是)?[1-9]\d{3}(?:到|至|-+|~|—+|–)[1-9]\d{3}(?:吧|对吗|对吧|是吗|没错)")
_NAMES_LIMIT = re.compile(r"上限|下限|最高|最低|最多|最少")
_CLAIM = ("吧", "对吗", "是吗", "没错", "要求", "规定", "必须", "才")
_ENOUGH = re.compile(r"就(?:行|可以|够|好|成|能|得)|即可")
_NO_PICTURE = re.compile(
    r"(?:没有|没|无|不放|不配|没配|没放|不插|没插|不加|没加|不带|不要|一张|半张|不用|不附)(?:任何|一张|插)?(?:图|照片)(?!纸|书|标|表)"
    r"|图(?:片)?(?:一张)?(?:都|也)?(?:没有|没放|没配|不放|不配)|纯文字|全文字|全是文字|光有文字|只有文字"
)
_ONE_PICTURE = re.compile(r"(?:一张|半张)(?:插)?图(?!片?(?:都|也)?(?:没|不))")
_MUST_SHOW = re.compile(
    r"(?:必须|一定|非要|非得|要不要|需不需要|都要|需要|要)(?:要|得|有|配|放|插|附|加|带)+(?:插|上|点|些)?图(?:片)?(?:吗|吧|才|$|\?|对|不)"
    r"|(?:插图|图片)(?:是)?(?:必须|一定要|要不要|非要)(?:[放有配的吗吧要,。?]|$)"
)
_NOT_DEMANDED = re.compile(r"(?:必须|一定要|非要|非得|要求|至少|最少|起码|放满|满|凑|凑够|凑满|配满|够)")
_BY_VIDEO = re.compile(
    r"视频(?:当|作为|做)|(?:交|拍|报|用|做|是)(?:了|的|个|的是)*(?:微)?视频|视频(?:类)?(?:的话|的|版)?(?:还|也|要不要)"
)
_STILL = re.compile(r"还要|还得|还需|也要|也得|要不要|需不需要|用不用|需要")


def judge_words(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The verdict on all stated numbers of characters, or None when none is stated. What falls short is said first."""
    amounts = _meant(question.of("words"), question.text)
    span = (
        _span_of_lengths(question.text) if amounts or "字" in question.text or _ONLY_SPAN.match(question.text) else None
    )
    if not amounts and span is None:
        return None
    categories = asked(question, notice)
    if not question.categories and "视频" in question.text:
        categories = tuple(item for item in categories if item.video is not None) or categories
    by_video = _not_for_video(question, categories)
    if by_video is not None:
        return by_video
    groups = grouped(categories, word_limits)
    clauses = tuple(demand.clause for demand, _ in groups)
    if span is not None:
        limits = (number(span.group(1)), number(span.group(2)))
        if any(limits == (demand.min_words, demand.max_words) for demand, _ in groups):
            return Draft("是的。" + tell_words(question, notice, words).text, clauses, "words", verdict=True)
        if limits[0] is None or limits[1] is None or any(word in question.text for word in _CLAIM):
            return Draft("不是。" + tell_words(question, notice, words).text, clauses, "words", verdict=True)
        meant = Amount(limits[0], "words", *span.span(), Reading(limits[0], limits[1]))
        return Draft(_line(meant, groups, question), clauses, "words", verdict=True)
    lines = [_line(amount, _of(amount, groups, question, notice), question) for amount in amounts]
    lines.sort(key=lambda line: not line.startswith("不"))
    return Draft("\n".join(dict.fromkeys(lines)), clauses, "words", verdict=True)


def _span_of_lengths(text: str) -> re.Match[str] | None:
    """A range that is stated of lengths: 3千4到3千6, not 18到20号."""
    return next((match for match in _SPAN.finditer(text) if (number(match.group(2)) or 0) >= _SHORTEST), None)


def _of(amount: Amount, groups: Groups, question: Question, notice: Notice) -> Groups:
    """The demands on one of several numbers: those of the categories named right before it."""
    codes = amount.codes if len(question.of("words")) > 1 else ()
    named = [item for item in asked(question, notice) if item.code in codes]
    return grouped(named, word_limits) if named else groups


_IN_ALL = re.compile(r"(?:总共|一共|合计|总计|加起来|拢共|总字数|全文)[^,。;?\d]{0,5}$")
"""Beside the whole its parts are not judged."""


def _meant(amounts: tuple[Amount, ...], text: str) -> tuple[Amount, ...]:
    """The numbers to be judged: by how much something is over is none where the number itself is stated, and an
    estimate gives way to the exact number."""
    if not amounts:
        return ()
    numbers = tuple(item for item in amounts if not item.reading.difference) or amounts
    numbers = tuple(item for item in numbers if _IN_ALL.search(text[: item.start])) or numbers
    return tuple(item for item in numbers if not item.reading.about) or numbers


def _not_for_video(question: Question, categories: tuple[Category, ...]) -> Draft | None:
    """A minimum of words asked for beside a video: it holds for the written form only."""
    if not (_BY_VIDEO.search(question.text) and _STILL.search(question.text)):
        return None
    able = [item for item in categories if item.video is not None and item.text is not None]
    if not able or len(able) != len(categories):
        return None
    demand = able[0].text
    assert demand is not None
    text = f"不需要。{titles(able)}交微视频的，不受字数限制；交文本的才要求{word_span(demand)}。"
    return Draft(text, (demand.clause,), "words", verdict=True)


def _line(amount: Amount, groups: Groups, question: Question) -> str:
    if Stance.EXACTLY in question.acts and question.claims:
        return f"不是。{'；'.join(f'{titles(members)}是{word_span(demand)}' for demand, members in groups)}。"
    claimed = amount.reading.side is not Side.NONE or _claims_floor(question.text, amount)
    if claimed and not amount.reading.difference:
        return _claim(amount, groups, question.text)
    return _verdict(amount, groups, question)


_FLOOR = ("以上", "起步", "至少", "不少于", "最少", "不低于", "才收", "才行", "起码", "超过才")


_WILL_DO = re.compile(r"就(?:行|可以|够|好|成)了?(?:吧|是吧|对吧|对吗|是吗)")


_REFUSED = re.compile(
    r"(?:以下|往下)?的?(?:就|都|一律|全部|稿子|文章|案例|[a-z]\d?类?)*不(?:收|要|行|认|看|算|合格|给|能[报交])的?"
    r"(?:吧|,?(?:对吧|对吗|是吗|没错))"
)
"""不到4000字的不要，对吗: that many are said to be the least."""


def _claims_floor(text: str, amount: Amount) -> bool:
    """Whether the number is claimed to be the limit itself ("要五千以上才收"), not what was written."""
    if not amount.reading.exact and amount.reading.high == amount.value and _REFUSED.match(text, amount.end):
        return True
    around = text[max(0, amount.start - 6) : amount.end + 8].split("多少", maxsplit=1)[0]
    return any(word in around for word in _FLOOR) and (
        any(word in text for word in ("要", "必须", "才", "需")) or _WILL_DO.search(text) is not None
    )


def _claim(amount: Amount, groups: Groups, text: str) -> str:
    """The verdict on a number said to be the least or the most."""
    upper = amount.reading.side is Side.UPPER
    spans = "；".join(f"{titles(members)}是{word_span(demand)}" for demand, members in groups)
    right = [
        (demand, members)
        for demand, members in groups
        if amount.value == (demand.max_words if upper else demand.min_words)
    ]
    if not right:
        return f"不是。{spans}。"
    if len(right) < len(groups) and _ENOUGH.search(text):
        return f"不完全对，要看类型。{spans}。"
    if len(right) < len(groups):
        members = [category for _, members in right for category in members]
        return f"只有{titles(members)}是这样。{spans}。"
    other = [demand for demand, _ in right if (demand.min_words if upper else demand.max_words) is not None]
    if other and _ENOUGH.search(text):
        return f"不完全对，两头都有限制。{spans}。"
    return f"是的，{spans}。"


def _verdict(amount: Amount, groups: Groups, question: Question) -> str:
    meant = amount.reading
    bare = _NO_PICTURE.search(question.text) is not None and not _ONE_PICTURE.search(question.text)
    wrong, open_, right = [], [], []
    for demand, members in groups:
        rule = f"{titles(members)}要求{word_span(demand)}"
        unsure = meant.difference and len(groups) > 1 and not _NAMES_LIMIT.search(question.text)
        gap = "" if unsure else _gap(amount, demand)
        if gap:
            wrong.append(f"{rule}，{gap}")
        elif bare and demand.pictures_required:
            wrong.append(f"{rule}，字数够了，但还要图文并茂，不能没有图")
        elif meant.inside(demand.min_words, demand.max_words) and (not meant.difference or wrong):
            right.append((rule, f"若报的是{titles(members)}，{word_span(demand)}即可"))
        else:
            open_.append(f"{rule}，请以实际字数为准")
    if wrong:
        return f"不符合。{'；'.join((*wrong, *open_, *(other for _, other in right)))}。"
    if open_:
        return f"不一定。{'；'.join((*open_, *(rule for rule, _ in right)))}。"
    told = f"{_shown(amount, question.text)}达到要求" + ("，请以实际字数为准" if meant.about else "")
    return f"符合。{'；'.join(rule for rule, _ in right)}，{told}。"


def _shown(amount: Amount, text: str) -> str:
    if amount.reading.exact:
        return f"{shown(amount.value)} 字"
    return "这个字数" if amount.unit == "words" else text


def _gap(amount: Amount, demand: TextDemand) -> str:
    """What is wrong with the number; empty when nothing is, or when it cannot be told."""
    meant = amount.reading
    if meant.difference > 0 and demand.max_words is not None:
        return f"超出 {shown(amount.value)} 字就需要删减"
    if meant.difference < 0 and demand.min_words is not None:
        return f"还差 {shown(amount.value)} 字就需要补足"
    if meant.difference or not meant.outside(demand.min_words, demand.max_words):
        return ""
    below = demand.min_words is not None and meant.low < demand.min_words
    if not meant.exact:
        return "达不到下限" if below else "超过了上限，需要删减"
    if below and demand.min_words is not None:
        return f"{shown(amount.value)} 字还差 {shown(demand.min_words - amount.value)} 字"
    return f"{shown(amount.value)} 字超出 {shown(amount.value - (demand.max_words or 0))} 字，需要删减"


_PUT_TOGETHER = re.compile(r"(?:拼|合)(?:成|在|到)|拼图|算(?:几|多少|一)张|算不算[^,。;?]{0,4}图")
"""What counts as one picture is another question."""

_IN_EACH = re.compile(r"每(?:一)?(?:个)?(?:小?节|部分|段|页|章|块)[^,。;?\d]{0,6}$")


def judge_pictures(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The verdict on stated numbers of pictures, or on having none; None when neither is stated."""
    if ("支撑" in question.text and "插图" not in question.text) or _PUT_TOGETHER.search(question.text):
        return None
    amounts = _meant(question.of("pictures"), question.text)
    if not amounts or (_no_picture(question) and not any(item.value > 1 for item in amounts)):
        return _judge_none(question, notice)
    groups = grouped(asked(question, notice), lambda demand: (demand.max_pictures, demand.pictures_required))
    limited = [(demand, members) for demand, members in groups if demand.max_pictures is not None]
    if not limited:
        told = tell_pictures(question, notice, words)
        wrong = question.claims and question.acts & {Stance.AT_MOST, Stance.EXACTLY, Stance.REQUIRED}
        return replace(told, text=("不是。" if wrong else "可以。") + told.text, verdict=True)
    demand, members = limited[0]
    most = demand.max_pictures
    assert most is not None
    rule = f"{titles(members)}{picture_rule(demand)}"
    texts = [_picture_verdict(amount, most, rule, question.text) for amount in amounts]
    texts.sort(key=lambda text: not text.startswith("不"))
    return Draft(texts[0], (demand.clause,), "pictures", verdict=True)


def _picture_verdict(amount: Amount, most: int, rule: str, text: str) -> str:  # noqa: PLR0911 - one return for each way of putting it
    meant = amount.reading
    demanded = _NOT_DEMANDED.search(text[max(0, amount.start - 8) : amount.start])
    if _IN_EACH.search(text[: amount.start]):
        return f"不是。{rule}，说的是整份文字材料。"
    if meant.side is Side.LOWER or demanded:
        return f"不是。{rule}，没有规定最少要放几张。"
    if meant.side is Side.UPPER and amount.value != most:
        return f"不是。{rule}。"
    if meant.difference:
        return f"不可以，超了。{rule}。" if meant.difference > 0 else f"可以。{rule}，没有规定最少要放几张。"
    if meant.side is Side.UPPER:
        return f"是的，{rule}。"
    if meant.outside(None, most):
        over = f"，{shown(amount.value)} 张多出 {shown(amount.value - most)} 张" if meant.exact else ""
        return f"不可以，超了。{rule}{over}。"
    if not meant.inside(None, most):
        return f"不一定。{rule}，请以实际张数为准。"
    return f"可以。{rule}。"


def _no_picture(question: Question) -> bool:
    return _NO_PICTURE.search(question.text) is not None and not _ONE_PICTURE.search(question.text)


def _judge_none(question: Question, notice: Notice) -> Draft | None:
    """The verdict on a piece without any picture; None unless one is proposed for categories that are named."""
    asks = any(word in question.text for word in ("可以", "行", "能", "吗", "吧", "合适", "关系", "要紧", "要不要"))
    proposed = _no_picture(question) and question.exact
    if not asks or question.of("words") or not (proposed or _MUST_SHOW.search(question.text)):
        return None
    if any(word in question.text for word in ("支撑", "视频")):
        return None
    groups = grouped(asked(question, notice), lambda demand: (demand.max_pictures, demand.pictures_required))
    wrong = [f"{titles(members)}要图文并茂，不能没有图" for demand, members in groups if demand.pictures_required]
    right = [
        f"{titles(members)}没有规定必须放图，{picture_rule(demand)}即可"
        for demand, members in groups
        if not demand.pictures_required
    ]
    head = "不可以。" if wrong else "可以。"
    if not proposed:
        head = ("要看类型。" if right else "是的，") if wrong else "不是必须。"
    text = head + "；".join((*wrong, *right)) + "。"
    return Draft(text, tuple(demand.clause for demand, _ in groups), "pictures", verdict=True)
