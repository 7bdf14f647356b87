"""The basic-information table of the template as it was filled in, found by its labels in any reasonable shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.demands import Template
from validators.facts import Container, WordFacts
from validators.rules.wording import bare, nearly

_COLONS = ("：", ":")
_AT_LEAST = 2
_FILLERS = frozenset("xX×＿_—-–.…·/\\ 　()（）[]【】*")
_PROMPT = re.compile(r"(?:此处|这里).{0,4}(?:输入|填写|键入)|^[（(\[【]?(?:请|待)(?:输入|填写|补充|填)")
_LONGEST_PROMPT = 30
_LONGEST_NAME = 100

_Cells = Mapping[tuple[int, int], tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Field:
    """A field as found: what was filled in, and the paragraph of its label."""

    value: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class BasicInfo:
    """What the table says of the case itself, each on one line; "" where it says nothing but the template's words."""

    title: str
    school: str


def basic_info(word: WordFacts, template: Template) -> BasicInfo:
    """The case's name and the school or unit it is from, as its author wrote them into the table."""
    found = find_fields(word, template.info_fields)

    def said(name: str) -> str:
        value = " ".join(found[name].value.split()) if name in found else ""
        return value if len(value) <= _LONGEST_NAME and is_filled(value) else ""

    return BasicInfo(said(template.title_field), said(template.school_field))


def find_fields(word: WordFacts, fields: Sequence[str]) -> dict[str, Field]:
    """The fields of the table that holds most of them, or of lines of text; empty when fewer than two are found."""
    tables: dict[int, dict[tuple[int, int], tuple[str, int]]] = {}
    for paragraph in word.paragraphs:
        if paragraph.cell is None:
            continue
        cells = tables.setdefault(paragraph.cell.table, {})
        place = (paragraph.cell.row, paragraph.cell.column)
        text, first = cells.get(place, ("", paragraph.index))
        cells[place] = (f"{text}\n{paragraph.visible}".strip(), first)
    names = {bare(field): field for field in fields}
    candidates = [_in_table(cells, names) for cells in tables.values()]
    candidates.append(_in_lines(word, names))
    best = max(candidates, key=len)
    return best if len(best) >= min(_AT_LEAST, len(fields)) else {}


def _in_table(cells: _Cells, names: Mapping[str, str]) -> dict[str, Field]:
    labels = {place: _label(text, names) for place, (text, _) in cells.items()}
    found: dict[str, Field] = {}
    for place, field in labels.items():
        if field and field not in found:
            text, paragraph = cells[place]
            value = _after_colon(text) or _beside(cells, labels, place) or _below(cells, labels, place)
            found[field] = Field(value, paragraph)
    return found


def _label(text: str, names: Mapping[str, str]) -> str:
    """The field that a text names, "" for none; `names` gives the fields by their bare names."""
    head = text
    for colon in _COLONS:
        head = head.split(colon, 1)[0]
    plain = bare(head)
    return names.get(plain, "") or next((field for name, field in names.items() if nearly(plain, name)), "")


def _after_colon(text: str) -> str:
    return next((text.split(colon, 1)[1].strip() for colon in _COLONS if colon in text), "")


def _beside(cells: _Cells, labels: Mapping[tuple[int, int], str], place: tuple[int, int]) -> str:
    row, column = place
    right = min((other for other in cells if other[0] == row and other[1] > column), default=None)
    return "" if right is None or labels[right] else cells[right][0]


def _below(cells: _Cells, labels: Mapping[tuple[int, int], str], place: tuple[int, int]) -> str:
    """The cell under a label, but only in a head row: beside it stands another label or nothing."""
    row, column = place
    right = min((other for other in cells if other[0] == row and other[1] > column), default=None)
    under = (row + 1, column)
    if (right is not None and not labels[right]) or under not in cells or labels[under]:
        return ""
    return cells[under][0]


def _in_lines(word: WordFacts, names: Mapping[str, str]) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for paragraph in word.paragraphs:
        text = paragraph.visible.strip()
        if paragraph.container not in {Container.BODY, Container.TEXT_BOX} or not any(c in text for c in _COLONS):
            continue
        field = _label(text, names)
        if field and field not in found:
            found[field] = Field(_after_colon(text), paragraph.index)
    return found


def is_filled(value: str) -> bool:
    """Whether something was filled in: neither the template's own prompt nor mere dashes and crosses."""
    if _PROMPT.search(value) and len(value) <= _LONGEST_PROMPT:
        return False
    return any(sign not in _FILLERS and not sign.isspace() for sign in value)
