"""The number of characters (字数) has to lie within the notice's limits.

Counted as in Word's own word count: each Chinese character and each Chinese punctuation mark is one, a stretch of Latin
letters or digits is one. Text in tables, text boxes and notes counts; headers, footers, comments, hidden text and
automatic numbers do not. Quotation marks and dashes that Chinese and Latin text share leave a small uncertainty: when a
limit lies within it, or within the tolerance, the file is neither right nor wrong and Word's own count decides.

Parameters: `min` and `max` (default: the category's own limits), `tolerance_percent`, `parts` (which of body, tables,
text_boxes, notes count).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from validators.facts import FileFacts, Span, Words
from validators.report import Status
from validators.rules.bounds import OneOf, Range
from validators.rules.contract import Context, Fault, Rule, Subject, word_of

_PARTS = {"body": "正文", "tables": "表格", "text_boxes": "文本框", "notes": "脚注"}


@dataclass(frozen=True, slots=True)
class Params:
    """Limits in 字; None takes the category's own."""

    min: Annotated[int | None, Range(1)] = None
    max: Annotated[int | None, Range(1)] = None
    tolerance_percent: Annotated[float, Range(0, 10)] = 0.5
    parts: Annotated[tuple[str, ...], OneOf(tuple(_PARTS))] = tuple(_PARTS)


def check(facts: FileFacts, params: Params, context: Context) -> Iterator[Fault]:
    """At most one fault: too short, too long, or too near to a limit to tell."""
    word = word_of(facts)
    low, high = _limits(params, context)
    if low is None and high is None:
        return
    span = sum((_part(word.words, name) for name in params.parts), Span(0, 0))
    wanted = _wanted(low, high)
    split = _split(word.words, params.parts)
    if word.unread:
        apart = "、".join(word.unread)
        message = f"字数 {span.high}，{_asked(wanted)}；文件里有{apart}，那部分没有数到。"
        yield Fault(message, "请以 Word 显示的字数为准，人工确认。", wanted, str(span.high), status=Status.UNCHECKED)
        return
    slack = params.tolerance_percent / 100
    if low is not None and span.high < low * (1 - slack):
        message = f"字数 {span.high}，{_asked(wanted)}，还差 {low - span.high}{split}。"
        yield Fault(message, "请补充正文内容后再发。", wanted, str(span.high))
    elif high is not None and span.low > high * (1 + slack):
        message = f"字数 {span.high}，{_asked(wanted)}，多了 {span.high - high}{split}。"
        yield Fault(message, "请精简正文后再发。", wanted, str(span.high))
    else:
        yield from _near(span, (low, high), slack, wanted)


def _near(span: Span, limits: tuple[int | None, int | None], slack: float, wanted: str) -> Iterator[Fault]:
    """What is not certainly outside may still not be certainly inside."""
    low, high = limits
    above = low is None or span.low >= low * (1 + slack)
    below = high is None or span.high <= high * (1 - slack)
    if above and below:
        return
    message = f"字数约 {span.high}，{_asked(wanted)}，接近临界，请以 Word 为准。"
    advice = "请在 Word 的“审阅—字数统计”里看一眼“字数”；在范围内就不用改。"
    yield Fault(message, advice, wanted, _shown(span), status=Status.UNCHECKED)


def _limits(params: Params, context: Context) -> tuple[int | None, int | None]:
    text = context.category.text
    own = (text.min_words, text.max_words) if text else (None, None)
    return own[0] if params.min is None else params.min, own[1] if params.max is None else params.max


def _part(words: Words, name: str) -> Span:
    span: Span = getattr(words, name)
    return span


def _wanted(low: int | None, high: int | None) -> str:
    if low is None:
        return f"不超过 {high}"
    return f"不少于 {low}" if high is None else f"{low}–{high}"


def _asked(wanted: str) -> str:
    return f"要求 {wanted}" if wanted[0].isdigit() else f"要求{wanted}"


def _shown(span: Span) -> str:
    return str(span.high) if span.low == span.high else f"{span.low}–{span.high}"


def _split(words: Words, parts: tuple[str, ...]) -> str:
    """How the count divides, when it is not all body text."""
    shares = [(_PARTS[name], _part(words, name).high) for name in parts if name in _PARTS]
    if sum(1 for _, share in shares if share) <= 1:
        return ""
    return "（" + "，".join(f"{title} {share}" for title, share in shares if share) + "）"


def measured(facts: FileFacts) -> str:
    """The count as it is shown among what was checked."""
    return str(word_of(facts).words.total.high)


RULE = Rule("T01", "text.count", "字数", Subject.WORD, Params, check, measured, documentation=__doc__)
