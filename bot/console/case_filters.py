"""What somebody wants to see in the list of cases, as it stands in the page's address and goes back into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.console.paging import page_number
from domain.receipt import normalise_receipt
from handlers.said import one_line
from store.listing import ALIVE, Wanted
from store.moves import COUNTED, JUDGED
from store.schema.campaign import CaseState

MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Step:
    """Cases that wait for the same: the states they are in and what people call them."""

    label: str
    states: frozenset[CaseState]


STEPS: Mapping[str, Step] = {
    "": Step("全部（不含撤回）", ALIVE),
    "waiting": Step("待推荐", frozenset({CaseState.SUBMITTED})),
    "mending": Step("待修改（含退回）", frozenset({CaseState.NEEDS_FIX, CaseState.RETURNED})),
    "returned": Step("退回未改", frozenset({CaseState.RETURNED})),
    "received": Step("待老师补全信息", frozenset({CaseState.RECEIVED})),
    "recommended": Step("已推荐（含已上报）", COUNTED),
    "reported": Step("已上报", JUDGED),
    "passed-over": Step("未被推荐上报", frozenset({CaseState.NOT_SELECTED})),
    "withdrawn": Step("已撤回", frozenset({CaseState.WITHDRAWN})),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """The fields of the form; "" and False ask for nothing. `page` counts from 1."""

    unit: str = ""
    category: str = ""
    step: str = ""
    school: str = ""
    late: bool = False
    words: str = ""
    page: int = 1

    @property
    def wanted(self) -> Wanted:
        """The same for the store. A receipt number is found however it is written."""
        return Wanted(
            states=STEPS[self.step].states,
            category=self.category or None,
            words=normalise_receipt(self.words) or self.words,
            school=self.school,
            late=self.late,
        )

    @property
    def narrow(self) -> bool:
        """Whether anything beside the unit is asked for."""
        return self != Filters(unit=self.unit, page=self.page)

    def address(self, page: int = 1) -> str:
        """Where this list stands, its first page or another."""
        asked = {
            "unit": self.unit,
            "category": self.category,
            "step": self.step,
            "school": self.school,
            "late": "1" if self.late else "",
            "q": self.words,
            "page": str(page) if page > 1 else "",
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"/console/cases?{query}" if query else "/console/cases"


def read_filters(query: Mapping[str, str], categories: frozenset[str]) -> Filters:
    """What the address asks for. A category, a step or a page that cannot be is as if it were not there; whether the
    visitor may see the unit is for the page to ask."""
    category, step = query.get("category", ""), query.get("step", "")
    return Filters(
        unit=query.get("unit", ""),
        category=category if category in categories else "",
        step=step if step in STEPS else "",
        school=one_line(query.get("school", ""))[:MOST_WORDS],
        late=query.get("late") == "1",
        words=one_line(query.get("q", ""))[:MOST_WORDS],
        page=page_number(query.get("page", "")),
    )
