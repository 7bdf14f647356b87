"""Whether an answer is what a question's case asks for.

A case file (tests/cases/answers/*.jsonl) holds one case a line:

    {"id", "role", "kind", "q", "expect", "also"?, "must"?, "lacks"?, "section"}

`expect` is the label wanted, `also` others that are as fair. `must` is asked of answers only: of each group one of the
ways has to be said. `lacks` must never be said. A way "{name}" stands for all ways that ways/ways.toml has under that
name; "^..." has to open the text. Compared are texts in half width and small letters without white space,
quotation marks and the question itself. A way hits neither inside a longer number (5 in 15) nor right behind a word of
negation (符合 in 不符合), except where it begins with one itself.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases" / "answers"
LONGEST = 800
_SHORTEST_ECHO = 5
_QUOTES = str.maketrans("", "", "“”‘’\"'「」『』《》<>〈〉`*")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\ufe0f]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_OPENERS = re.compile(r"^(?:[^\w]+|(?:您好|你好|老师好|老师|结论|回答|答案|答|提示)(?=[^\w]))")
_NEGATING = "不没未非无勿莫否别"
_NEGATION = re.compile(
    rf"(?:[{_NEGATING[:-1]}]|不是|不算|没有|不会|不必|不需要?|无[需须]|不用|不再|不太|并非|不一定|没法|不完全|尚未"
    r"|毋需|不要求|不属于|算不|不大)$"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A question as a person put it, and what has to come back."""

    id: str
    role: str
    kind: str
    question: str
    expected: str
    labels: frozenset[str]
    must: tuple[tuple[str, ...], ...]
    lacks: tuple[str, ...]


def read_cases(name: str) -> tuple[Case, ...]:
    """The cases of a file beside the others."""
    ways = tomllib.loads((CASES / "ways" / "ways.toml").read_text("utf-8"))
    lines = (CASES / name).read_text("utf-8").splitlines()
    return tuple(_case(json.loads(line), ways) for line in lines if line.strip())


def _case(written: dict[str, object], ways: dict[str, list[str]]) -> Case:
    def spelt(group: list[str]) -> tuple[str, ...]:
        return tuple(way for word in group for way in (ways[word[1:-1]] if word.startswith("{") else [word]))

    return Case(
        id=written["id"],
        role=written["role"],
        kind=written["kind"],
        question=written["q"],
        expected=written["expect"],
        labels=frozenset({written["expect"], *written.get("also", ())}),
        must=tuple(spelt(group) for group in written.get("must", ())),
        lacks=spelt(written.get("lacks", [])),
    )


def faults(case: Case, label: str, answer: str) -> list[str]:
    """What is wrong with this answer; nothing when it is as the case wants it."""
    text = _plain(answer)
    asked = re.sub(r"[^\w]+$", "", _plain(case.question))
    if len(asked) >= _SHORTEST_ECHO:
        text = text.replace(asked, "")
    found = [] if len(answer) <= LONGEST else [f"longer than {LONGEST}"]
    if label not in case.labels:
        found.append(f"label {label}, wanted {'/'.join(sorted(case.labels))}")
    if label == "answer":
        found += [f"lacks {'|'.join(group[:4])}" for group in case.must if not any(_says(text, way) for way in group)]
    return found + [f"says {way}" for way in forbidden(case, text)]


def is_false_answer(case: Case, label: str, answer: str) -> bool:
    """Whether something is claimed that the notice does not say."""
    if case.expected == "answer":
        return False
    return (label == "answer" and label not in case.labels) or bool(forbidden(case, _plain(answer)))


def forbidden(case: Case, text: str) -> list[str]:
    """What the case forbids and the plain text says."""
    return [way for way in case.lacks if _says(text, way)]


def _plain(text: str) -> str:
    half_width = unicodedata.normalize("NFKC", text).lower().translate(_QUOTES).replace("∶", ":")
    return _THOUSANDS.sub("", _BLANK.sub("", half_width.replace("_gb2312", "")))


def _says(text: str, way: str) -> bool:
    wanted = _plain(way.removeprefix("^"))
    if way.startswith("^"):
        return _opening(text).startswith(wanted)
    lead = r"(?<!\d)" if wanted[0].isdigit() else ""
    tail = r"(?!\d)" if wanted[-1].isdigit() else ""
    places = re.finditer(f"(?={lead}{re.escape(wanted)}{tail})", text)
    return any(wanted[0] in _NEGATING or not _NEGATION.search(text[: place.start()]) for place in places)


def _opening(text: str) -> str:
    while (shorter := _OPENERS.sub("", text)) != text:
        text = shorter
    return text
