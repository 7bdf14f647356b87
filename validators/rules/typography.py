"""What the rules on fonts and sizes share: measure portions of the text against what is accepted, group what differs.

One cause is one deviation, however many paragraphs show it. Fonts are those of Chinese characters; sizes those of all
letters and digits. A few stray characters in a long paragraph are no fault of the paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from validators.facts import Format, Source, WordFacts
from validators.fonts import Likeness, likeness, plain_name
from validators.parts import Part, Portion

_IDEOGRAPHS = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U0003ffff]")
_LONGEST_LEAD = 40
_STRAY_LETTERS = 5
_STRAY_SHARE = 0.2
_STRAY_MATTERS_FROM = 10
_WHOLE = frozenset({Part.TITLE, Part.HEADING, Part.MINOR_HEADING})


@dataclass(slots=True)
class Deviation:
    """All portions that differ in the same way. `value` is the font's name or the size in points; "" or None could not
    be resolved. `sample` is a look that shows it, `quote` the first text in it."""

    value: str | float | None
    likeness: Likeness
    source: Source
    sample: Format
    quote: str
    portions: list[Portion] = field(default_factory=list)
    letters: int = 0

    @property
    def unresolved(self) -> bool:
        """Whether the file does not tell."""
        return self.value in {None, ""}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What differs, the most frequent first, and how many stray letters differ besides."""

    deviations: tuple[Deviation, ...]
    stray: int
    stray_portions: tuple[Portion, ...]


Accept = Callable[[Format], Likeness]
Read = Callable[[Format], tuple[str | float | None, Source]]


def second_names(word: WordFacts) -> dict[str, str]:
    """The other name that the file's font table gives a font, by plain name."""
    return {plain_name(font.name): font.alternative for font in word.fonts if font.alternative}


def font_outcome(word: WordFacts, portions: Iterable[Portion], fonts: Sequence[str]) -> Outcome:
    """Where Chinese characters are in none of these fonts."""
    known = second_names(word)

    def accept(look: Format) -> Likeness:
        return max(likeness(look.east_asian, font, known) for font in fonts)

    return _outcome(word, portions, lambda look: (look.east_asian, look.east_asian_from), accept, ideographs)


def without_lead(word: WordFacts, portion: Portion, heading_font: str) -> Portion:
    """The portion without the first words, where they are a heading that runs into the text: short, in the heading's
    font, with more text after them."""
    lead = ""
    for text, look in portion.looks(word):
        if likeness(look.east_asian, heading_font) is Likeness.OTHER:
            break
        lead += text
    rest = portion.paragraph.text[portion.start + len(lead) : portion.end]
    if not lead or len(lead) > _LONGEST_LEAD or len(rest) < len(lead):
        return portion
    return replace(portion, start=portion.start + len(lead))


def size_outcome(word: WordFacts, portions: Iterable[Portion], sizes: Sequence[float], tolerance: float) -> Outcome:
    """Where letters have none of these sizes in points."""

    def accept(look: Format) -> Likeness:
        size = look.size_pt
        fits = size is not None and any(abs(size - wanted) <= tolerance for wanted in sizes)
        return Likeness.SAME if fits else Likeness.OTHER

    return _outcome(word, portions, lambda look: (look.size_pt, look.size_from), accept, _letters)


def together(*outcomes: Outcome) -> Outcome:
    """Outcomes of portions judged apart as one; equal values are one deviation."""
    groups: dict[str | float | None, Deviation] = {}
    for deviation in (deviation for outcome in outcomes for deviation in outcome.deviations):
        group = groups.setdefault(deviation.value, deviation)
        if group is not deviation:
            group.portions = sorted((*group.portions, *deviation.portions), key=lambda p: (p.paragraph.index, p.start))
            group.letters += deviation.letters
    ordered = sorted(groups.values(), key=lambda group: -group.letters)
    stray_portions = tuple(portion for outcome in outcomes for portion in outcome.stray_portions)
    return Outcome(tuple(ordered), sum(outcome.stray for outcome in outcomes), stray_portions)


def ideographs(text: str) -> int:
    """How many Chinese characters a text holds, punctuation not counted."""
    return len(_IDEOGRAPHS.findall(text))


def _letters(text: str) -> int:
    return sum(1 for sign in text if sign.isalnum())


def _outcome(
    word: WordFacts, portions: Iterable[Portion], read: Read, accept: Accept, count: Callable[[str], int]
) -> Outcome:
    groups: dict[str | float | None, Deviation] = {}
    verdicts: dict[int, Likeness] = {}  # by identity: a file holds each look once, and hashing one is slow
    stray, stray_portions = 0, []
    for portion in portions:
        looks = tuple(portion.looks(word))
        verdicts.update((id(look), accept(look)) for _, look in looks if id(look) not in verdicts)
        if all(verdicts[id(look)] is Likeness.SAME for _, look in looks):
            continue
        wrong: dict[str | float | None, tuple[int, Format, str]] = {}
        total = 0
        for text, look in looks:
            letters = count(text)
            total += letters
            if letters and verdicts[id(look)] is not Likeness.SAME:
                value = read(look)[0]
                before, sample, quote = wrong.get(value, (0, look, text))
                wrong[value] = before + letters, sample, quote
        for value, (letters, look, quote) in wrong.items():
            if _is_stray(portion, letters, total):
                stray += letters
                stray_portions.append(portion)
                continue
            group = groups.setdefault(value, Deviation(value, verdicts[id(look)], read(look)[1], look, quote))
            group.portions.append(portion)
            group.letters += letters
    ordered = sorted(groups.values(), key=lambda group: -group.letters)
    return Outcome(tuple(ordered), stray if stray >= _STRAY_MATTERS_FROM else 0, tuple(stray_portions))


def _is_stray(portion: Portion, letters: int, total: int) -> bool:
    return portion.part not in _WHOLE and letters < _STRAY_LETTERS and letters < total * _STRAY_SHARE


def ranges(portions: Sequence[Portion], judged: Sequence[Portion]) -> Iterator[tuple[int, int]]:
    """The paragraph numbers of `portions` as ranges; what lies between two of them and was not judged does not break a
    range. Both are in document order."""
    order = {id(portion): place for place, portion in enumerate(judged)}
    start = last = None
    for portion in portions:
        if last is not None and order[id(portion)] == order[id(last)] + 1:
            last = portion
            continue
        if start is not None and last is not None:
            yield start.paragraph.index, last.paragraph.index
        start = last = portion
    if start is not None and last is not None:
        yield start.paragraph.index, last.paragraph.index
