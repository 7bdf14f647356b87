"""A summary table (汇总表) that somebody made by hand: recognised by its columns, matched row by row with the cases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rapidfuzz import fuzz

from domain.contact import normalise_phone
from domain.summary import SummaryRow, plain_title
from validators.facts import WordFacts

_HEAD_ROWS = 4
_LEAST_COLUMNS = 4
# Under this likeness (of 100) two titles are two cases. One wrong or missing sign in a short title stays above it.
_ALIKE = 80.0
_NOT_LETTERS = re.compile(r"[\W_]+")


class Field(StrEnum):
    """The columns of annex 1, in the order of the notice's `summary_table.columns`."""

    NUMBER = "number"
    CATEGORY = "category"
    TITLE = "title"
    CONTACT = "contact"
    SCHOOL = "school"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row as it stands in the file: the `place`-th of the table, counted from 1, the head not included."""

    place: int
    values: Mapping[Field, str]

    @property
    def title(self) -> str:
        """The case's name as written."""
        return self.values.get(Field.TITLE, "")


class Fault(StrEnum):
    """What is not as in the cases."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    TWICE = "twice"
    DIFFERENT = "different"
    ORDER = "order"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `place` is the row of the file (0 where there is none), `title` the case it is about; for
    DIFFERENT the column, what is written and what is known."""

    fault: Fault
    place: int
    title: str
    column: str = ""
    written: str = ""
    known: str = ""


def written_rows(word: WordFacts, columns: Sequence[str]) -> tuple[WrittenRow, ...] | None:
    """The rows of the first table whose head has the columns of annex 1, or most of them; None when none has.

    Rows without a title are left out. A type that is written once for several rows counts for each of them."""
    fields = dict(zip((_plain(each) for each in columns), Field, strict=False))
    for cells in _tables(word).values():
        found = _head(cells, fields)
        if found is not None:
            return _rows(cells, *found)
    return None


def compare(rows: Sequence[WrittenRow], cases: Sequence[SummaryRow], columns: Sequence[str]) -> tuple[Difference, ...]:
    """Everything that differs between the written table and the cases in their order."""
    pairs = _pairs(rows, cases)
    names = dict(zip(Field, columns, strict=False))
    found: list[Difference] = []
    known = {place: case for place, case in pairs if case is not None}
    by_case: dict[int, int] = {}
    for row in rows:
        case = known.get(row.place)
        if case is None:
            twin = next((each for each in cases if plain_title(each.title) == plain_title(row.title)), None)
            fault = Fault.UNKNOWN if twin is None else Fault.TWICE
            found.append(Difference(fault, row.place, row.title))
            continue
        by_case[case.case_id] = row.place
        found += _of_row(row, case, names)
    found += [Difference(Fault.MISSING, 0, case.title) for case in cases if case.case_id not in by_case]
    return (*found, *_order(rows, cases, by_case))


def _tables(word: WordFacts) -> dict[int, dict[tuple[int, int], str]]:
    tables: dict[int, dict[tuple[int, int], str]] = {}
    for paragraph in word.paragraphs:
        if paragraph.cell is not None:
            cells = tables.setdefault(paragraph.cell.table, {})
            place = paragraph.cell.row, paragraph.cell.column
            cells[place] = f"{cells.get(place, '')}{paragraph.visible}".strip()
    return tables


def _head(cells: Mapping[tuple[int, int], str], fields: Mapping[str, Field]) -> tuple[int, dict[int, Field]] | None:
    for number in range(_HEAD_ROWS):
        places = {column: fields.get(_plain(text)) for (row, column), text in cells.items() if row == number}
        named = {column: field for column, field in places.items() if field is not None}
        if len(set(named.values())) >= _LEAST_COLUMNS and Field.TITLE in named.values():
            return number, named
    return None


def _rows(cells: Mapping[tuple[int, int], str], head: int, fields: Mapping[int, Field]) -> tuple[WrittenRow, ...]:
    last = max(row for row, _column in cells)
    rows, category = [], ""
    for number in range(head + 1, last + 1):
        values = {field: cells.get((number, column), "") for column, field in fields.items()}
        category = values.get(Field.CATEGORY) or category
        if _plain(values.get(Field.TITLE, "")):
            rows.append(WrittenRow(number - head, values | {Field.CATEGORY: category}))
    return tuple(rows)


def _pairs(rows: Sequence[WrittenRow], cases: Sequence[SummaryRow]) -> list[tuple[int, SummaryRow | None]]:
    """Each row with its case: the same title first, then the most alike; each case goes to one row."""
    free = {case.case_id: case for case in cases}
    paired: dict[int, SummaryRow] = {}
    for row in rows:
        same = [case for case in free.values() if plain_title(case.title) == plain_title(row.title)]
        if same:
            paired[row.place] = max(same, key=lambda case: _agreeing(row, case))
            del free[paired[row.place].case_id]
    rest = [row for row in rows if row.place not in paired]
    likely = sorted(
        ((_likeness(row, case), row.place, case.case_id) for row in rest for case in free.values()), reverse=True
    )
    for likeness, place, case_id in likely:
        if likeness >= _ALIKE and place not in paired and case_id in free:
            paired[place] = free.pop(case_id)
    return [(row.place, paired.get(row.place)) for row in rows]


def _agreeing(row: WrittenRow, case: SummaryRow) -> int:
    return sum(_same(field, row.values.get(field, ""), _known(case)[field]) for field in _known(case))


def _likeness(row: WrittenRow, case: SummaryRow) -> float:
    written, known = plain_title(row.title), plain_title(case.title)
    return fuzz.ratio(written, known) if written and known else 0.0


def _known(case: SummaryRow) -> dict[Field, str]:
    return {
        Field.CATEGORY: case.category,
        Field.TITLE: case.title,
        Field.CONTACT: case.contact,
        Field.SCHOOL: case.school,
        Field.PHONE: case.phone,
    }


def _of_row(row: WrittenRow, case: SummaryRow, names: Mapping[Field, str]) -> Iterable[Difference]:
    for field, known in _known(case).items():
        written = row.values.get(field)
        if written is not None and not _same(field, written, known):
            yield Difference(Fault.DIFFERENT, row.place, case.title, names[field], written, known)


def _same(field: Field, written: str, known: str) -> bool:
    if field is Field.PHONE:
        phones = normalise_phone(written), normalise_phone(known)
        return phones[0] == phones[1] if any(phones) else _plain(written) == _plain(known)
    if field is Field.CATEGORY:
        return _plain(written).removesuffix("类") == _plain(known)
    return _plain(written) == _plain(known)


def _order(rows: Sequence[WrittenRow], cases: Sequence[SummaryRow], by_case: Mapping[int, int]) -> Iterable[Difference]:
    """The first row whose type stands after a later one's, and the first number that is not its place."""
    kinds = list(dict.fromkeys(case.category for case in cases))
    placed = sorted(
        (by_case[case.case_id], kinds.index(case.category), case.title) for case in cases if case.case_id in by_case
    )
    for (_before, kind, _title), (place, following, title) in pairwise(placed):
        if following < kind:
            yield Difference(Fault.ORDER, place, title)
            break
    for number, row in enumerate(rows, start=1):
        written = row.values.get(Field.NUMBER)
        if written is not None and _plain(written) != str(number):
            yield Difference(Fault.NUMBER, row.place, row.title, written=written, known=str(number))
            break


def _plain(text: str) -> str:
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text)).casefold()
