"""The roster (名单): who takes part, in which role, for which unit. A table in, its people or all its faults out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.contact import normalise_name, normalise_phone
from domain.notice import Notice, Unit, UnitKind
from domain.roles import Role
from domain.table import Table, TableRow

MOST_ROWS = 20_000
MOST_SCHOOL_SIGNS = 60
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "姓名": ("姓名", "名字"),
    "userid": ("userid", "企业微信账号", "企业微信帐号", "账号", "帐号", "企业微信userid"),
    "角色": ("角色", "身份"),
    "单位": ("单位", "所属单位", "填报单位", "县市"),
    "学校": ("学校", "学校全称", "所在学校"),
    "电话": ("电话", "联系电话", "手机", "手机号", "手机号码"),
}
NEEDED = ("姓名", "userid", "角色", "单位")
ROLES: Mapping[str, Role] = {
    "教师": Role.TEACHER,
    "老师": Role.TEACHER,
    "协调员": Role.COORDINATOR,
    "管理员": Role.ADMIN,
}

NO_HEADER = "没有找到表头。要有一行写着{needed}，可以用“名单模板”重新填。"
MISSING_COLUMN = "表头里没有“{column}”这一列。"
DOUBLE_COLUMN = "表头里“{column}”这一列出现了两次，请只留一列。"
NOBODY = "表头下面没有人，请至少填一行。"
TOO_MANY = "名单超过 {most} 行，请分成几份，导入时选“保留名单外的人”。"
HIDDEN = "是隐藏的行，不知道要不要导入。请取消隐藏或筛选，或者删掉这些行。"
MERGED = "有合并的单元格（{cells}）。请取消合并，每一行都填完整。"
FORMULA = "“{column}”里是公式。请把它改成文字（复制后选“粘贴为数值”）。"
EMPTY = "没有填“{column}”。"
BAD_NAME = "姓名“{value}”不像人名，请写 2–20 个字，不带数字和符号。"
BAD_USERID = "userid“{value}”不对：只能有字母、数字和 . _ - @，字母或数字开头，最多 64 位。"
BAD_ROLE = "角色“{value}”不对，请写 教师、协调员 或 管理员。"
BAD_UNIT = "单位“{value}”不在通知的单位里。可以写：{units}。"
BAD_PHONE = "电话“{value}”不对，请写 11 位手机号，或带区号的座机，例如 0718-8234567。"
BAD_SCHOOL = "学校“{value}”太长，请控制在 {most} 字以内。"
TWICE = "是同一个 userid（写法：{spellings}）。企业微信不分大小写，每人只留一行。"
_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_BLANKS = re.compile(r"\s+")
_HEADER_WITHIN = 10
_SHOWN_VALUE = 30
_SHOWN_UNITS = 12


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of a roster. `userid` is the member's id in the app; `unit_id` is None for the bureau's own people."""

    userid: str
    name: str | None
    role: Role
    unit_id: str | None
    school: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class RosterFault:
    """Something that has to be mended first: a Chinese sentence about these rows, () when it is about the table."""

    rows: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The people, or every fault of the table: never both."""

    people: tuple[RosterRow, ...] = ()
    faults: tuple[RosterFault, ...] = ()


def looks_like_roster(table: Table) -> bool:
    """Whether the table has a roster's header: names and userids."""
    return _header(table) is not None


def read_roster(table: Table, notice: Notice) -> Roster:
    """The people of the table. One fault, and nobody is given, but every fault is told, equal ones together."""
    if table.refused:
        return Roster(faults=(RosterFault((), table.refused),))
    header = _header(table)
    if header is None:
        return Roster(faults=(RosterFault((), NO_HEADER.format(needed="、".join(NEEDED))),))
    columns, faults = _columns(header)
    rows = [row for row in table.rows if row.number > header.number]
    if faults:
        return Roster(faults=tuple(faults))
    reading = _Reading(notice, columns)
    people = [reading.person(row) for row in rows]
    faults = [*_table_faults(table, header, rows), *reading.faults, *reading.twice()]
    if faults:
        return Roster(faults=_together(faults))
    return Roster(tuple(person for person in people if person is not None))


def show_rows(rows: Sequence[int]) -> str:
    """Row numbers as people write them: 第 3、5–8 行."""
    spans: list[list[int]] = []
    for row in sorted(set(rows)):
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    parts = (str(first) if first == last else f"{first}–{last}" for first, last in spans)
    return f"第 {'、'.join(parts)} 行"


def show_fault(fault: RosterFault) -> str:
    """The fault as one line."""
    return f"{show_rows(fault.rows)}：{fault.text}" if fault.rows else fault.text


