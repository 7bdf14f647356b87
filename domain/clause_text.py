"""The notice's text, cut into clauses: `notice.md` of a pack.

Each clause begins with a line `[id] label`; everything up to the next such line is its text, as printed. The id is
stable ASCII (letters, digits, dots, dashes), the label is what people cite.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from domain.notice import Clause
from domain.section import FaultBook

_HEAD = re.compile(r"\[(?P<id>[^\]\s]*)\]\s*(?P<label>.*)")
_ALMOST = (
    re.compile(r"[\[【［](?P<id>[^\]】］]{1,16})[\]】］]\s*(?P<label>.*)"),
    re.compile(r"[\[【［]\s*(?P<id>[A-Za-z0-9.\-]+)(?:\s+(?P<label>.*))?"),
    re.compile(r"(?P<id>[A-Za-z0-9.\-]+)\s*[\]】］]\s*(?P<label>.*)"),
)
_ID = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
_LAST_NUMBER = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True)
class ClauseText:
    """The clauses, and what is known of them in spite of faults.

    `ids` may be referred to: those of the clauses and those that a spoilt head line was probably meant to have. The
    texts of the `doubtful` ones may be those of others."""

    clauses: tuple[Clause, ...]
    ids: tuple[str, ...]
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Head:
    line: int
    id: str
    label: str
    spoilt: bool = False


def read_clauses(text: str, book: FaultBook) -> ClauseText:
    """The clauses in order. Noted in `book`: text before the first, bad or repeated ids and labels, empty clauses."""
    heads: list[_Head] = []
    bodies: list[list[str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        head = _head(number, line.strip())
        if head is not None:
            heads.append(head)
            bodies.append([])
        elif bodies:
            bodies[-1].append(line.rstrip())
        elif line.strip():
            book.add(f"第{number}行在第一个条款之前，须放在“[条款号] 名称”一行之后。")
    if not heads:
        book.add("没有条款；每条以“[条款号] 名称”一行开头，如“[2.1] 二、材料要求 1”。")
    clauses = tuple(
        Clause(id=head.id, label=head.label, text="\n".join(body).strip())
        for head, body in zip(heads, bodies, strict=True)
    )
    _check(clauses, heads, book)
    lost, doubtful = _lost(heads)
    return ClauseText(clauses, tuple(dict.fromkeys((*(head.id for head in heads), *lost))), doubtful)


def _head(number: int, line: str) -> _Head | None:
    """The head in this line; also one whose brackets are not right, as far as an id can be made out."""
    found = _HEAD.fullmatch(line)
    if found and _ID.fullmatch(found["id"]):
        return _Head(number, found["id"], found["label"].strip())
    for almost in _ALMOST:
        near = almost.fullmatch(line)
        meant = "".join(unicodedata.normalize("NFKC", near["id"]).split()) if near else ""
        if near and _ID.fullmatch(meant):
            return _Head(number, meant, (near["label"] or "").strip(), spoilt=True)
    return _Head(number, found["id"], found["label"].strip()) if found else None


def _check(clauses: tuple[Clause, ...], heads: list[_Head], book: FaultBook) -> None:
    ids: dict[str, int] = {}
    labels: dict[str, int] = {}
    for clause, head in zip(clauses, heads, strict=True):
        line = head.line
        if head.spoilt:
            book.add(f"第{line}行像是条款 {clause.id} 的开头，但写法不对，应写成“[{clause.id}] 名称”，用半角方括号。")
        elif not _ID.fullmatch(clause.id):
            book.add(f"第{line}行的条款号“{clause.id}”不对，只能用英文字母、数字、点和短横，如 2.1、a1。")
        if not clause.label and not head.spoilt:
            book.add(f"第{line}行的条款 {clause.id} 没有名称，如“二、材料要求 1”。")
        if not clause.text:
            book.add(f"第{line}行的条款 {clause.id} 没有正文。")
        if clause.id in ids:
            book.add(f"第{line}行的条款号 {clause.id} 在第{ids[clause.id]}行已经用过，须各不相同。")
        if clause.label and clause.label in labels:
            book.add(f"第{line}行的条款名称“{clause.label}”在第{labels[clause.label]}行已经用过，须各不相同。")
        ids.setdefault(clause.id, line)
        labels.setdefault(clause.label, line)


def _lost(heads: list[_Head]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The ids that heads with a repeated or impossible id were probably meant to have: those that would have come next
    there. And the ids whose texts are doubtful for it."""
    written = [head.id for head in heads]
    lost: dict[str, None] = {}
    doubtful: set[str] = set()
    for place, head in enumerate(heads):
        repeated = written.count(head.id) > 1
        if repeated or not _ID.fullmatch(head.id):
            doubtful.add(head.id)
            before = written[place - 1] if place else ""
            lost |= dict.fromkeys(name for name in _next(before) if name not in written)
    return tuple(lost), frozenset(doubtful) | frozenset(lost)


def _next(clause_id: str) -> tuple[str, ...]:
    """What may follow 1.2: 1.3, 1.2.1, 2."""
    if not clause_id:
        return ()
    parts = clause_id.split(".")
    followers = [f"{clause_id}.1"]
    for length in range(len(parts), 0, -1):
        number = _LAST_NUMBER.search(parts[length - 1])
        if number:
            last = parts[length - 1][: number.start()] + str(int(number.group()) + 1)
            followers.append(".".join((*parts[: length - 1], last)))
    return tuple(followers)
