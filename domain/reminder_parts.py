"""Readers for [reminders] of notice.toml and for reminders.toml, the words of the reminders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta
from itertools import chain
from pathlib import Path

from domain.reminder_text import SLOTS, slots_of
from domain.reminders import AFTER, ReminderKind, ReminderPlan, ReminderText, Round
from domain.section import FaultBook, Section

REMINDERS_FILE = "reminders.toml"
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_FOREIGN = re.compile(r"[A-Za-z]+(?:[ '-][A-Za-z]+)*")
_MOST_ROUNDS_BEFORE = 60
_MOST_HOURS = 72
_MOST_SPREAD = 55
_LONGEST = 360  # bytes of fixed words, so that what is owed fits beside them
_PLANNED = tuple(kind for kind in ReminderKind if kind is not ReminderKind.MOVED)


def read_reminders(section: Section, words: Mapping[str, object] | None, file: Path, book: FaultBook) -> ReminderPlan:
    """When reminders go out, and what they say. `words` is what was read from the `file`, None if that failed; their
    faults are noted in `book`."""
    texts = {} if words is None else _read_texts(Section(words, book), file.read_text(encoding="utf-8-sig"), book)
    plan = ReminderPlan(
        quiet_from=_clock(section, "quiet_from"),
        quiet_until=_clock(section, "quiet_until"),
        spread_minutes=section.whole("spread_minutes", minimum=1, maximum=_MOST_SPREAD),
        idle=timedelta(hours=section.whole("idle_hours", minimum=1)),
        silent=timedelta(days=section.whole("silent_days", minimum=1)),
        rounds=tuple(_read_round(each) for each in section.children("rounds", named_by="id")),
        texts=texts,
    )
    section.close()
    return plan


def _read_round(section: Section) -> Round:
    kinds = section.references("kinds", "提醒种类", [kind.value for kind in _PLANNED])
    before, after = section.maybe_whole("days_before"), section.maybe_whole("days_after", minimum=1)
    hours = section.maybe_whole("hours_before", minimum=1)
    given = [value for value in (before, after, hours) if value is not None]
    if len(given) != 1:
        section.fault(f"{section.path} 须在 days_before、days_after、hours_before 里写一项，也只能写一项。")
    if (before or 0) > _MOST_ROUNDS_BEFORE or (after or 0) > _MOST_ROUNDS_BEFORE or (hours or 0) > _MOST_HOURS:
        section.fault(f"{section.path} 离截止太远：最多 {_MOST_ROUNDS_BEFORE} 天或 {_MOST_HOURS} 小时。")
    a_round = Round(
        id=section.text("id"),
        name=section.text("name"),
        kinds=tuple(kind for kind in _PLANNED if kind.value in kinds),
        days=-after if after is not None else before,
        at=time(9) if hours is not None else _clock(section, "at"),
        hours=hours,
    )
    wrong = [kind.value for kind in a_round.kinds if (kind in AFTER) is not a_round.is_after]
    if wrong and len(given) == 1:
        when = "截止以后" if a_round.is_after else "截止以前"
        section.fault(f"{section.key('kinds')} 里的 {'、'.join(wrong)} 不能在{when}发。", "kinds")
    section.close()
    return a_round


def _clock(section: Section, key: str) -> time:
    written = section.text(key)
    found = _CLOCK.fullmatch(written)
    if written and found is None:
        section.fault(f"{section.key(key)} 写的“{written}”不是时刻，应形如 09:00。", key)
    return time(int(found[1]), int(found[2])) if found else time(9)


def _read_texts(root: Section, source: str, book: FaultBook) -> dict[ReminderKind, ReminderText]:
    """The words of every kind. `source` is the file's text: faults in words are told with their line."""
    texts = {}
    for kind in ReminderKind:
        section = root.child(kind.value)
        text = ReminderText(section.text("name"), section.texts("lines"))
        section.close()
        texts[kind] = text
        if section.sound:
            _check(kind, text, _Places(source, kind.value), book)
    root.close()
    return texts


class _Places:
    """Finds the line of the file in which something stands."""

    def __init__(self, source: str, table: str) -> None:
        self._lines = source.splitlines()
        header = re.compile(rf"\s*\[\s*{re.escape(table)}\s*\]")
        self.header = next((number for number, line in enumerate(self._lines, 1) if header.match(line)), 1)

    def of(self, words: str) -> int:
        """The line of these words after the table's header; the header's own if they are written in another way."""
        behind = enumerate(self._lines[self.header :], self.header + 1)
        return next((number for number, line in behind if words in line), self.header)


def _check(kind: ReminderKind, text: ReminderText, places: _Places, book: FaultBook) -> None:
    allowed = SLOTS[kind]
    used: list[str] = []
    for line in text.lines:
        where = f"第{places.of(line)}行（{kind.value}）"
        try:
            slots = slots_of(line)
        except ValueError:
            book.add(f"{where}的花括号不对：空位要写成 {{名称}}，名称是小写字母，左右括号成对。")
            continue
        used += slots
        unknown = [name for name in slots if name not in allowed]
        if unknown:
            book.add(f"{where}没有 {'、'.join(unknown)} 这个空位，可以写：{'、'.join(allowed)}。")
        foreign = _FOREIGN.search(re.sub(r"\{[^}]*\}", "", line))
        if foreign:
            book.add(f"{where}里有“{foreign.group()}”：提醒是发给人看的，请只用中文。")
    missing = [name for name in allowed if name not in used]
    if missing:
        book.add(f"第{places.header}行（{kind.value}）缺少空位 {'、'.join(missing)}，不写出来，收到的人就不知道。")
    length = len("".join(chain.from_iterable(re.sub(r"\{[^}]*\}", "", line) for line in text.lines)).encode())
    if length > _LONGEST:
        most = f"最多 {_LONGEST}（约 {_LONGEST // 3} 字）"
        book.add(f"第{places.header}行（{kind.value}）太长：固定的话有 {length} 字节，{most}。")
