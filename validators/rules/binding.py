"""Turns the notice's rule entries into rules with typed parameters, and reports everything wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from domain.errors import ConfigError
from domain.notice import Notice, RuleUse
from validators.rules.contract import BoundRule, Rule


def bind_uses(rules: tuple[Rule, ...], notice: Notice) -> tuple[BoundRule, ...]:
    """One bound rule for each entry of `notice.rules`, in the order of `rules`. Raises ConfigError."""
    by_name = {rule.name: rule for rule in rules}
    categories = {category.code for category in notice.categories}
    faults: list[str] = []
    bound: list[BoundRule] = []
    for use in notice.rules:
        rule = by_name.get(use.rule)
        if rule is None:
            faults.append(f"rules: unknown rule {use.rule!r}; known are {', '.join(sorted(by_name))}")
            continue
        found = [*_category_faults(use, categories), *_param_faults(rule, use)]
        faults.extend(f"rules: {use.rule}: {fault}" for fault in found)
        if not found:
            bound.append(BoundRule(rule, rule.params(**_values(use)), use))
    faults.extend(_double_faults(notice))
    if faults:
        raise ConfigError(tuple(faults))
    order = {rule.name: place for place, rule in enumerate(rules)}
    return tuple(sorted(bound, key=lambda item: order[item.rule.name]))


def _category_faults(use: RuleUse, categories: set[str]) -> Iterator[str]:
    if not use.categories:
        yield "categories is empty"
    for code in use.categories:
        if code not in categories:
            yield f"unknown category {code!r}; known are {', '.join(sorted(categories))}"


def _double_faults(notice: Notice) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for use in notice.rules:
        for code in use.categories:
            if (use.rule, code) in seen:
                yield f"rules: {use.rule}: used twice for category {code}"
            seen.add((use.rule, code))


def _param_faults(rule: Rule, use: RuleUse) -> Iterator[str]:
    hints = get_type_hints(rule.params)
    known = {field.name: field for field in fields(rule.params)}
    for name in sorted(use.params.keys() - known.keys()):
        yield f"unknown parameter {name!r}; known are {', '.join(sorted(known)) or 'none'}"
    for name, field in known.items():
        if name in use.params:
            if not _fits(hints[name], use.params[name]):
                yield f"parameter {name!r} must be {_wanted(hints[name])}, not {use.params[name]!r}"
        elif field.default is MISSING and field.default_factory is MISSING:
            yield f"parameter {name!r} is missing"


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
    if get_origin(hint) in (Union, UnionType):
        return " or ".join(_wanted(member) for member in get_args(hint) if member is not NoneType)
    if get_origin(hint) is tuple:
        return f"a list of {_wanted(get_args(hint)[0])}"
    return {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}.get(hint, str(hint))
