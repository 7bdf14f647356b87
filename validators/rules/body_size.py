"""All other text is set in the notice's size.

What is judged, and how strictly, is told under `body.font`.

Parameters: `tolerance_pt`, how much the size may differ, in points (default 0.25); `demanded` and `advised` as there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from domain.notice import Notice
from domain.typographic_sizes import size_words
from validators.facts import FileFacts
from validators.parts import portions_of
from validators.rules.bounds import Range
from validators.rules.contract import Context, Fault, Rule, Subject, word_of
from validators.rules.other_text import Kind, OtherTextParams, kinds_of
from validators.rules.typography import size_outcome
from validators.rules.typography_words import Wanted, size_faults


@dataclass(frozen=True, slots=True)
class Params(OtherTextParams):
    """As for the font, and how much a size may differ, in points."""

    tolerance_pt: Annotated[float, Range(0, 2)] = 0.25


def check(facts: FileFacts, params: Params, context: Context) -> Iterator[Fault]:
    """One fault for each other size in each kind of text."""
    word, demand = word_of(facts), context.notice.body_font
    for kind in kinds_of(portions_of(word), params.demanded, params.advised):
        sizes = _accepted(kind, context.notice)
        outcome = size_outcome(word, kind.portions, sizes, params.tolerance_pt)
        wanted = Wanted(kind.noun, size_words(demand.size_pt), kind.severity)
        yield from size_faults(word, kind.portions, outcome, wanted)


def _accepted(kind: Kind, notice: Notice) -> tuple[float, ...]:
    body = notice.body_font.size_pt
    return (body,) if kind.running else (body, notice.heading_font.size_pt, notice.title_font.size_pt)


RULE = Rule("Y07", "body.size", "其他文字字号", Subject.WORD, Params, check, documentation=__doc__)
