"""Which unit somebody names, by its name or one of its other names."""

from __future__ import annotations

from domain.notice import Notice, Unit
from handlers.said import plain


def unit_named(written: str, notice: Notice) -> Unit | None:
    """The unit of this name, None if the notice has none."""
    names = {plain(name): unit for unit in notice.units for name in (unit.name, *unit.aliases)}
    return names.get(plain(written))
