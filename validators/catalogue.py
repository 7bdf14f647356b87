"""The page about all rules (docs/rules.md), made from their docstrings and from how a notice uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields

from domain.notice import Notice, RuleUse
from validators.rules import RULES
from validators.rules.contract import Rule, Subject

_APPLIES = {Subject.FILE: "any file", Subject.WORD: "Word files", Subject.VIDEO: "videos"}
_HEAD = """# Rules

What is checked, one section a rule. Generated from the rules themselves: change their docstrings, not this page.

A finding is *wrong* (certain) or *unchecked* (a person will look). Its severity, error (must be mended) or warning
(advice), and its limits come from the notice; the tables show those of {title}.

How the reading behind these rules compares with another program: [word-reading.md](word-reading.md)."""


def markdown(notice: Notice) -> str:
    """The whole page, ending with a line end."""
    head = _HEAD.format(title=f"《{notice.short_title}》")
    return "\n\n".join([head, _overview(), *(_section(rule, notice) for rule in RULES)]) + "\n"


def _overview() -> str:
    rows = [f"| {rule.code} | `{rule.name}` | {rule.title} | {_APPLIES[rule.subject]} |" for rule in RULES]
    return "\n".join(["| code | name | Chinese name | looks at |", "|---|---|---|---|", *rows])


def _section(rule: Rule, notice: Notice) -> str:
    parts = [f"## {rule.code} `{rule.name}` {rule.title}", (rule.documentation or "").strip()]
    uses = [use for use in notice.rules if use.rule == rule.name]
    if uses:
        rows = [
            "| categories | severity | clause | parameters |",
            "|---|---|---|---|",
            *(_row(rule, u, notice) for u in uses),
        ]
        parts.append("\n".join(rows))
    else:
        parts.append("Not used by this notice.")
    return "\n\n".join(parts)


def _row(rule: Rule, use: RuleUse, notice: Notice) -> str:
    clause = notice.clause(use.clause).label if use.clause else "none: for safety or convenience"
    params = ", ".join(_params(rule, use)) or "none"
    return f"| {' '.join(use.categories)} | {use.severity.value} | {clause} | {params} |"


def _params(rule: Rule, use: RuleUse) -> Iterator[str]:
    for field in fields(rule.params):
        default = None if field.default is MISSING else field.default
        value = use.params.get(field.name, default)
        if isinstance(value, tuple | list):
            yield f"{field.name} = {' '.join(map(str, value))}"
        elif value is None:
            yield f"{field.name}: the category's own"
        else:
            yield f"{field.name} = {value}"
