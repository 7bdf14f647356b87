"""The basic-information table of the template: every field there, every field filled in.

The table is found by its labels in any reasonable shape: label and value side by side, labels in a head row with the
values below, two pairs in a row, label and value in one cell with a colon, or simple
lines "案例名称：…" without a table.

Parameter: `optional`, fields that may be left empty or left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from validators.facts import FileFacts
from validators.rules.bounds import InfoFields
from validators.rules.contract import Context, Fault, Rule, Subject, where, word_of
from validators.rules.info_table import find_fields, is_filled


@dataclass(frozen=True, slots=True)
class Params:
    """Fields that may be empty or missing."""

    optional: Annotated[tuple[str, ...], InfoFields()] = ()


def check(facts: FileFacts, params: Params, context: Context) -> Iterator[Fault]:
    """At most one fault for missing and one for empty fields."""
    word = word_of(facts)
    fields = context.notice.template.info_fields
    name = context.notice.template.info_title or "案例基本信息"
    found = find_fields(word, fields)
    wanted = "、".join(f"“{item}”" for item in fields)
    if not found:
        yield Fault(f"没有找到“{name}”表。", f"请按模板在正文前加上这张表，填写{wanted}。", wanted, "没有找到")
        return
    needed = [item for item in fields if item not in params.optional]
    lost = "、".join(f"“{item}”" for item in needed if item not in found)
    if lost:
        first = min(item.paragraph for item in found.values())
        yield Fault(f"“{name}”表缺少{lost}。", "请按模板补上并填写。", wanted, f"缺少{lost}", where(word, first))
    hollow = [item for item in needed if item in found and not is_filled(found[item].value)]
    if hollow:
        names = "、".join(f"“{item}”" for item in hollow)
        place = where(word, found[hollow[0]].paragraph)
        yield Fault(f"“{name}”表里{names}没有填写。", "请填写后再发给我。", "每一项都填写", f"{names}为空", place)


RULE = Rule("S02", "template.info", "基本信息", Subject.WORD, Params, check, documentation=__doc__, needs_template=True)
