"""Faults of a notice that only show when its parts are seen together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from domain.notice import Category, Quota, RuleUse, Stage, Unit, UnitGroup
from domain.section import FaultBook


def check_order(stages: Sequence[Stage], book: FaultBook) -> None:
    """Stages follow each other in time."""
    for earlier, later in pairwise(stages):
        if later.opens_at < earlier.closes_at:
            book.add(
                f"stages 的时间顺序不对：{later.id} 的 opens_at（{later.opens_at.isoformat()}）"
                f"早于 {earlier.id} 的 closes_at（{earlier.closes_at.isoformat()}）。"
            )


def check_intake(stages: Sequence[Stage], book: FaultBook) -> None:
    """Exactly one stage takes cases."""
    accepting = [stage.id for stage in stages if stage.accepts]
    if len(accepting) != 1:
        written = "、".join(accepting) or "没有"
        book.add(f"stages 里须有且只有一个阶段写 accepts = true（收案例的阶段），现在是：{written}。")


def check_names(units: Sequence[Unit], book: FaultBook) -> None:
    """No two units share a name or an alias."""
    owners: dict[str, str] = {}
    for unit in units:
        for name in (unit.name, *unit.aliases):
            if name in owners:
                book.add(f"units 里“{name}”既指 {owners[name]} 又指 {unit.id}，名称和别名须各不相同。")
            owners.setdefault(name, unit.id)


def check_kinds(units: Sequence[Unit], groups: Sequence[UnitGroup], book: FaultBook) -> None:
    """The kind of each unit is described."""
    described = {group.kind for group in groups}
    for kind in dict.fromkeys(unit.kind for unit in units):
        if kind not in described:
            book.add(f"unit_groups 缺少 kind = “{kind.value}”的一项，units 里用到了它。")


def check_quotas(quotas: Sequence[Quota], book: FaultBook) -> None:
    """Each category has at most one quota for each kind of unit."""
    for kind, category in _repeated((quota.unit_kind.value, quota.category) for quota in quotas):
        book.add(f"quotas 里 unit_kind = “{kind}”、category = “{category}”写了两次，须只有一项。")


def check_rules(rules: Sequence[RuleUse], book: FaultBook) -> None:
    """Each check is used at most once for a category."""
    for rule, category in _repeated((use.rule, category) for use in rules for category in use.categories):
        book.add(f"rules 里 {rule} 对案例类型 {category} 写了两次，须只有一项。")


def check_supporting(categories: Sequence[Category], *, supporting: bool, book: FaultBook) -> None:
    """Where supporting files are wanted, the notice's section on them must be there."""
    wanting = [category.code for category in categories if category.supporting_files]
    if wanting and not supporting:
        book.add(f"缺少 supporting，案例类型 {'、'.join(wanting)} 写了 supporting_files = true。")


def _repeated(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    repeated: dict[tuple[str, str], None] = {}
    for pair in pairs:
        if pair in seen:
            repeated[pair] = None
        seen.add(pair)
    return list(repeated)
