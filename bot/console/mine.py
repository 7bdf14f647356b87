"""One's own cases, the one touched last first, each with what is to do next."""

from __future__ import annotations

from flask import Blueprint, Response

from bot.console import case_view
from bot.console.guard import Guard, Visitor
from bot.console.looking import looking
from bot.console.next_steps import next_step
from bot.services import Services
from domain.policy import Act
from store import cases

MOST = 100


def mine(services: Services, guard: Guard) -> Blueprint:
    """The address /console/mine."""
    blueprint = Blueprint("mine", __name__)

    @blueprint.get("/console/mine")
    @guard.page(Act.SEE_OWN_CASES)
    def show(visitor: Visitor) -> Response:
        with looking(services, visitor) as ctx:
            found = cases.of_owner(ctx.session, ctx.actor.person_id)
            lines = [(case_view.head(ctx, each), next_step(ctx, each)) for each in found[:MOST]]
        return visitor.show("console/mine.html", lines=lines, total=len(found))

    return blueprint
