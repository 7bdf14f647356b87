"""Headings are set in the notice's font.

Headings are recognised by style, by number (一、 （一）, typed or automatic) or by their look. Lines numbered 1. or
（1） and lines that only look like headings may be in the body's font as well. Of a paragraph that begins with a
heading and goes on with text, the part up to the first 。 counts. Other names of the same font pass, other editions of
the same design pass with advice, and bold is no fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts
from validators.parts import Part, portions_of
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, word_of
from validators.rules.typography import Outcome, font_outcome, together
from validators.rules.typography_words import Wanted, font_faults


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """One fault for each other font."""
    word, notice = word_of(facts), context.notice
    portions = portions_of(word)
    plain = [portion for portion in portions if portion.part is Part.HEADING]
    minor = [portion for portion in portions if portion.part is Part.MINOR_HEADING]
    outcome: Outcome = together(
        font_outcome(word, plain, (notice.heading_font.font,)),
        font_outcome(word, minor, (notice.heading_font.font, notice.body_font.font)),
    )
    yield from font_faults(word, portions, outcome, Wanted(notice.heading_font.name, notice.heading_font.font))


RULE = Rule("Y04", "heading.font", "标题字体", Subject.WORD, NoParams, check, documentation=__doc__)
