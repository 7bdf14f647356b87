"""The main title is set in the notice's size.

Parameter: `tolerance_pt`, how much the size may differ, in points (default 0.25): programs that convert files round.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.typographic_sizes import size_words
from validators.facts import FileFacts
from validators.parts import Part, portions_of
from validators.rules.contract import Context, Fault, Rule, Subject, word_of
from validators.rules.size_params import SizeParams
from validators.rules.titles import has_title
from validators.rules.typography import size_outcome
from validators.rules.typography_words import Wanted, size_faults


def check(facts: FileFacts, params: SizeParams, context: Context) -> Iterator[Fault]:
    """One fault for each other size."""
    word, demand = word_of(facts), context.notice.title_font
    if not has_title(word, context.notice.template):
        return
    judged = [portion for portion in portions_of(word) if portion.part is Part.TITLE]
    outcome = size_outcome(word, judged, (demand.size_pt,), params.tolerance_pt)
    yield from size_faults(word, judged, outcome, Wanted(demand.name, size_words(demand.size_pt), single=True))


RULE = Rule("Y02", "title.size", "主标题字号", Subject.WORD, SizeParams, check, documentation=__doc__)
