"""Which unit a coordinator or an admin means."""

from __future__ import annotations

from domain.notice import Unit
from domain.policy import Act, may
from handlers.contract import Context
from handlers.said import plain


def unit_named(text: str, ctx: Context) -> Unit | None:
    """The unit that the text names and nothing else, by its name or another way people write it."""
    said = plain(text)
    for unit in ctx.notice.units:
        if said in {plain(name) for name in (unit.name, *unit.aliases)}:
            return unit
    return None


def unit_meant(text: str, ctx: Context) -> Unit | None:
    """The unit named; without a name the own one. None when neither is known, or another's is not for this person."""
    if text.strip():
        unit = unit_named(text, ctx)
        everywhere = may(ctx.actor, Act.SEE_ALL).allowed
        return unit if unit is not None and (everywhere or unit.id == ctx.actor.unit_id) else None
    return next((unit for unit in ctx.notice.units if unit.id == ctx.actor.unit_id), None)
