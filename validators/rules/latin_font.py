"""Latin letters, digits and shared signs in running text may stand in another font than the Chinese characters.

A notice that names one font for all text hardly means the digits, and many offices set them in Times New Roman. So this
is one piece of advice for the whole document, never a fault. The same goes for the signs that Chinese and Latin text
share (“ ” — …): where the file does not mark them as Chinese, Word draws them in the Latin font.

Parameter: `accepted`, fonts for Latin text that are passed over in silence (default none).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from domain.notice import Severity
from validators.facts import FileFacts, Format, WordFacts
from validators.fonts import Likeness, likeness, plain_name
from validators.parts import Part, portions_of
from validators.rules.contract import Context, Fault, Rule, Subject, where, word_of
from validators.slots import Slot, slots_of

_MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Params:
    """Latin fonts that need no word."""

    accepted: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """How many signs stand in other fonts, by font, and the first paragraph with one."""

    latin: Counter[str]
    shared: Counter[str]
    first: int = 0


def check(facts: FileFacts, params: Params, context: Context) -> Iterator[Fault]:
    """At most one fault."""
    word, demand = word_of(facts), context.notice.body_font
    found = _count(word, demand.font, frozenset(map(plain_name, params.accepted)))
    if not found.first:
        return
    said = _said(found)
    yield Fault(
        f"正文里的{said}，与中文的“{demand.font}”不同。",
        f"一般可以不改；要完全一致，请全选正文，把西文字体也设为“{demand.font}”。",
        demand.font,
        said,
        where(word, found.first),
        severity=Severity.WARNING,
    )


def _said(found: _Found) -> str:
    latin, shared = _names(found.latin), _names(found.shared)
    if latin == shared:
        return f"英文、数字和引号等符号是{latin}"
    kinds = (("英文和数字", latin), ("引号、破折号等", shared))
    return "，".join(f"{name}是{fonts}" for name, fonts in kinds if fonts)


def _count(word: WordFacts, wanted: str, accepted: frozenset[str]) -> _Found:
    found = _Found(Counter(), Counter())
    fonts = {font for look in word.formats for font in (look.latin, look.shared)} - {""}
    others = {
        font for font in fonts if likeness(font, wanted) is not Likeness.SAME and plain_name(font) not in accepted
    }
    for portion in portions_of(word):
        if portion.part is Part.BODY:
            for text, look in portion.looks(word):
                if look.latin in others or look.shared in others:
                    _count_text(text, look, others, found)
                    if (found.latin or found.shared) and not found.first:
                        found.first = portion.paragraph.index
    return found


def _count_text(text: str, look: Format, others: set[str], found: _Found) -> None:
    for slot, piece in slots_of(text):
        if slot is Slot.ASIAN or piece.isspace():
            continue
        font, counts = (look.latin, found.latin) if slot is Slot.ASCII else (look.shared, found.shared)
        if font in others:
            counts[font] += len(piece)


def _names(counts: Counter[str]) -> str:
    named = "、".join(f"“{font}”" for font, _ in counts.most_common(_MOST_NAMED))
    return named + ("等" if len(counts) > _MOST_NAMED else "")


RULE = Rule("Y08", "latin.font", "英文和数字字体", Subject.WORD, Params, check, documentation=__doc__)
