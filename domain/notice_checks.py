"""Faults of a notice that only show when its parts are seen together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from domain.notice import Attachment, Category, MustReport, Quota, RuleUse, Stage, Unit, UnitGroup, UnitKind
from domain.section import FaultBook, Section

_Part = TypeVar("_Part")
Entry = tuple[Section, _Part]
"""An entry of a list as read, sound or not, and where it stands."""


def check_order(stages: Sequence[Entry[Stage]], book: FaultBook) -> None:
    """Stages follow each other in time; there may be a gap between them."""
    timed = [stage for section, stage in stages if section.sound_at("opens_at", "closes_at")]
    for earlier, later in pairwise(timed):
        if later.opens_at < earlier.closes_at:
            book.add(
                f"stages 的时间顺序不对：{later.id} 的 opens_at（{later.opens_at.isoformat()}）"
                f"早于 {earlier.id} 的 closes_at（{earlier.closes_at.isoformat()}），阶段不能重叠。"
            )


def check_intake(stages: Sequence[Entry[Stage]], book: FaultBook) -> None:
    """Exactly one stage takes cases."""
    accepting = [stage.id for _, stage in stages if stage.accepts]
    unread = any(not section.sound_at("accepts") for section, _ in stages)
    if stages and len(accepting) != 1 and not (unread and not accepting):
        written = "、".join(accepting) or "没有"
        book.add(f"stages 里须有且只有一个阶段写 accepts = true（收案例的阶段），现在是：{written}。")


def check_unit_names(units: Sequence[Entry[Unit]], book: FaultBook) -> None:
    """No two units share a name or an alias."""
    named = [(unit.id, (unit.name, *unit.aliases)) for section, unit in units if section.sound_at("name", "aliases")]
    _check_names("units", named, book)


def check_category_names(categories: Sequence[Entry[Category]], book: FaultBook) -> None:
    """No two categories share a name."""
    named = [(category.code, (category.name,)) for section, category in categories if section.sound_at("name")]
    _check_names("categories", named, book)


def check_schools(must_report: Sequence[MustReport], units: Sequence[str], book: FaultBook) -> None:
    """A school that has to report does so through a unit that exists."""
    for must in must_report:
        for school in must.schools:
            if school.unit and school.unit not in units:
                book.add(
                    f"must_report（{must.id}）里“{school.name}”的 unit 写的“{school.unit}”不是已有的填报单位，"
                    f"可以写：{'、'.join(units)}。"
                )


def _check_names(key: str, named: Iterable[tuple[str, tuple[str, ...]]], book: FaultBook) -> None:
    owners: dict[str, str] = {}
    for owner, names in named:
        for name in names:
            if name in owners:
                book.add(f"{key} 里“{name}”既指 {owners[name]} 又指 {owner}，名称和别名须各不相同。")
            owners.setdefault(name, owner)


def check_numbers(attachments: Sequence[Entry[Attachment]], book: FaultBook) -> None:
    """No two annexes have the same number."""
    owners: dict[int, str] = {}
    for section, attachment in attachments:
        if not section.sound_at("number"):
            continue
        if attachment.number in owners:
            book.add(
                f"attachments 里“{owners[attachment.number]}”和“{attachment.title}”的 number 都是 {attachment.number}，"
                "须各不相同。",
                "attachments",
            )
        owners.setdefault(attachment.number, attachment.title)


def check_minimums(categories: Sequence[str], quotas: Sequence[Entry[Quota]], book: FaultBook) -> None:
    """Each category has a quota for counties, be it 0. Entries with faults of their own may be the missing ones."""
    given = [quota.category for section, quota in quotas if section.sound and quota.unit_kind is UnitKind.COUNTY]
    missing = [code for code in categories if code not in given]
    spoilt = sum(not section.sound for section, _ in quotas) + len(given) - len(set(given))
    if len(missing) > spoilt:
        book.add(
            f"quotas 缺少案例类型 {'、'.join(missing)} 的数量（unit_kind = “{UnitKind.COUNTY.value}”）；"
            "没有最低数就写 minimum = 0。"
        )


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
