"""Slots in the texts of answers.toml: {awards.rate_percent}, {categories.A1.focus}, {stages.review.last_day}.

A slot is a path into the notice. An item of a list is named by its code, id, name, title, kind or place (from 0); a
list of words reads "甲、乙、丙"; `count` is its length. A stage has `first_day` and `last_day`, awards `ratio`, the
notice `counties`."""

from __future__ import annotations

import re

from answers.dates import first_day, last_day, show
from domain.notice import Awards, Fact, Notice, Stage, UnitKind

SLOT = re.compile(r"\{([^{}]*)\}")
_KEYS = ("code", "id", "name", "title", "kind")
_QUOTE = re.compile(r"“([^“”]{6,})”")


def resolved(notice: Notice, path: str) -> str:
    """The text at `path` in the notice. Raises KeyError when there is none."""
    value: object = notice
    for step in path.split("."):
        value = _step(notice, value, step, path)
    return _shown(value, path)


def _step(notice: Notice, value: object, step: str, path: str) -> object:
    if isinstance(value, tuple):
        return _item(value, step, path)
    if isinstance(value, Notice) and step == "counties":
        return tuple(unit for unit in value.units if unit.kind is UnitKind.COUNTY)
    if isinstance(value, Stage) and step in {"first_day", "last_day"}:
        return show((first_day if step == "first_day" else last_day)(value, notice.timezone), notice.timezone)
    if isinstance(value, Awards) and step == "ratio":
        return ":".join(str(part) for part in value.parts)
    found = getattr(value, step, None)
    if step == "formats" and isinstance(found, tuple):
        return tuple(str(suffix).upper() for suffix in found)
    if found is None or callable(found):
        raise KeyError(path)
    return found


def _item(items: tuple[object, ...], step: str, path: str) -> object:
    if step == "count":
        return len(items)
    for key in _KEYS:
        for item in items:
            if getattr(item, key, None) == step:
                return item
    if step.isdecimal() and int(step) < len(items):
        return items[int(step)]
    raise KeyError(path)


def _shown(value: object, path: str) -> str:
    if isinstance(value, tuple):
        return "、".join(_shown(item, path) for item in value)
    if isinstance(value, str | int | float):
        return str(value)
    for key in ("name", "title", "text"):
        text = getattr(value, key, None)
        if isinstance(text, str):
            return text
    raise KeyError(path)


def filled(notice: Notice, say: str) -> str:
    """`say` with every slot filled. Raises KeyError for a slot the notice does not have."""
    return SLOT.sub(lambda match: resolved(notice, match.group(1)), say)


def fact_faults(notice: Notice, fact: Fact) -> tuple[str, ...]:
    """What is wrong with one fact: unknown slots or clauses, digits written into the prose, quotations that stand in
    none of its clauses. Empty when it is sound."""
    faults = []
    for path in SLOT.findall(fact.say):
        try:
            resolved(notice, path)
        except KeyError:
            faults.append(f"answers.toml：{fact.id}：通知里没有 {{{path}}}")
    known = {clause.id: clause for clause in notice.clauses}
    faults += [f"answers.toml：{fact.id}：没有条款 {name}" for name in fact.clauses if name not in known]
    prose = SLOT.sub("", fact.say)
    source = "".join(_bare(known[name].text) for name in fact.clauses if name in known)
    faults += [
        f"answers.toml：{fact.id}：引文“{quote}”不在所引条款里"
        for quote in _QUOTE.findall(prose)
        if _bare(quote) not in source
    ]
    for allowed in (*(item.code for item in notice.categories), *_labels(notice)):
        prose = prose.replace(allowed, "")
    if re.search(r"\d", prose):
        faults.append(f"answers.toml：{fact.id}：数字要写成 {{…}}，不能直接写在答法里")
    return tuple(faults)


def _labels(notice: Notice) -> tuple[str, ...]:
    """What may stand in prose with its digit: 附件1, and the notice's name for text with supporting files."""
    scheme = (notice.supporting.scheme,) if notice.supporting else ()
    return (*(f"附件{item.number}" for item in notice.attachments), *scheme)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
