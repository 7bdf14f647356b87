"""What a page may know: the same world that a message of this person would have in chat, only to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.console.guard import Visitor
from bot.context import make_context
from bot.services import Services
from domain.notice import Unit
from domain.policy import Act, may
from handlers.contract import Context


@contextmanager
def looking(services: Services, visitor: Visitor) -> Iterator[Context]:
    """The context of this visitor, for as long as the block reads. Whatever writes is refused by the database."""
    with services.database.read() as session:
        yield make_context(services, session, visitor.actor, services.clock.now())


def visible_units(ctx: Context) -> tuple[Unit, ...]:
    """The units whose cases this person may see, in the notice's order."""
    return tuple(unit for unit in ctx.notice.units if may(ctx.actor, Act.SEE_UNIT_CASES, unit.id).allowed)
