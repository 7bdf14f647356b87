"""The notice's text, cut into clauses: `notice.md` of a pack.

Each clause begins with a line `[id] label`; everything up to the next such line is its text, as printed. The id is
stable ASCII (letters, digits, dots, dashes), the label is what people cite.
"""

from __future__ import annotations

import re

from domain.notice import Clause
from domain.section import FaultBook

_HEAD = re.compile(r"\[(?P<id>[^\]\s]*)\]\s*(?P<label>.*)")
_ID = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")


def parse_clauses(text: str, book: FaultBook) -> tuple[Clause, ...]:
    """The clauses in order. Noted in `book`: text before the first, bad or repeated ids and labels, empty clauses."""
    heads: list[tuple[int, str, str]] = []
    bodies: list[list[str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        head = _HEAD.fullmatch(line.strip())
        if head:
            heads.append((number, head["id"], head["label"].strip()))
            bodies.append([])
        elif bodies:
            bodies[-1].append(line.rstrip())
        elif line.strip():
            book.add(f"第{number}行在第一个条款之前，须放在“[条款号] 名称”一行之后。")
    if not heads:
        book.add("没有条款；每条以“[条款号] 名称”一行开头，如“[2.1] 二、材料要求 1”。")
    clauses = tuple(
        Clause(id=clause_id, label=label, text="\n".join(body).strip())
        for (_, clause_id, label), body in zip(heads, bodies, strict=True)
    )
    _check(clauses, [number for number, _, _ in heads], book)
    return clauses


def _check(clauses: tuple[Clause, ...], lines: list[int], book: FaultBook) -> None:
    ids: dict[str, int] = {}
    labels: dict[str, int] = {}
    for clause, line in zip(clauses, lines, strict=True):
        if not _ID.fullmatch(clause.id):
            book.add(f"第{line}行的条款号“{clause.id}”不对，只能用英文字母、数字、点和短横，如 2.1、a1。")
        if not clause.label:
            book.add(f"第{line}行的条款 {clause.id} 没有名称，如“二、材料要求 1”。")
        if not clause.text:
            book.add(f"第{line}行的条款 {clause.id} 没有正文。")
        if clause.id in ids:
            book.add(f"第{line}行的条款号 {clause.id} 在第{ids[clause.id]}行已经用过，须各不相同。")
        if clause.label and clause.label in labels:
            book.add(f"第{line}行的条款名称“{clause.label}”在第{labels[clause.label]}行已经用过，须各不相同。")
        ids.setdefault(clause.id, line)
        labels.setdefault(clause.label, line)
