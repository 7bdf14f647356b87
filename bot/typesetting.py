"""Which paragraph of a file gets which look in its reformatted copy, and what is said about it. Pure.

What a stretch of text is, the rules and this decide alike (`validators.parts`), so that a copy passes the check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from documents.look import Look
from documents.reformatted import Setting
from domain.demands import FontDemand
from validators.facts import Format, WordFacts
from validators.parts import Part, Portion, portions_of
from validators.reading.word_places import Place

_HEADINGS = frozenset({Part.HEADING, Part.MINOR_HEADING})
_LEFT_ALONE = frozenset({Part.NOTE, Part.CONTENTS})
_TOLERANCE_PT = 0.25
_MOST_STYLES = 8
_NAMES = {
    Part.TABLE: "表格文字",
    Part.CAPTION: "图表标题",
    Part.TEXT_BOX: "文本框文字",
    Part.SUBTITLE: "副标题",
    Part.ASIDE: "标题前后和落款",
}
_ALIGNMENTS = {
    "center": "，居中",
    "left": "，左对齐",
    "right": "，右对齐",
    "both": "，两端对齐",
    "distribute": "，分散对齐",
}
CHANGED = "{name} {count} 段：{font} {size}{alignment}"
LETTERS = "另有 {count} 段里的字母、数字和引号等也统一成同一字体"
STYLES = "样式{names}改成了相应的字体字号"


@dataclass(frozen=True, slots=True)
class Demands:
    """The looks of title, headings and all other text."""

    title: FontDemand
    heading: FontDemand
    body: FontDemand

    def of(self, part: Part) -> FontDemand:
        """What is wanted of a part."""
        return self.title if part is Part.TITLE else self.heading if part in _HEADINGS else self.body


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings for a copy, and what they change, in Chinese; nothing to change when `changes` is empty."""

    settings: tuple[Setting, ...]
    changes: tuple[str, ...]


def plan_of(word: WordFacts, places: Sequence[Place], demands: Demands) -> Plan:
    """Every stretch of text that the notice says something about, set as it says. Tables, captions and the like stay
    as they are where they are set in any of the looks. Notes and the table of contents are not touched."""
    settings: list[Setting] = []
    changed: Counter[Part] = Counter()
    letters = 0
    for _, group in groupby(portions_of(word), key=lambda portion: portion.paragraph.index):
        portions = [each for each in group if each.part not in _LEFT_ALONE and not _may_stay(each, word, demands)]
        if not portions or portions[0].paragraph.container in {"footnote", "endnote"}:
            continue
        looks = [_look(demands.of(each.part)) for each in portions]
        position = places[portions[0].paragraph.index - 1].position
        settings.append(Setting(position, looks[-1], looks[0] if len(looks) > 1 else None))
        differing = {each.part for each in portions if not _fits(each, word, demands)}
        changed.update(differing)
        if not differing and not all(_letters_fit(each, word, demands) for each in portions):
            letters += 1
    said = [*_said(changed, demands), *([LETTERS.format(count=letters)] if letters else [])]
    return Plan(tuple(settings), tuple(said))


def said_of_styles(names: Sequence[str]) -> str:
    """Which styles were changed."""
    shown = "".join(f"“{name}”" for name in names[:_MOST_STYLES])
    return STYLES.format(names=shown if len(names) <= _MOST_STYLES else f"{shown}等 {len(names)} 个")


def _look(demand: FontDemand) -> Look:
    return Look(demand.font, demand.size_pt, demand.alignment)


def _may_stay(portion: Portion, word: WordFacts, demands: Demands) -> bool:
    """Whether this is text of the second rank that is set in any of the wanted looks."""
    if portion.part not in _NAMES:
        return False
    every = (demands.title, demands.heading, demands.body)
    return all(
        look.east_asian in {each.font for each in every} and any(_has_size(look, each) for each in every)
        for look in _shown(portion, word)
    )


def _fits(portion: Portion, word: WordFacts, demands: Demands) -> bool:
    demand = demands.of(portion.part)
    if demand.alignment is not None and portion.paragraph.alignment != demand.alignment:
        return False
    looks = list(_shown(portion, word))
    if portion.start == 0 and portion.paragraph.label_format >= 0:
        looks.append(word.formats[portion.paragraph.label_format])
    return all(look.east_asian == demand.font and _has_size(look, demand) for look in looks)


def _letters_fit(portion: Portion, word: WordFacts, demands: Demands) -> bool:
    """Whether Latin letters, digits and the signs they share with Chinese are in the wanted font, too."""
    font = demands.of(portion.part).font
    return all(look.latin == look.shared == font for look in _shown(portion, word))


def _shown(portion: Portion, word: WordFacts) -> Iterator[Format]:
    return (look for text, look in portion.looks(word) if text.strip())


def _has_size(look: Format, demand: FontDemand) -> bool:
    return look.size_pt is not None and abs(look.size_pt - demand.size_pt) <= _TOLERANCE_PT


def _said(changed: Mapping[Part, int], demands: Demands) -> Iterator[str]:
    counts: dict[str, tuple[int, FontDemand]] = {}
    for part in Part:
        if changed.get(part):
            demand = demands.of(part)
            name = _NAMES.get(part, demand.name)
            counts[name] = counts.get(name, (0, demand))[0] + changed[part], demand
    for name, (count, demand) in counts.items():
        alignment = _ALIGNMENTS.get(demand.alignment or "", "")
        yield CHANGED.format(name=name, count=count, font=demand.font, size=demand.size_name, alignment=alignment)
