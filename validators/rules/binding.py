"""Turns the notice's rule entries into rules with typed parameters, and reports everything wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from domain.errors import ConfigError
from domain.notice import Category, Notice, RuleUse
from validators.rules.contract import BoundRule, Rule, Subject


def bind_uses(rules: tuple[Rule, ...], notice: Notice) -> tuple[BoundRule, ...]:
    """One bound rule for each entry of `notice.rules`, in the order of `rules`. Raises ConfigError."""
    by_name = {rule.name: rule for rule in rules}
    faults: list[str] = []
    bound: list[BoundRule] = []
    for number, use in enumerate(notice.rules, start=1):
        where = f"rules 第{number}项（{use.rule}）"
        found = [*_category_faults(where, use, notice), *use_faults(rules, where, use, notice)]
        faults.extend(found)
        if not found:
            rule = by_name[use.rule]
            bound.append(BoundRule(rule, rule.params(**_values(use)), use))
    faults.extend(_double_faults(notice))
    if faults:
        raise ConfigError(tuple(faults))
    order = {rule.name: place for place, rule in enumerate(rules)}
    return tuple(sorted(bound, key=lambda item: order[item.rule.name]))


def use_faults(rules: tuple[Rule, ...], where: str, use: RuleUse, notice: Notice) -> tuple[str, ...]:
    """What is wrong with the rule, the parameters and the known categories of one entry, which stands at `where`."""
    rule = next((rule for rule in rules if rule.name == use.rule), None)
    if rule is None:
        names = sorted(rule.name for rule in rules)
        near = get_close_matches(use.rule, names, n=1)
        hint = f"是不是想写 {near[0]}？" if near else ""
        return (f"{where}.rule 没有“{use.rule}”这个检查，{hint}可用：{'、'.join(names)}。",)
    known = [category for category in notice.categories if category.code in use.categories]
    impossible = [
        f"{where}.categories 里的 {category.code} {lack}" for category in known if (lack := _lack(rule, category))
    ]
    return (*impossible, *_param_faults(rule, where, use, notice))


def _lack(rule: Rule, category: Category) -> str:
    """Why the rule has nothing to look at in this category, "" when it has."""
    if rule.subject is Subject.WORD and category.text is None:
        return f"没有 text（文字材料），{rule.name} 检查不了，请去掉。"
    if rule.subject is Subject.VIDEO and category.video is None:
        return f"没有 video（视频），{rule.name} 检查不了，请去掉。"
    if rule.needs_template and not (category.text and category.text.template):
        return f"的 text.template 是 false，{rule.name} 检查不了，请去掉。"
    return ""


def _category_faults(where: str, use: RuleUse, notice: Notice) -> Iterator[str]:
    known = [category.code for category in notice.categories]
    if not use.categories:
        yield f"{where}.categories 不能是空列表，可以写：{'、'.join(known)}。"
    for code in use.categories:
        if code not in known:
            yield f"{where}.categories 写的“{code}”不是已有的案例类型，可以写：{'、'.join(known)}。"


def _double_faults(notice: Notice) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for use in notice.rules:
        for code in use.categories:
            if (use.rule, code) in seen:
                yield f"rules 里 {use.rule} 对案例类型 {code} 写了两次，须只有一项。"
            seen.add((use.rule, code))


def _param_faults(rule: Rule, where: str, use: RuleUse, notice: Notice) -> Iterator[str]:
    hints = get_type_hints(rule.params, include_extras=True)
    known = {field.name: field for field in fields(rule.params)}
    for name in sorted(use.params.keys() - known.keys()):
        near = get_close_matches(name, known, n=1)
        hint = f"是不是想写 {near[0]}？" if near else ""
        listed = "、".join(sorted(known)) or "（这个检查没有参数）"
        yield f"{where}.params 里没有“{name}”这个参数，{hint}可以写：{listed}。"
    for name, field in known.items():
        if name in use.params:
            fault = _value_fault(hints[name], use.params[name], notice)
            if fault:
                yield f"{where}.params.{name} 写的是 {_shown(use.params[name])}，{fault}。"
        elif field.default is MISSING and field.default_factory is MISSING:
            yield f"{where}.params 缺少 {name}，应为{_wanted(hints[name])}。"
    low, high = use.params.get("min"), use.params.get("max")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield f"{where}.params.min 是 {low}，大于 max 的 {high}，写反了。"


def _value_fault(hint: Any, value: object, notice: Notice) -> str:
    """What the value should be, "" when it is."""
    bounds = hint.__metadata__ if get_origin(hint) is Annotated else ()
    plain = get_args(hint)[0] if bounds else hint
    if not _fits(plain, value):
        return f"应为{_wanted(plain)}"
    return next((bound.wanted(notice) for bound in bounds if not bound.allows(value, notice)), "")


def _values(use: RuleUse) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in use.params.items()}


def _fits(hint: Any, value: object) -> bool:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return any(_fits(member, value) for member in get_args(hint))
    if origin is tuple:
        return isinstance(value, tuple | list) and all(_fits(get_args(hint)[0], item) for item in value)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is (NoneType if hint is None else hint)


def _wanted(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        return _wanted(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return "或".join(_wanted(member) for member in get_args(hint) if member is not NoneType)
    if get_origin(hint) is tuple:
        return f"{_wanted(get_args(hint)[0])}的列表"
    return {int: "整数", float: "数", str: "文字", bool: "true 或 false"}.get(hint, str(hint))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return f"“{value}”" if isinstance(value, str) else str(value)
