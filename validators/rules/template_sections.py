"""The sections of the notice's template, in its order, under its names, each with text.

Headings are recognised as they are seen on the page: typed or automatic numbers, any heading style or none. A heading
with a slip in it, or with another name under the same number, is reported as renamed; one that is not there as missing.
A name that only has more words than the template's is advice. Further headings of one's own are welcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.notice import Severity, Template, TemplateSection
from validators.facts import Container, FileFacts, Paragraph, WordFacts
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, where, word_of
from validators.rules.titles import has_title
from validators.rules.wording import bare, label_of, nearly, without_label

_MAX_HEADING = 40
_MORE_WORDS = 8
_CONTENTS = ("toc", "目录")


@dataclass(slots=True)
class _Line:
    """A paragraph that may be a heading: its place in the list of paragraphs, its heading part, what follows it in the
    same paragraph, and the heading's bare words."""

    place: int
    paragraph: Paragraph
    heading: str
    rest: str
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = bare(without_label(self.heading))


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """At most one fault each for missing, renamed, misplaced and empty sections."""
    word = word_of(facts)
    template = context.notice.template
    title = word.title.paragraphs if has_title(word, template) else ()
    lines = tuple(_lines(word, title))
    exact = _exact(lines, template.sections)
    longer = _similar(lines, template.sections, exact)
    renamed = _renamed(lines, template.sections, {**exact, **longer})
    found = {**exact, **longer, **renamed}
    yield from _missing(template, found)
    slips = {number: line for number, line in longer.items() if bare(template.sections[number].title) not in line.key}
    yield from _other_names(word, template, {**renamed, **slips}, None)
    wordy = {number: line for number, line in longer.items() if number not in slips}
    yield from _other_names(word, template, wordy, Severity.WARNING)
    yield from _misplaced(word, template, found)
    yield from _empty(word, template, found)


def _lines(word: WordFacts, title: Sequence[int]) -> Iterator[_Line]:
    for place, paragraph in enumerate(word.paragraphs):
        text = paragraph.visible.strip()
        in_contents = paragraph.style.casefold().startswith(_CONTENTS)
        if paragraph.container is not Container.BODY or in_contents or paragraph.index in title:
            continue
        if text and len(text) <= _MAX_HEADING:
            yield _Line(place, paragraph, text.rstrip("。：: "), "")
        elif paragraph.level:
            heading, _, rest = text.partition("。")
            yield _Line(place, paragraph, heading, rest)


def _exact(lines: Sequence[_Line], sections: Sequence[TemplateSection]) -> dict[int, _Line]:
    found: dict[int, _Line] = {}
    for number, section in enumerate(sections):
        title = bare(section.title)
        same = [line for line in lines if line.key == title]
        if same:
            found[number] = next((line for line in same if line.paragraph.level), same[0])
    return found


def _similar(lines: Sequence[_Line], sections: Sequence[TemplateSection], known: dict[int, _Line]) -> dict[int, _Line]:
    """Sections whose heading has a slip in it, or more words than wanted."""
    found: dict[int, _Line] = {}
    taken = {line.place for line in known.values()}
    for number, section in enumerate(sections):
        title = bare(section.title)
        for line in lines:
            if number in known or line.place in taken or not line.paragraph.level:
                continue
            if nearly(line.key, title) or (title in line.key and len(line.key) <= len(title) + _MORE_WORDS):
                found[number] = line
                taken.add(line.place)
                break
    return found


def _renamed(lines: Sequence[_Line], sections: Sequence[TemplateSection], known: dict[int, _Line]) -> dict[int, _Line]:
    """Sections under another name: the same number, between the neighbours that were found."""
    found: dict[int, _Line] = {}
    taken = {line.place for line in known.values()}
    if not known:
        return found
    for number, section in enumerate(sections):
        if number in known:
            continue
        before = max((known[other].place for other in known if other < number), default=-1)
        after = min(
            (known[other].place for other in known if other > number), default=len(lines) and lines[-1].place + 1
        )
        for line in lines:
            fits = before < line.place < after and line.place not in taken and line.paragraph.level
            if fits and label_of(line.heading) == label_of(section.label):
                found[number] = line
                taken.add(line.place)
                break
    return found


