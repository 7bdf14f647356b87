"""A typed cursor over a parsed TOML table that notes every fault instead of stopping at the first.

A reader asks for each key once, by its type; `close` then names the keys nobody asked for. After a fault the cursor
hands out a placeholder, so that reading goes on; whoever started the reading raises when the fault book is not empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

_Choice = TypeVar("_Choice", bound=StrEnum)
_Placeholder = TypeVar("_Placeholder")
_PLACEHOLDER_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_ABSENT = object()


class FaultBook:
    """All faults of one file, one Chinese sentence each, in the order found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[str] = []
        self.doubts: list[str] = []
        self._paths: list[str] = []

    def add(self, sentence: str, path: str = "") -> None:
        """Note a fault at the key path; the file's name is put before the sentence."""
        self.faults.append(f"{self.file}：{sentence}")
        self._paths.append(path)

    def doubt(self, sentence: str) -> None:
        """Note that what is written, though possible, does not agree with the notice's text: to be looked at."""
        self.doubts.append(f"{self.file}：{sentence}")

    def has_fault_in(self, path: str) -> bool:
        """Whether a fault was noted at this key path or below it."""
        return any(noted == path or noted.startswith((f"{path}.", f"{path} ")) for noted in self._paths)


class Section:
    """One table of the file. `path` is its key path as a person would write it; an absent table swallows all faults."""

    def __init__(self, table: Mapping[str, object], book: FaultBook, path: str = "", *, absent: bool = False) -> None:
        self._table = table
        self._book = book
        self._absent = absent
        self._asked: list[str] = []
        self.path = path

    @property
    def sound(self) -> bool:
        """Whether this table and everything read from below it is there and had no fault so far."""
        return not self._absent and not self._book.has_fault_in(self.path)

    def sound_at(self, *keys: str) -> bool:
        """Whether the table is there and these keys had no fault so far, whatever is wrong with the others."""
        return not self._absent and not any(self._book.has_fault_in(self.key(key)) for key in keys)

    def key(self, key: str) -> str:
        """The full key path of `key` in this table."""
        return f"{self.path}.{key}" if self.path else key

    def fault(self, sentence: str, key: str = "") -> None:
        """Note a fault of this table, of one `key` where it is only that one's; none where the table itself is missing
        (that is one fault, already noted)."""
        if not self._absent:
            self._book.add(sentence, self.key(key) if key else self.path)

    def doubt(self, sentence: str) -> None:
        """Note something of this table that does not agree with the notice's text."""
        self._book.doubt(sentence)

    def text(self, key: str, *, optional: bool = False) -> str:
        """A text that is not blank. An optional one that is missing is ""."""
        value = self._get(key, "文字", optional=optional)
        if value is _ABSENT:
            return ""
        if not isinstance(value, str):
            return self._wrong(key, "文字", value, "")
        if not value.strip():
            self.fault(f"{self.key(key)} 不能是空的。", key)
        elif value != value.strip():
            self.fault(f"{self.key(key)} 写的“{value}”前后有空白，请删去。", key)
        return value

    def texts(self, key: str, *, optional: bool = False, may_be_empty: bool = False) -> tuple[str, ...]:
        """A list of texts, none blank, none twice. An optional one that is missing is empty."""
        expected = '文字列表，如 ["甲", "乙"]'
        value = self._get(key, expected, optional=optional)
        if value is _ABSENT:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return self._wrong(key, expected, value, ())
        if not value and not may_be_empty:
            self.fault(f"{self.key(key)} 不能是空列表。", key)
        if any(not item.strip() for item in value):
            self.fault(f"{self.key(key)} 里有空的文字。", key)
        for item in _twice(value):
            self.fault(f"{self.key(key)} 里“{item}”写了两次。", key)
        return tuple(value)

    def whole(self, key: str, *, minimum: int = 0, maximum: int | None = None) -> int:
        """A whole number within the bounds, both included."""
        number = self._whole(key, minimum, maximum, optional=False)
        return minimum if number is None else number

    def maybe_whole(self, key: str, *, minimum: int = 0) -> int | None:
        """A whole number not under `minimum`; None when the key is missing."""
        return self._whole(key, minimum, None, optional=True)

    def wholes(self, key: str, *, minimum: int) -> tuple[int, ...]:
        """A list of whole numbers, at least one, none under `minimum`."""
        expected = f"整数列表，每个不小于 {minimum}"
        value = self._get(key, expected, optional=False)
        if value is _ABSENT:
            return ()
        if not isinstance(value, list) or not value or any(type(item) is not int or item < minimum for item in value):
            return self._wrong(key, expected, value, ())
        return tuple(value)

    def positive(self, key: str) -> float:
        """A number above zero, whole or not."""
        value = self._get(key, "大于 0 的数", optional=False)
        if value is _ABSENT:
            return 1.0
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
            return self._wrong(key, "大于 0 的数", value, 1.0)
        return float(value)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Yes or no. Required when there is no default."""
        value = self._get(key, "true 或 false", optional=default is not None)
        if value is _ABSENT:
            return bool(default)
        if not isinstance(value, bool):
            return self._wrong(key, "true 或 false", value, False)
        return value

    def instant(self, key: str) -> datetime:
        """A moment with its offset, e.g. 2023-05-21T00:00:00+08:00."""
        expected = "带时区的时间，如 2000-01-31T00:00:00+08:00"
        value = self._get(key, expected, optional=False)
        if value is _ABSENT:
            return _PLACEHOLDER_TIME
        if not isinstance(value, datetime) or value.tzinfo is None:
            return self._wrong(key, expected, value, _PLACEHOLDER_TIME)
        return value

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        """One member of an enumeration, written as its value."""
        members = tuple(kind)
        written = self.reference(key, "选项", [member.value for member in members])
        return next((member for member in members if member.value == written), members[0])

    def reference(self, key: str, what: str, allowed: Iterable[str], *, optional: bool = False) -> str:
        """One of the `allowed` texts, "" where optional and missing. `what` names them in Chinese (条款, 案例类型)."""
        written = self.text(key, optional=optional)
        if written:
            self._must_be_known(key, what, (written,), tuple(allowed))
        return written

    def references(self, key: str, what: str, allowed: Iterable[str], *, optional: bool = False) -> tuple[str, ...]:
        """A list, not empty, of `allowed` texts. An optional one that is missing is empty."""
        written = self.texts(key, optional=optional)
        self._must_be_known(key, what, written, tuple(allowed))
        return written

    def child(self, key: str) -> Section:
        """The table under `key`; where it is missing, that is noted and an absent section is returned."""
        value = self._get(key, f"表 [{self.key(key)}]", optional=False)
        return self._section(key, value)

    def maybe_child(self, key: str) -> Section | None:
        """The table under `key`, or None when the key is missing."""
        value = self._get(key, "表", optional=True)
        return None if value is _ABSENT else self._section(key, value)

    def children(
        self, key: str, *, named_by: str, optional: bool = False, distinct: bool = True
    ) -> tuple[Section, ...]:
        """The tables of the list [[key]], at least one unless optional, called in faults by their value of `named_by`.

        Where `distinct`, no two may have the same name."""
        expected = f"一项或多项 [[{self.key(key)}]]"
        value = self._get(key, expected, optional=optional)
        if value is _ABSENT:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            return self._wrong(key, expected, value, ())
        if not value and not optional:
            self.fault(f"{self.key(key)} 不能是空列表。", key)
        names = [str(item.get(named_by, "")) for item in value]
        for name in _twice([name for name in names if name and distinct]):
            self.fault(f"{self.key(key)} 里有两项的 {named_by} 都是“{name}”，须各不相同。")
        return tuple(
            Section(item, self._book, f"{self.key(key)} 第{number}项" + (f"（{name}）" if name else ""))
            for number, (item, name) in enumerate(zip(value, names, strict=True), start=1)
        )

    def mapping(self, key: str) -> Mapping[str, object]:
        """A free table whose keys somebody else checks; empty when missing. Read-only."""
        value = self._get(key, "表，如 { 名称 = 值 }", optional=True)
        if value is _ABSENT:
            return MappingProxyType({})
        if not isinstance(value, dict):
            return self._wrong(key, "表，如 { 名称 = 值 }", value, MappingProxyType({}))
        return MappingProxyType(value)

    def close(self) -> None:
        """Name every key of this table that was never asked for."""
        for key in self._table:
            if key in self._asked:
                continue
            near = get_close_matches(key, self._asked, n=1)
            hint = f"是不是想写 {near[0]}？" if near else ""
            self.fault(f"不认识的键 {self.key(key)}，{hint}这里可以写：{'、'.join(sorted(self._asked))}。")

    def _get(self, key: str, expected: str, *, optional: bool) -> object:
        self._asked.append(key)
        if key in self._table:
            return self._table[key]
        if not optional:
            self.fault(f"缺少 {self.key(key)}，应为{expected}。", key)
        return _ABSENT

    def _whole(self, key: str, minimum: int, maximum: int | None, *, optional: bool) -> int | None:
        expected = f"整数，不小于 {minimum}" + ("" if maximum is None else f"，不大于 {maximum}")
        value = self._get(key, expected, optional=optional)
        if value is _ABSENT:
            return None
        if type(value) is not int or value < minimum or (maximum is not None and value > maximum):
            return self._wrong(key, expected, value, None)
        return value

    def _wrong(self, key: str, expected: str, found: object, placeholder: _Placeholder) -> _Placeholder:
        self.fault(f"{self.key(key)} 应为{expected}，现在写的是 {_shown(found)}。", key)
        return placeholder

    def _must_be_known(self, key: str, what: str, written: Sequence[str], allowed: Sequence[str]) -> None:
        for name in written:
            if name.strip() and name not in allowed:
                listed = "、".join(allowed) if allowed else "（还没有任何一个）"
                self.fault(f"{self.key(key)} 写的“{name}”不是已有的{what}，可以写：{listed}。", key)

    def _section(self, key: str, value: object) -> Section:
        if isinstance(value, dict):
            return Section(value, self._book, self.key(key))
        if value is not _ABSENT:
            self._wrong(key, f"表 [{self.key(key)}]", value, None)
        return Section({}, self._book, self.key(key), absent=True)


def _twice(items: Iterable[str]) -> tuple[str, ...]:
    seen: set[str] = set()
    repeated: dict[str, None] = {}
    for item in items:
        if item in seen:
            repeated[item] = None
        seen.add(item)
    return tuple(repeated)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return "一个表"
    return str(value) if not isinstance(value, list) else f"列表 {value}"
