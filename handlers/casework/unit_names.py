"""Which unit somebody means: by its name or one of its other names, or their own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from domain.notice import Notice, Unit
from domain.policy import Act, may
from handlers.contract import Context
from handlers.said import plain


def units_by_name(notice: Notice) -> Mapping[str, Unit]:
    """Each unit under each of its names, in plain form."""
    return _by_name(notice.units)


@lru_cache(maxsize=8)
def _by_name(units: tuple[Unit, ...]) -> Mapping[str, Unit]:
    return {plain(name): unit for unit in units for name in (unit.name, *unit.aliases)}


def unit_named(written: str, notice: Notice) -> Unit | None:
    """The unit that the text names and nothing else; None if the notice has none of this name."""
    return units_by_name(notice).get(plain(written))


def unit_meant(text: str, ctx: Context) -> Unit | None:
    """The unit named; without a name the own one. None when neither is known, or another's is not for this person."""
    if text.strip():
        unit = unit_named(text, ctx.notice)
        everywhere = may(ctx.actor, Act.SEE_ALL).allowed
        return unit if unit is not None and (everywhere or unit.id == ctx.actor.unit_id) else None
    return next((unit for unit in ctx.notice.units if unit.id == ctx.actor.unit_id), None)
