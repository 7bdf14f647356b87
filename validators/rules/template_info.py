"""The basic-information table of the template: every field there, every field filled in.

The table is found by its labels in any reasonable shape: label and value side by side, labels in a head row with the
values below, two pairs in a row, label and value in one cell with a colon, or simple
lines "案例名称：…" without a table.

Parameter: `optional`, fields that may be left empty or left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from validators.facts import Container, FileFacts, WordFacts
from validators.rules.bounds import InfoFields
from validators.rules.contract import Context, Fault, Rule, Subject, where, word_of
from validators.rules.wording import bare, nearly

_COLONS = ("：", ":")
_AT_LEAST = 2
_FILLERS = frozenset("xX×＿_—-–.…·/\\ 　()（）[]【】*")


@dataclass(frozen=True, slots=True)
class Params:
    """Fields that may be empty or missing."""

    optional: Annotated[tuple[str, ...], InfoFields()] = ()


@dataclass(frozen=True, slots=True)
class _Field:
    """A field as found: what was filled in, and the paragraph of its label."""

    value: str
    paragraph: int


_PROMPT = re.compile(r"(?:此处|这里).{0,4}(?:输入|填写|键入)|^[（(\[【]?(?:请|待)(?:输入|填写|补充|填)")
_LONGEST_PROMPT = 30

_Cells = Mapping[tuple[int, int], tuple[str, int]]


def check(facts: FileFacts, params: Params, context: Context) -> Iterator[Fault]:
    """At most one fault for missing and one for empty fields."""
    word = word_of(facts)
    fields = context.notice.template.info_fields
    name = context.notice.template.info_title or "案例基本信息"
    found = find_fields(word, fields)
    wanted = "、".join(f"“{item}”" for item in fields)
    if not found:
        yield Fault(f"没有找到“{name}”表。", f"请按模板在正文前加上这张表，填写{wanted}。", wanted, "没有找到")
        return
    needed = [item for item in fields if item not in params.optional]
    lost = "、".join(f"“{item}”" for item in needed if item not in found)
    if lost:
        first = min(item.paragraph for item in found.values())
        yield Fault(f"“{name}”表缺少{lost}。", "请按模板补上并填写。", wanted, f"缺少{lost}", where(word, first))
    hollow = [item for item in needed if item in found and not _is_filled(found[item].value)]
    if hollow:
        names = "、".join(f"“{item}”" for item in hollow)
        place = where(word, found[hollow[0]].paragraph)
        yield Fault(f"“{name}”表里{names}没有填写。", "请填写后再发给我。", "每一项都填写", f"{names}为空", place)


def find_fields(word: WordFacts, fields: Sequence[str]) -> dict[str, _Field]:
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


def _in_table(cells: _Cells, names: Mapping[str, str]) -> dict[str, _Field]:
    labels = {place: _label(text, names) for place, (text, _) in cells.items()}
    found: dict[str, _Field] = {}
    for place, field in labels.items():
        if field and field not in found:
            text, paragraph = cells[place]
            value = _after_colon(text) or _beside(cells, labels, place) or _below(cells, labels, place)
            found[field] = _Field(value, paragraph)
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


def _in_lines(word: WordFacts, names: Mapping[str, str]) -> dict[str, _Field]:
    found: dict[str, _Field] = {}
    for paragraph in word.paragraphs:
        text = paragraph.visible.strip()
        if paragraph.container not in {Container.BODY, Container.TEXT_BOX} or not any(c in text for c in _COLONS):
            continue
        field = _label(text, names)
        if field and field not in found:
            found[field] = _Field(_after_colon(text), paragraph.index)
    return found


def _is_filled(value: str) -> bool:
    if _PROMPT.search(value) and len(value) <= _LONGEST_PROMPT:
        return False
    return any(sign not in _FILLERS and not sign.isspace() for sign in value)


RULE = Rule("S02", "template.info", "基本信息", Subject.WORD, Params, check, documentation=__doc__, needs_template=True)
