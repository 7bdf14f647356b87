"""The summary table (汇总表, 附件1) as values: its head, its rows in the notice's order, and doubts about them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.contact import mask_phone
from domain.notice import Notice
from domain.standing import UnitStanding

_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One case of the table. `contact` and `phone` are empty where nobody has told them."""

    case_id: int
    receipt: str
    category: str
    title: str
    contact: str
    school: str
    phone: str


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """The table of one unit: who it is, who answers for the table, and its rows in order, numbered from 1."""

    unit: str
    contact: str
    phone: str
    rows: tuple[SummaryRow, ...]

    def masked(self) -> SummarySheet:
        """The table as others than the own unit see it: no number can be called."""
        rows = tuple(replace(row, phone=mask_phone(row.phone) if row.phone else "") for row in self.rows)
        return replace(self, phone=mask_phone(self.phone) if self.phone else "", rows=rows)


class Doubt(StrEnum):
    """What a person should look at before the table is signed."""

    NO_CASES = "no_cases"
    NO_PHONE = "no_phone"
    NO_CONTACT = "no_contact"
    SAME_TITLE = "same_title"
    MISSING = "missing"
    SCHOOL_WITHOUT = "school_without"
    NO_HEAD_PHONE = "no_head_phone"


@dataclass(frozen=True, slots=True)
class SummaryDoubt:
    """One doubt and what it is about: row numbers, or categories with how many are missing, or names of schools."""

    doubt: Doubt
    about: tuple[str, ...] = ()


def in_order(notice: Notice, rows: Iterable[SummaryRow]) -> tuple[SummaryRow, ...]:
    """The rows with the same category together, in the order the notice wants; else as they came."""
    order = notice.summary_table.type_order or tuple(each.code for each in notice.categories)
    places = {code: place for place, code in enumerate(order)}
    return tuple(sorted(rows, key=lambda row: places.get(row.category, len(places))))


def doubts_about(sheet: SummarySheet, standing: UnitStanding) -> tuple[SummaryDoubt, ...]:
    """Everything a coordinator should know before signing: none of it forbids to report."""
    numbered = [(str(number), row) for number, row in enumerate(sheet.rows, start=1)]
    titles: dict[str, list[str]] = {}
    for number, row in numbered:
        titles.setdefault(plain_title(row.title), []).append(number)
    same = tuple("、".join(numbers) for numbers in titles.values() if len(numbers) > 1)
    found = {
        Doubt.NO_CASES: () if sheet.rows else (sheet.unit,),
        Doubt.MISSING: tuple(f"{each.category} {each.missing}" for each in standing.owes),
        Doubt.SCHOOL_WITHOUT: tuple(each.name for each in standing.schools_without),
        Doubt.NO_HEAD_PHONE: () if sheet.phone else (sheet.contact,),
        Doubt.NO_CONTACT: tuple(number for number, row in numbered if not row.contact),
        Doubt.NO_PHONE: tuple(number for number, row in numbered if not row.phone),
        Doubt.SAME_TITLE: same,
    }
    return tuple(SummaryDoubt(doubt, about) for doubt, about in found.items() if about)


def plain_title(title: str) -> str:
    """A title reduced to its letters: width, case, blanks and signs make no other case of it."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", title)).casefold()
