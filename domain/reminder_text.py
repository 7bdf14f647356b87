"""Puts a reminder into words: the notice's lines, their slots filled, never longer than it may be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter

from domain.reminders import ReminderKind

MOST_BYTES = 900
_LONGEST, _SHORTEST = 48, 8  # characters of one thing in a list

Slots = Mapping[str, str | Sequence[str]]
"""What fills a slot: a text, or several of which as many are named as fit. Empty: there is nothing to say."""

SLOTS: Mapping[ReminderKind, tuple[str, ...]] = {
    ReminderKind.UNIT: ("unit", "left", "deadline", "gaps", "waiting", "mending", "schools", "undone"),
    ReminderKind.CASE: ("count", "cases", "left", "deadline"),
    ReminderKind.SCHOOL: ("school", "must", "left", "deadline"),
    ReminderKind.DIGEST: ("left", "deadline", "count", "units"),
    ReminderKind.ESCALATION: ("left", "deadline", "days", "units"),
    ReminderKind.CLOSING_UNIT: ("unit", "deadline", "gaps", "schools", "undone"),
    ReminderKind.CLOSING: ("deadline", "count", "units", "complete", "extended", "late"),
    ReminderKind.MOVED: ("who", "before", "deadline", "reason", "yours", "settled", "step"),
}
"""The slots each kind has; every one must be said, else something a person owes would not be told."""


def slots_of(line: str) -> tuple[str, ...]:
    """The slots of a line. Raises ValueError for braces that do not pair, or hold anything but a name."""
    found = []
    for _, name, form, conversion in Formatter().parse(line):
        if name is None:
            continue
        if not re.fullmatch(r"[a-z]+", name) or form or conversion:
            raise ValueError(name)
        found.append(name)
    return tuple(found)


def compose(lines: Sequence[str], slots: Slots, most_bytes: int = MOST_BYTES) -> str:
    """The lines with all that fits into `most_bytes` of UTF-8. A line with an empty slot is left out.

    Where it is too long, of the longest list fewer things are named and their number told, again and again; when each
    names one thing only, things are cut."""
    counts = {name: len(value) for name, value in slots.items() if not isinstance(value, str)}
    length = _LONGEST
    while True:
        told = {name: _told(value, counts.get(name, 1), length) for name, value in slots.items()}
        kept = [line for line in lines if all(told.get(name) for name in slots_of(line))]
        text = "\n".join(line.format_map(told) for line in kept)
        if len(text.encode()) <= most_bytes:
            return text
        longest = max(
            (name for name, count in counts.items() if count > 1), key=lambda name: len(told[name]), default=""
        )
        if longest:
            counts[longest] -= 1
        elif length > _SHORTEST:
            length -= _SHORTEST
        else:
            return text


def share(texts: Sequence[int], most_bytes: int) -> list[int]:
    """How many bytes each of several texts that would take so many may take of `most_bytes`: the short ones all they
    need, the others equal parts of the rest."""
    rooms = dict.fromkeys(range(len(texts)), 0)
    left, waiting = most_bytes, sorted(rooms, key=lambda place: texts[place])
    for number, place in enumerate(waiting):
        rooms[place] = min(texts[place], left // (len(waiting) - number))
        left -= rooms[place]
    return list(rooms.values())


def _told(value: str | Sequence[str], count: int, length: int) -> str:
    if isinstance(value, str):
        return value
    more = f"等{len(value)}个" if len(value) > count else ""
    return "、".join(_cut(each, length) for each in value[:count]) + more


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
