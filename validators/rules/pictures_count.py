"""Not more pictures than the notice allows.

Counted are pictures as they are drawn: the same photo used twice is two, a photo stored twice for compatibility is one,
a collage pasted as one picture is one. Pictures in headers and footers and in deleted text do not count. Charts,
diagrams and shapes filled with a picture are counted apart: when only they would exceed the limit, that is said as
advice. When the limit is exceeded only by icons under 1 cm, a person decides.

Parameter: `max` (default: the category's own limit).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from domain.notice import Severity
from validators.facts import FileFacts, Pictures
from validators.report import Status
from validators.rules.bounds import Range
from validators.rules.contract import Context, Fault, Rule, Subject, word_of
from validators.rules.drawings import measured, shown_apart


@dataclass(frozen=True, slots=True)
class Params:
    """The most pictures allowed; None takes the category's own limit."""

    max: Annotated[int | None, Range(0)] = None


def check(facts: FileFacts, params: Params, context: Context) -> Iterator[Fault]:
    """At most one fault."""
    pictures = word_of(facts).pictures
    text = context.category.text
    limit = params.max if params.max is not None or text is None else text.max_pictures
    if limit is None:
        return
    wanted = f"不超过 {limit} 张"
    found = f"{pictures.drawn} 张"
    apart = shown_apart(pictures)
    if pictures.drawn > limit:
        message = f"插图 {found}，要求{wanted}，多了 {pictures.drawn - limit} 张{apart}。"
        if pictures.drawn - pictures.small > limit:
            yield Fault(message, "请删去多余的插图，或把几张小图合成一张。", wanted, found)
        else:
            icons = f"插图 {found}，其中 {pictures.small} 张不到 1 厘米，要求{wanted}。"
            yield Fault(icons, "小图标是否算插图，请人工确认。", wanted, found, status=Status.UNCHECKED)
    elif pictures.drawn + _others(pictures) > limit:
        message = f"插图 {found}{apart}；如果评审把它们也算作插图，就超过了 {limit} 张。"
        advice = "请人工确认；稳妥的做法是减到总数不超过要求。"
        yield Fault(message, advice, wanted, found, status=Status.UNCHECKED, severity=Severity.WARNING)


def _others(pictures: Pictures) -> int:
    return pictures.charts + pictures.diagrams + pictures.fills


RULE = Rule("P01", "pictures.count", "插图", Subject.WORD, Params, check, measured, documentation=__doc__)
