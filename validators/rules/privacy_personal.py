"""Personal data of pupils, parents and teachers should not stand in a case, which will be read by many.

Looked for, in all text that is shown, headers and footers included: identity numbers (also as part of a pupil number),
mobile numbers, bank card numbers, and home addresses down to the house. Numbers that are already masked (138****5678)
are none. A single contact of the author (a line or table cell labelled 联系电话, 联系方式) and the contacts of the
notice itself are not leaks. A number is never repeated in a message: it is shown with stars.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from validators.facts import FileFacts, Paragraph, WordFacts
from validators.report import Where
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, where, word_of
from validators.rules.personal_data import Personal, is_contact_label, masked, personal_data

_MOST_SHOWN = 3
_MOST_CONTACTS = 2


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """One fault for everything found."""
    word = word_of(facts)
    public = frozenset("".join(filter(str.isdigit, contact.phone)) for contact in context.notice.contacts)
    found = [(paragraph, item) for paragraph, item in _found(word) if item.digits not in public]
    if not found:
        return
    kinds = dict.fromkeys(item.kind for _, item in found)
    counted = "、".join(f"{kind} {sum(item.kind == kind for _, item in found)} 处" for kind in kinds)
    shown = "、".join(dict.fromkeys(item.masked for _, item in found[:_MOST_SHOWN]))
    numbers = tuple(dict.fromkeys(paragraph.index for paragraph, _ in found if paragraph is not None))
    yield Fault(
        f"文中有个人信息：{counted}（{shown}{'等' if len(found) > _MOST_SHOWN else ''}）。",
        "案例会给很多人看，请删去或用星号遮住学生、家长和教师的个人信息。",
        "没有个人信息",
        counted,
        _place(word, numbers[0]) if numbers else None,
        paragraphs=numbers,
    )


def _found(word: WordFacts) -> Iterator[tuple[Paragraph | None, Personal]]:
    """Everything personal with its paragraph, None for headers and footers."""
    for paragraph in word.paragraphs:
        for item in personal_data(paragraph.visible):
            if not _is_own_contact(word, paragraph, item):
                yield paragraph, item
    for text in dict.fromkeys(word.margins):
        yield from ((None, item) for item in personal_data(text))


def _place(word: WordFacts, index: int) -> Where | None:
    """The place, whose quote and path must not give away what they lead to either."""
    place = where(word, index)
    text = next((paragraph.visible.strip() for paragraph in word.paragraphs if paragraph.index == index), "")
    if place is None:
        return None
    return replace(place, quote=masked(text)[: len(place.quote)], heading=masked(place.heading))


def _is_own_contact(word: WordFacts, paragraph: Paragraph, item: Personal) -> bool:
    """Whether a phone number is the author's own contact, given where one is asked for."""
    if not item.is_phone:
        return False
    if is_contact_label(paragraph.visible.partition(item.written)[0]):
        return True
    if paragraph.cell is None:
        return False
    cells = _cells(word, paragraph.cell.table)
    phones = sum(1 for text in cells.values() for other in personal_data(text) if other.is_phone)
    row, column = paragraph.cell.row, paragraph.cell.column
    before = [text for (r, c), text in cells.items() if r == row and c < column]
    above = [text for (r, c), text in cells.items() if c == column and r < row]
    return phones <= _MOST_CONTACTS and any(is_contact_label(text) for text in (*before[-1:], *above[:1]))


def _cells(word: WordFacts, table: int) -> Mapping[tuple[int, int], str]:
    cells: dict[tuple[int, int], str] = {}
    for paragraph in word.paragraphs:
        if paragraph.cell is not None and paragraph.cell.table == table:
            place = (paragraph.cell.row, paragraph.cell.column)
            cells[place] = f"{cells.get(place, '')}{paragraph.visible}"
    return dict(sorted(cells.items()))


RULE = Rule("E02", "privacy.personal", "个人信息", Subject.WORD, NoParams, check, documentation=__doc__)
