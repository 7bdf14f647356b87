"""Verdicts by a sentence of the notice that sets bounds no field holds: minutes, megabytes, pages, points.

Where a sentence names a range or a limit with a unit, it is a rule for whatever a question states in that unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from answers.index import Sentence, sentences_of
from answers.lexicon import Lexicon
from answers.numerals import NUMBER, in_common_numerals, number, shown
from answers.question import Question
from answers.reply import Draft
from domain.notice import Notice

_UNITS = {"分钟": "分钟", "mb": "MB", "兆": "MB", "m": "MB", "gb": "GB", "g": "GB", "页": "页", "磅": "磅"}
_NAMES = "|".join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))
_UNIT = rf"({_NAMES})(?![a-z])"
_SPAN = re.compile(rf"({NUMBER})(?:{_NAMES})?(?:至|到|-+|—+|–|~)({NUMBER}){_UNIT}")
_LEAST = re.compile(rf"(?:不少于|不低于|不短于|至少|最少)({NUMBER}){_UNIT}")
_MOST = re.compile(
    rf"(?:不超过|不得超过|不多于|不大于|不高于|不长于|最多|至多|限)({NUMBER}){_UNIT}"
    rf"|({NUMBER}){_UNIT}(?:以内|以下|之内)"
)
_EXACT = re.compile(rf"固定值({NUMBER}){_UNIT}")
_STATED = re.compile(rf"({NUMBER})\s*(?:来|多)?{_UNIT}")
_PIECE = re.compile(r"[^，。；,;]*")


@dataclass(frozen=True, slots=True)
class _Bound:
    """A rule of the notice: from `least` to `most` of a unit, in the words of `text`."""

    unit: str
    least: float | None
    most: float | None
    text: str
    clause: str


@lru_cache(8)
def _bounds(sentences: tuple[Sentence, ...]) -> tuple[_Bound, ...]:
    return tuple(bound for sentence in sentences for bound in _bounds_of(sentence))


def _bounds_of(sentence: Sentence) -> Iterator[_Bound]:
    plain = in_common_numerals(sentence.text.lower())
    found = [(match, match.group(3), match.group(1), match.group(2)) for match in _SPAN.finditer(plain)]
    found += [(match, match.group(2), match.group(1), "") for match in _LEAST.finditer(plain)]
    for match in _MOST.finditer(plain):
        found.append((match, match.group(2) or match.group(4), "", match.group(1) or match.group(3)))
    found += [(match, match.group(2), match.group(1), match.group(1)) for match in _EXACT.finditer(plain)]
    for match, unit, least, most in found:
        low, high = number(least) if least else None, number(most) if most else None
        yield _Bound(_UNITS[unit], low, high, _around(match, plain), sentence.clause)


def _around(match: re.Match[str], text: str) -> str:
    """The piece of a sentence in which a bound stands."""
    start = max(text.rfind(mark, 0, match.start()) for mark in "，。；,;") + 1
    words = _PIECE.match(text, start)
    return re.sub(r"^\d+\.\s*", "", words.group().strip()) if words else match.group()


def judge_measures(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The verdict on minutes, megabytes, pages or points a question states, by the notice's own sentence; None when
    none are stated, nothing is asked of them, or the notice sets no bounds for them."""
    if not (question.wants_verdict or question.claims):
        return None
    stated = _STATED.search(question.text)
    value = number(stated.group(1)) if stated else None
    if stated is None or value is None:
        return None
    unit = _UNITS[stated.group(2)]
    bounds = [item for item in _bounds(sentences_of(notice)) if item.unit == unit]
    clauses = {item.clause for item in bounds}
    if not bounds or len(clauses) > 1:
        return None
    low = max((item.least for item in bounds if item.least is not None), default=None)
    high = min((item.most for item in bounds if item.most is not None), default=None)
    rule = "，".join(dict.fromkeys(item.text for item in bounds))
    if low is not None and value < low:
        head = "不符合，少了。" if low != high else "不符合。"
    elif high is not None and value > high:
        head = "不符合，超了。" if low != high else "不符合。"
    else:
        head = "符合。"
    return Draft(f"{head}通知规定：{rule}（{shown(value)} {unit}）。", tuple(clauses), "measures", verdict=True)
