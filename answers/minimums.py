"""How many cases a unit reports at least or at most, as it is told."""

from __future__ import annotations

from answers.numerals import shown
from answers.question import Question
from domain.notice import Notice, Quota, UnitKind


def county_quotas(notice: Notice) -> tuple[Quota, ...]:
    """The numbers set for counties."""
    return tuple(
        item
        for item in notice.quotas
        if item.unit_kind is UnitKind.COUNTY and (item.minimum is not None or item.maximum is not None)
    )


def direct_quotas(notice: Notice) -> tuple[Quota, ...]:
    """The numbers set for directly managed schools; most notices set none."""
    return tuple(item for item in notice.quotas if item.unit_kind is UnitKind.DIRECT_SCHOOL)


def quotas_of(question: Question, notice: Notice) -> tuple[Quota, ...]:
    """The numbers set for counties, or for the directly managed schools a question speaks of; of the categories named,
    else of all."""
    quotas = (direct_quotas(notice) if question.direct else ()) or county_quotas(notice)
    named = tuple(item for item in quotas if item.category in question.categories)
    return named or quotas


def listed(quotas: tuple[Quota, ...]) -> str:
    """The numbers as people say them: A1、A2 至少各 1 个，C 至少 5 个，V 最多 5 个."""
    groups: dict[tuple[int | None, int | None], list[str]] = {}
    for quota in quotas:
        groups.setdefault((quota.minimum, quota.maximum), []).append(quota.category)
    parts = []
    for (least, most), codes in groups.items():
        each = "各" if len(codes) > 1 else ""
        limits = [f"至少{each} {least} 个"] if least is not None else []
        limits += [f"最多{each} {most} 个"] if most is not None else []
        parts.append(f"{'、'.join(codes)} {'、'.join(limits)}")
    return "，".join(parts)


def open_ended(quotas: tuple[Quota, ...]) -> str:
    """That more may be reported, where it may."""
    if all(quota.maximum is None for quota in quotas):
        return "，多报不限"
    return "" if all(quota.maximum is not None for quota in quotas) else "，只写“至少”的多报不限"


def per_unit(notice: Notice) -> str:
    """How a county is spoken of in this notice: 每县市, 每区."""
    return f"每{_named(UnitKind.COUNTY, notice)}" if _named(UnitKind.COUNTY, notice) else "每个单位"


def per_unit_of(quotas: tuple[Quota, ...], notice: Notice) -> str:
    """How those are spoken of for whom numbers are set: 每区, 局直属各学校每个单位."""
    if any(quota.unit_kind is UnitKind.COUNTY for quota in quotas):
        return per_unit(notice)
    return f"{_named(UnitKind.DIRECT_SCHOOL, notice)}每个单位"


def _named(kind: UnitKind, notice: Notice) -> str:
    return next((item.name for item in notice.unit_groups if item.kind is kind), "")


def counties(notice: Notice) -> int:
    """How many counties there are."""
    return sum(unit.kind is UnitKind.COUNTY for unit in notice.units)


def over_units(count: float, each: int, quotas: tuple[Quota, ...], notice: Notice) -> str:
    """How many cases several counties report at least, together and each."""
    unit = per_unit(notice)
    whole = f"{shown(count)} 个{unit.removeprefix('每')}按最低数一共 {shown(each * count)} 个"
    return f"{whole}：{unit}至少 {each} 个（{listed(quotas)}）。"
