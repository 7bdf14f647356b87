"""A text that has to be illustrated (图文并茂) needs at least one picture in its body.

A logo in the header and pictures that lie unused inside the file are not shown on the page and do not count. When there
are only charts or diagrams, a person decides whether they illustrate the text.

Parameter: `min` (default 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from validators.facts import FileFacts
from validators.report import Status
from validators.rules.bounds import Range
from validators.rules.contract import Context, Fault, Rule, Subject, word_of
from validators.rules.drawings import measured, shown_apart


@dataclass(frozen=True, slots=True)
class Params:
    """The fewest pictures wanted."""

    min: Annotated[int, Range(1)] = 1


def check(facts: FileFacts, params: Params, _context: Context) -> Iterator[Fault]:
    """At most one fault."""
    pictures = word_of(facts).pictures
    if pictures.drawn >= params.min:
        return
    wanted, found = f"至少 {params.min} 张", f"{pictures.drawn} 张"
    apart = shown_apart(pictures)
    if apart:
        message = f"没有插图{apart}，要求图文并茂。"
        yield Fault(message, "图表算不算插图，请人工确认。", wanted, found, status=Status.UNCHECKED)
        return
    header = "（页眉里的图不算）" if pictures.in_headers else ""
    counted = f"正文里只有 {found}插图" if pictures.drawn else "正文里没有插图"
    message = f"{counted}{header}，要求图文并茂，{wanted}。"
    yield Fault(message, "请在正文里插入与内容有关的图片，再发给我。", wanted, found)


RULE = Rule("P02", "pictures.required", "插图", Subject.WORD, Params, check, measured, documentation=__doc__)
