"""The first page after the login: who you are here, what needs you now, and where to go."""

from __future__ import annotations

from flask import Blueprint, Response, redirect

from bot.console.guard import Guard, Visitor
from bot.console.looking import looking
from bot.console.needs import needs
from bot.services import Services
from domain.roles import ROLE_NAMES
from handlers.casework.board_text import deadline_line


def home(services: Services, guard: Guard) -> Blueprint:
    """The address /console/."""
    blueprint = Blueprint("home", __name__)

    @blueprint.get("/console")
    def slash() -> Response:
        return redirect("/console/")  # type: ignore[return-value]

    @blueprint.get("/console/")
    @guard.page()
    def first(visitor: Visitor) -> Response:
        actor = visitor.actor
        names = {unit.id: unit.name for unit in services.notice.units}
        with looking(services, visitor) as ctx:
            return visitor.show(
                "console/home.html",
                role=ROLE_NAMES[actor.role],
                unit=names.get(actor.unit_id or "", ""),
                deadline=deadline_line(ctx),
                needs=needs(ctx),
            )

    return blueprint
