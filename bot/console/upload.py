"""The way from the console to the upload page."""

from __future__ import annotations

from flask import Blueprint, Response, redirect

from bot.console.guard import NOT_SET_UP, Guard, Visitor
from bot.console.showing import sentence
from bot.services import Services
from domain.policy import Act


def upload(services: Services, guard: Guard) -> Blueprint:
    """The address /console/upload: a new ticket of the person who is signed in."""
    blueprint = Blueprint("console_upload", __name__)

    @blueprint.get("/console/upload")
    @guard.page(Act.PRECHECK)
    def begin(visitor: Visitor) -> Response:
        if services.desk is None:
            return sentence(NOT_SET_UP, 503)
        ticket = services.desk.tickets.make(visitor.actor.person_id, services.clock.real(), services.randomness)
        return redirect(f"/upload/{ticket.token}")  # type: ignore[return-value]

    return blueprint
