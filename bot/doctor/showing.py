"""Results as they are read: a line each for people, JSON Lines for machines."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator

from bot.doctor.examining import Result
from bot.doctor.finding import Verdict

_SIGNS = {Verdict.RIGHT: "✅", Verdict.WARNING: "⚠️", Verdict.WRONG: "❌"}
_COLUMNS = 16
_WIDE = frozenset("WF")


def as_text(results: Iterable[Result]) -> Iterator[str]:
    """A line for each check as it ends; at the end one for each reason why some were left out, and the sum."""
    counts = dict.fromkeys(Verdict, 0)
    left_out: dict[str, list[str]] = {}
    for result in results:
        finding = result.finding
        counts[finding.verdict] += 1
        if finding.verdict is Verdict.UNCHECKED:
            left_out.setdefault(finding.seen, []).append(result.check.title)
            continue
        seen = _printable(finding.seen)
        line = f"{_SIGNS[finding.verdict]} {_padded(result.check.title)}{seen}"
        yield f"{line}。{_printable(finding.advice)}。" if finding.advice else f"{line}。"
    for reason, titles in left_out.items():
        yield f"－ 没有查：{'、'.join(titles)}（{reason}）"
    yield ""
    yield _sum(counts)


def _printable(text: str) -> str:
    """One line for a terminal: what others sent may steer it."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _sum(counts: dict[Verdict, int]) -> str:
    parts = [f"{counts[Verdict.RIGHT]} 项正常"]
    names = ((Verdict.WARNING, "要留意"), (Verdict.WRONG, "不对"), (Verdict.UNCHECKED, "没有查"))
    parts += [f"{counts[verdict]} 项{name}" for verdict, name in names if counts[verdict]]
    todo = "请从第一个 ❌ 改起，改好再查一次。" if counts[Verdict.WRONG] else "没有发现不对的地方。"
    return f"{'，'.join(parts)}。{todo}"


def _padded(title: str) -> str:
    width = sum(2 if unicodedata.east_asian_width(sign) in _WIDE else 1 for sign in title)
    return title + " " * max(1, _COLUMNS - width)


def as_json(results: Iterable[Result]) -> Iterator[str]:
    """One object a line: `check`, `title`, `verdict` (right, warning, wrong, unchecked), `seen`, `advice`."""
    for result in results:
        found = result.finding
        told = {
            "check": result.check.name,
            "title": result.check.title,
            "verdict": found.verdict,
            "seen": found.seen,
            "advice": found.advice,
        }
        yield json.dumps(told, ensure_ascii=False)
