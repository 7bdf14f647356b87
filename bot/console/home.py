"""The first page after the login: who you are here, and where to go."""

from __future__ import annotations

from flask import Blueprint, Response, redirect

from bot.console.guard import Guard, Visitor
from bot.services import Services
from domain.roles import ROLE_NAMES


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
        unit = services.notice.unit(actor.unit_id).name if actor.unit_id else ""
        return visitor.show("console/home.html", role=ROLE_NAMES[actor.role], unit=unit)

    return blueprint