class _Reading:
    """Reads one row after the other; what is wrong gathers in `faults`."""

    def __init__(self, notice: Notice, columns: Mapping[str, int]) -> None:
        self._columns = columns
        self._units = {_plain(name): unit for unit in notice.units for name in (unit.name, *unit.aliases)}
        names = [unit.name for unit in notice.units]
        self._known_units = "、".join(names[:_SHOWN_UNITS]) + ("等" if len(names) > _SHOWN_UNITS else "")
        self.faults: list[RosterFault] = []
        self._spelled: dict[str, list[tuple[int, str]]] = {}

    def person(self, row: TableRow) -> RosterRow | None:
        """The person of this row, None when something about it is wrong."""
        before = len(self.faults)
        for column, place in self._columns.items():
            if place in row.formulas:
                self._fault(row, FORMULA.format(column=column))
        role = self._role(row)
        unit = self._unit(row, role)
        made = {
            "userid": self._userid(row),
            "name": self._checked(row, "姓名", normalise_name, BAD_NAME, needed=True),
            "phone": self._checked(row, "电话", normalise_phone, BAD_PHONE),
            "school": self._school(row, unit),
        }
        if len(self.faults) > before or role is None:
            return None
        return RosterRow(
            made["userid"] or "", made["name"], role, unit.id if unit else None, made["school"], made["phone"]
        )

    def _role(self, row: TableRow) -> Role | None:
        said = self._said(row, "角色")
        if said and said not in ROLES:
            self._fault(row, BAD_ROLE.format(value=_shown(said)))
        elif not said:
            self._empty(row, "角色")
        return ROLES.get(said)

    def _unit(self, row: TableRow, role: Role | None) -> Unit | None:
        said = self._said(row, "单位")
        unit = self._units.get(_plain(said))
        if said and unit is None:
            self._fault(row, BAD_UNIT.format(value=_shown(said), units=self._known_units))
        if not said and role is not Role.ADMIN:
            self._empty(row, "单位")
        return unit

    def _userid(self, row: TableRow) -> str:
        said = self._said(row, "userid")
        if not said:
            self._empty(row, "userid")
        elif not _USERID.fullmatch(said):
            self._fault(row, BAD_USERID.format(value=_shown(said)))
        if said:
            written = row.cells[self._columns["userid"]]
            self._spelled.setdefault(_plain(said).lower(), []).append((row.number, written))
        return said.lower()

    def twice(self) -> Iterable[RosterFault]:
        """The userids that stand in several rows, in whatever spelling."""
        for spelled in self._spelled.values():
            if len(spelled) > 1:
                spellings = "、".join(dict.fromkeys(f"“{_shown(written)}”" for _, written in spelled))
                yield RosterFault(tuple(row for row, _ in spelled), TWICE.format(spellings=spellings))

    def _school(self, row: TableRow, unit: Unit | None) -> str | None:
        said = self._said(row, "学校")
        if len(said) > MOST_SCHOOL_SIGNS:
            self._fault(row, BAD_SCHOOL.format(value=_shown(said), most=MOST_SCHOOL_SIGNS))
        if not said and unit is not None and unit.kind is UnitKind.DIRECT_SCHOOL:
            return unit.name
        return said or None

    def _checked(
        self, row: TableRow, column: str, normalise: Callable[[str], str | None], text: str, *, needed: bool = False
    ) -> str | None:
        said = self._said(row, column)
        if not said:
            if needed:
                self._empty(row, column)
            return None
        value = normalise(said)
        if value is None:
            self._fault(row, text.format(value=_shown(said)))
        return value

    def _said(self, row: TableRow, column: str) -> str:
        place = self._columns.get(column)
        return "" if place is None else _cell(row, place)

    def _empty(self, row: TableRow, column: str) -> None:
        if self._columns.get(column) not in row.formulas:  # a formula is a fault of its own
            self._fault(row, EMPTY.format(column=column))

    def _fault(self, row: TableRow, text: str) -> None:
        self.faults.append(RosterFault((row.number,), text))


def _header(table: Table) -> TableRow | None:
    for row in table.rows[:_HEADER_WITHIN]:
        names = {_column(cell) for cell in row.cells}
        if {"姓名", "userid"} <= names:
            return row
    return None


def _columns(header: TableRow) -> tuple[dict[str, int], list[RosterFault]]:
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(header.cells):
        column = _column(cell)
        if column is not None:
            places.setdefault(column, []).append(place)
    rows = (header.number,)
    faults = [RosterFault(rows, MISSING_COLUMN.format(column=name)) for name in NEEDED if name not in places]
    faults += [RosterFault(rows, DOUBLE_COLUMN.format(column=name)) for name, at in places.items() if len(at) > 1]
    return {name: at[0] for name, at in places.items()}, faults


def _column(cell: str) -> str | None:
    name = _BRACKETS.sub("", unicodedata.normalize("NFKC", cell))
    name = _BLANKS.sub("", name).strip("*:").lower()
    return next((column for column, names in COLUMNS.items() if name in names), None)


def _table_faults(table: Table, header: TableRow, rows: Sequence[TableRow]) -> Iterable[RosterFault]:
    if table.cut or len(rows) > MOST_ROWS:
        yield RosterFault((), TOO_MANY.format(most=MOST_ROWS))
    elif not rows:
        yield RosterFault((), NOBODY)
    for row in rows:
        if row.hidden:
            yield RosterFault((row.number,), HIDDEN)
    last = rows[-1].number if rows else 0
    for cells in table.merged:
        touched = range(max(cells.first_row, header.number), min(cells.last_row, last) + 1)
        if cells.last_row >= header.number and touched:
            yield RosterFault(tuple(touched), MERGED.format(cells=cells.name))


def _together(faults: Iterable[RosterFault]) -> tuple[RosterFault, ...]:
    """Equal faults of several rows as one, in the order in which they first appear."""
    rows: dict[str, list[int]] = {}
    for fault in faults:
        rows.setdefault(fault.text, []).extend(fault.rows)
    return tuple(RosterFault(tuple(dict.fromkeys(numbers)), text) for text, numbers in rows.items())


def _cell(row: TableRow, place: int) -> str:
    if place >= len(row.cells):
        return ""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", row.cells[place])).strip()


def _plain(name: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", name))


def _shown(value: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in value)
    return plain if len(plain) <= _SHOWN_VALUE else f"{plain[:_SHOWN_VALUE]}…"
