"""The main title is set in the notice's font.

Judged is the font that the file asks for, after styles, theme and direct formatting; it need not be installed here.
Other names of the same font pass. Another edition of the same design (_GBK instead of 简体) passes with advice. When
the file does not tell the font, a person decides. Bold is no fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts
from validators.parts import Part, portions_of
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, word_of
from validators.rules.titles import has_title
from validators.rules.typography import font_outcome
from validators.rules.typography_words import Wanted, font_faults


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """One fault for each other font."""
    word, demand = word_of(facts), context.notice.title_font
    if not has_title(word, context.notice.template):
        return
    judged = [portion for portion in portions_of(word) if portion.part is Part.TITLE]
    outcome = font_outcome(word, judged, (demand.font,))
    yield from font_faults(word, judged, outcome, Wanted(demand.name, demand.font, single=True))


RULE = Rule("Y01", "title.font", "主标题字体", Subject.WORD, NoParams, check, documentation=__doc__)
