"""Headings are set in the notice's size.

What counts as a heading is told under `heading.font`; where a line may be in the body's font, it may have its size.

Parameter: `tolerance_pt`, how much the size may differ, in points (default 0.25).
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.typographic_sizes import size_words
from validators.facts import FileFacts
from validators.parts import Part, portions_of
from validators.rules.contract import Context, Fault, Rule, Subject, word_of
from validators.rules.size_params import SizeParams
from validators.rules.typography import size_outcome, together
from validators.rules.typography_words import Wanted, size_faults


def check(facts: FileFacts, params: SizeParams, context: Context) -> Iterator[Fault]:
    """One fault for each other size."""
    word, notice = word_of(facts), context.notice
    portions = portions_of(word)
    demand, body = notice.heading_font, notice.body_font
    plain = [portion for portion in portions if portion.part is Part.HEADING]
    minor = [portion for portion in portions if portion.part is Part.MINOR_HEADING]
    outcome = together(
        size_outcome(word, plain, (demand.size_pt,), params.tolerance_pt),
        size_outcome(word, minor, (demand.size_pt, body.size_pt), params.tolerance_pt),
    )
    yield from size_faults(word, portions, outcome, Wanted(demand.name, size_words(demand.size_pt)))


RULE = Rule("Y05", "heading.size", "标题字号", Subject.WORD, SizeParams, check, documentation=__doc__)
