"""All other text is set in the notice's font.

Counted are Chinese characters, by the font that draws them: a file may set 仿宋 for Latin letters only, or inherit
another font from a style, from the defaults or through the theme. 仿宋_GB2312 is 仿宋. Paragraphs with the same fault
are one finding, with the first places. The first words of a paragraph may be in the heading's font, as a heading that
runs in. Tables, captions and text boxes are advice, and may use the heading's font too. Subtitles, cover lines, notes,
the table of contents, headers, footers and page numbers are left alone; so are a few stray characters.

Parameters: `demanded` and `advised`, the kinds of text that are judged as the notice demands and that are only advised
about: text, tables, captions, text_boxes, subtitle, cover.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.notice import Notice, Severity
from validators.facts import FileFacts, WordFacts
from validators.parts import portions_of
from validators.rules.contract import Context, Fault, Rule, Subject, where, word_of
from validators.rules.other_text import Kind, OtherTextParams, kinds_of
from validators.rules.typography import Outcome, font_outcome, without_lead
from validators.rules.typography_words import Wanted, font_faults


def check(facts: FileFacts, params: OtherTextParams, context: Context) -> Iterator[Fault]:
    """One fault for each other font in each kind of text."""
    word = word_of(facts)
    for kind in kinds_of(portions_of(word), params.demanded, params.advised):
        portions = kind.portions
        if kind.running:
            portions = tuple(without_lead(word, portion, context.notice.heading_font.font) for portion in portions)
        outcome = font_outcome(word, portions, _accepted(kind, context.notice))
        wanted = Wanted(kind.noun, context.notice.body_font.font, kind.severity)
        yield from font_faults(word, portions, outcome, wanted)
        if kind.running:
            yield from _stray(word, outcome, wanted)


def _accepted(kind: Kind, notice: Notice) -> tuple[str, ...]:
    if kind.running:
        return (notice.body_font.font,)
    return notice.body_font.font, notice.heading_font.font, notice.title_font.font


def _stray(word: WordFacts, outcome: Outcome, wanted: Wanted) -> Iterator[Fault]:
    if outcome.stray:
        first = outcome.stray_portions[0].paragraph.index
        message = f"{wanted.noun}里有零星 {outcome.stray} 个字不是“{wanted.value}”，多半是粘贴带来的。"
        advice = f"请全选正文，把中文字体统一成“{wanted.value}”。"
        found = f"{outcome.stray} 个字"
        yield Fault(message, advice, wanted.value, found, where(word, first), severity=Severity.WARNING)


RULE = Rule("Y06", "body.font", "其他文字字体", Subject.WORD, OtherTextParams, check, documentation=__doc__)
