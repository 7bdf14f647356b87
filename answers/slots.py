"""Slots in the texts of answers.toml: {awards.rate_percent}, {categories.A1.focus}, {stages.review.last_day}.

A slot is a path into the notice. An item of a list is named by its code, id, name, title, kind or place (from 0); a
list of words reads "甲、乙、丙"; `count` is its length. A stage has `first_day` and `last_day`, awards `ratio`, the
notice `counties`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from difflib import get_close_matches

from answers.dates import first_day, last_day, show
from answers.lexicon import lexicon
from answers.patterns import compiled
from domain.notice import Awards, Fact, Notice, Stage, UnitKind

SLOT = re.compile(r"\{([^{}]*)\}")
_KEYS = ("code", "id", "name", "title", "kind")
_WORD = re.compile(r"[\w#@]")
_SAYS_SOMETHING = re.compile(r"[\u4e00-\u9fff@]|[A-Za-z0-9].*[A-Za-z0-9]")
_HIDDEN = ("facts", "rules", "clauses", "digest")
_MOST_SHOWN = 40
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
    """What is wrong with one fact: unknown clauses and everything `text_faults` finds. Empty when it is sound."""
    where = f"facts（{fact.id}）"
    known = {clause.id for clause in notice.clauses}
    unknown = tuple(
        f"answers.toml：{where}.clauses 里的“{name}”不是通知的条款。" for name in fact.clauses if name not in known
    )
    return (*unknown, *text_faults(notice, fact, where))


def _doer_faults(fact: Fact, where: str) -> Iterator[str]:
    """What is wrong with who does what: a deed or a body the language data have no words for."""
    words = lexicon()
    named = (("deed", (fact.deed,) if fact.deed else (), words.deeds), ("by", fact.by, words.bodies))
    for key, written, known in named:
        for name in written:
            if name not in known:
                yield f"{where}.{key} 写的“{name}”没有说法，可以写：{'、'.join(known)}。"


def text_faults(notice: Notice, fact: Fact, where: str, *, incomplete: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What is wrong with the words of the fact that stands at `where`: topics that ask for nothing, deeds and
    bodies without words, slots the notice
    does not have, digits in the prose, quotations that stand in none of its clauses.

    Entries that slots miss in the notice's `incomplete` fields may be the faulty ones and are not noted; nor are
    quotations of a fact without clauses."""
    found = [*_topic_faults(fact, where), *_doer_faults(fact, where), *_slot_faults(notice, fact, where, incomplete)]
    known = {clause.id: clause for clause in notice.clauses}
    prose = SLOT.sub("", fact.say)
    source = "".join(_bare(known[name].text) for name in fact.clauses if name in known)
    found += [
        f"{where}.say 里的引文“{quote}”不在所引条款（{'、'.join(fact.clauses)}）的原文里。"
        for quote in _QUOTE.findall(prose)
        if source and _bare(quote) not in source
    ]
    for allowed in (*(item.code for item in notice.categories), *_labels(notice)):
        prose = prose.replace(allowed, "")
    digits = re.findall(r"\d+", prose)
    if digits and not {"{", "}"} & set(prose):
        found.append(f"{where}.say 里的数字 {'、'.join(digits)} 要写成 {{…}}，取自 notice.toml，不能直接写。")
    return tuple(f"answers.toml：{fault}" for fault in found)


def _topic_faults(fact: Fact, where: str) -> Iterator[str]:
    for topic in fact.topics:
        terms = topic.split()
        words = [word for term in terms for word in term.removeprefix("!").split("|")]
        wanted = " ".join(term for term in terms if not term.startswith("!"))
        try:
            compiled(topic)
        except ValueError:
            sound = False
        else:
            sound = all(map(_WORD.search, words)) and _SAYS_SOMETHING.search(wanted) is not None
        if not sound:
            yield (
                f"{where}.topics 里的“{topic}”问不到东西：要有至少一个不带“!”的词，“|”两边都要有词，"
                "每个词里要有汉字、字母或数字，如“字数 多少|几 !标题”。"
            )


def _slot_faults(notice: Notice, fact: Fact, where: str, incomplete: frozenset[str]) -> Iterator[str]:
    for path in SLOT.findall(fact.say):
        try:
            resolved(notice, path)
        except KeyError:
            step, options, certain = _choices(notice, path)
            if path.split(".")[0] in incomplete and not certain:
                continue
            near = get_close_matches(step, options, n=1)
            hint = f"是不是想写 {near[0]}？" if near else ""
            listed = "、".join(options[:_MOST_SHOWN])
            yield f"{where}.say 里的 {{{path}}} 取不到：“{step}”不对，{hint}这里可以写：{listed}。"
    rest = SLOT.sub("\0", fact.say)
    for brace in re.finditer(r"\{[^\0{}]*|[^\0{}]{0,12}\}", rest):
        yield (
            f"{where}.say 里“{brace.group()[:_MOST_SHOWN]}”的花括号没有成对，"
            "应写成 {路径}，如 {awards.rate_percent}。"
        )


def _choices(notice: Notice, path: str) -> tuple[str, list[str], bool]:
    """The step of `path` that leads nowhere, what could stand in its place, and whether that is certain whatever the
    notice's data are."""
    value: object = notice
    for step in path.split("."):
        try:
            value, before = _step(notice, value, step, path), value
        except KeyError:
            return step, _options(value), is_dataclass(value) and not hasattr(value, step)
    return path.rsplit(".", maxsplit=1)[-1], [f"{step}.{name}" for name in _options(value)] or _options(before), False


def _options(value: object) -> list[str]:
    if isinstance(value, tuple):
        names = [next((str(name) for key in _KEYS if (name := getattr(item, key, None))), "") for item in value]
        return [*(name or str(place) for place, name in enumerate(names)), "count"]
    own = [item.name for item in fields(value) if item.name not in _HIDDEN] if is_dataclass(value) else []
    extra = ["first_day", "last_day"] if isinstance(value, Stage) else ["ratio"] if isinstance(value, Awards) else []
    return own + extra


def _labels(notice: Notice) -> tuple[str, ...]:
    """What may stand in prose with its digit: 附件1, as listed or as the text has it, and the notice's name for text
    with supporting files."""
    scheme = (notice.supporting.scheme,) if notice.supporting else ()
    printed = re.findall(r"附件\d+", _bare("".join(clause.text for clause in notice.clauses)))
    return (*(f"附件{item.number}" for item in notice.attachments), *printed, *scheme)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def check(notice: Notice) -> tuple[str, ...]:
    """Every fault of the notice's answers.toml, one sentence each; empty when it is sound."""
    faults = [fault for fact in notice.facts for fault in fact_faults(notice, fact)]
    for fact in notice.facts:
        faults += [f"answers.toml：{fact.id}：没有写问法" for _ in range(not fact.topics)]
    return tuple(faults)
