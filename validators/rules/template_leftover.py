"""Instructions of the template must not be left in the case.

A paragraph counts as left over when it is, but for slips, the template's own instruction or the greater part of it,
also inside a text box or a table. A sentence of one's own that uses some of the same words does not.

Parameter: `similarity`, in percent (default 90).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from rapidfuzz import fuzz

from validators.facts import FileFacts, Paragraph
from validators.rules.bounds import Range
from validators.rules.contract import Context, Fault, Rule, Subject, where, word_of
from validators.rules.wording import bare

_SHORTEST = 14
_LONGEST_FACTOR = 3
_QUOTE = 24


@dataclass(frozen=True, slots=True)
class Params:
    """How alike a paragraph and an instruction must be, in percent."""

    similarity: Annotated[float, Range(50, 100)] = 90.0


def check(facts: FileFacts, params: Params, context: Context) -> Iterator[Fault]:
    """One fault for all that is left over."""
    word = word_of(facts)
    hints = [hint for hint in (bare(section.hint) for section in context.notice.template.sections) if hint]
    left = [paragraph for paragraph in word.paragraphs if _is_left(paragraph, hints, params.similarity)]
    if not left:
        return
    first = left[0]
    more = f"等 {len(left)} 处" if len(left) > 1 else ""
    quote = first.visible.strip()[:_QUOTE]
    yield Fault(
        f"模板里的填写说明没有删掉：“{quote}…”{more}。",
        "请删去这些说明文字，换成您自己的内容。",
        "没有模板的说明文字",
        f"{len(left)} 处",
        where(word, first.index),
    )


def _is_left(paragraph: Paragraph, hints: list[str], similarity: float) -> bool:
    text = bare(paragraph.visible)
    if len(text) < _SHORTEST:
        return False
    return any(_alike(text, hint, similarity) for hint in hints)


def _alike(text: str, hint: str, similarity: float) -> bool:
    """The shorter one must be found in the longer one nearly word for word, and a long paragraph must hold the whole
    instruction."""
    if len(text) > len(hint) * _LONGEST_FACTOR and hint not in text:
        return False
    return fuzz.partial_ratio(text, hint, score_cutoff=similarity) >= similarity


RULE = Rule(
    "S03", "template.leftover", "模板说明已删", Subject.WORD, Params, check, documentation=__doc__, needs_template=True
)
