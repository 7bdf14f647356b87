"""What a rule's parameter may be, beyond its type: declared beside it with `Annotated`, checked when it is bound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.notice import Notice


@dataclass(frozen=True, slots=True)
class Range:
    """A number not under `low` and, where there is one, not over `high`."""

    low: float
    high: float | None = None

    def allows(self, value: object, _notice: Notice) -> bool:
        """Whether the number lies within."""
        return isinstance(value, int | float) and self.low <= value and (self.high is None or value <= self.high)

    def wanted(self, _notice: Notice) -> str:
        """In Chinese, what is allowed."""
        return f"须不小于 {self.low:g}" + ("" if self.high is None else f"，不大于 {self.high:g}")


@dataclass(frozen=True, slots=True)
class OneOf:
    """Each word of a list is one of `words`, none twice; the list is not empty."""

    words: tuple[str, ...]

    def allows(self, value: object, _notice: Notice) -> bool:
        """Whether the list holds these words only."""
        return _is_selection(value, self.words) and bool(value)

    def wanted(self, _notice: Notice) -> str:
        """In Chinese, what is allowed."""
        return f"须是列表，不能空，不能重复，可以写：{'、'.join(self.words)}"


@dataclass(frozen=True, slots=True)
class InfoFields:
    """Each word of a list is a field of the template's basic-information table, none twice."""

    def allows(self, value: object, notice: Notice) -> bool:
        """Whether the list holds such fields only."""
        return _is_selection(value, notice.template.info_fields)

    def wanted(self, notice: Notice) -> str:
        """In Chinese, what is allowed."""
        return f"须是列表，不能重复，可以写 template.info_fields 里的：{'、'.join(notice.template.info_fields)}"


Bound = Range | OneOf | InfoFields


def _is_selection(value: object, words: Iterable[str]) -> bool:
    return isinstance(value, list | tuple) and set(value) <= set(words) and len(set(value)) == len(value)