def _missing(template: Template, found: dict[int, _Line]) -> Iterator[Fault]:
    lost = [section for number, section in enumerate(template.sections) if number not in found]
    if not lost:
        return
    names = _names(lost)
    every = _names(template.sections)
    if len(lost) == len(template.sections):
        message = f"没有按《{template.title}》的章节写，一个章节标题也没有找到。"
        yield Fault(message, f"请按模板分为{every}，再发给我。", every, "没有找到")
    else:
        yield Fault(f"缺少{names}。", "请按模板补上，标题单独成行。", every, f"缺少{names}")


def _other_names(
    word: WordFacts, template: Template, found: dict[int, _Line], severity: Severity | None
) -> Iterator[Fault]:
    if not found:
        return
    pairs = [f"“{line.heading}”应为{_names([template.sections[number]])}" for number, line in sorted(found.items())]
    numbers = sorted(found)
    yield Fault(
        f"章节名称与模板不同：{'；'.join(pairs)}。",
        "请把标题改成模板里的名称。",
        _names([template.sections[number] for number in numbers]),
        "、".join(f"“{found[number].heading}”" for number in numbers),
        where(word, found[numbers[0]].paragraph.index),
        severity=severity,
    )


def _misplaced(word: WordFacts, template: Template, found: dict[int, _Line]) -> Iterator[Fault]:
    numbers = sorted(found)
    places = [found[number].place for number in numbers]
    kept = _longest_rising(places)
    moved = [number for number, place in zip(numbers, places, strict=True) if place not in kept]
    if moved:
        names = _names([template.sections[number] for number in moved])
        message = f"章节顺序与模板不同：{names}的位置不对。"
        order = _names(template.sections)
        yield Fault(message, f"请按模板顺序排列：{order}。", order, names, where(word, found[moved[0]].paragraph.index))


def _longest_rising(places: Sequence[int]) -> set[int]:
    longest: tuple[int, ...] = ()
    runs: list[tuple[int, ...]] = [()]
    for place in places:
        before: tuple[int, ...] = ()
        for run in runs:
            if len(run) > len(before) and run[-1] < place:
                before = run
        runs.append((*before, place))
        longest = runs[-1] if len(runs[-1]) > len(longest) else longest
    return set(longest)


def _empty(word: WordFacts, template: Template, found: dict[int, _Line]) -> Iterator[Fault]:
    by_place = {line.place: template.sections[number] for number, line in found.items()}
    hollow = [number for number, line in sorted(found.items()) if _is_hollow(word, line, by_place)]
    if hollow:
        names = _names([template.sections[number] for number in hollow])
        message = f"{names}下面没有内容。"
        yield Fault(
            message,
            "请写上这一部分的内容，再发给我。",
            "每个章节都有内容",
            names,
            where(word, found[hollow[0]].paragraph.index),
        )


def _is_hollow(word: WordFacts, line: _Line, by_place: dict[int, TemplateSection]) -> bool:
    """Whether nothing stands between a heading and the next section of the same or a higher level. In a shortened list
    the end is not the end of the document."""
    if line.rest.strip():
        return False
    own = by_place[line.place]
    for place in range(line.place + 1, len(word.paragraphs)):
        paragraph = word.paragraphs[place]
        other = by_place.get(place)
        if other is not None:
            return other.level <= own.level
        if paragraph.visible.strip() or paragraph.has_picture:
            return False
    return not word.shortened


def _names(sections: Sequence[TemplateSection]) -> str:
    return "、".join(f"“{section.label}{section.title}”" for section in sections)


RULE = Rule(
    "S01", "template.sections", "模板章节", Subject.WORD, NoParams, check, documentation=__doc__, needs_template=True
)
