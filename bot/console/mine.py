"""One's own cases, the one touched last first, each with what is to do next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response

from bot.console.case_view import shown_state
from bot.console.guard import Guard, Visitor
from bot.console.looking import looking
from bot.console.next_steps import NextStep, next_steps
from bot.console.tones import Tone, tone_of
from bot.services import Services
from domain.policy import Act
from domain.wording import show_instant
from handlers.casework.case_text import NO_CATEGORY
from handlers.casework.report_text import show_title
from handlers.contract import Context
from store import cases
from store.schema.campaign import Case, CaseState

MOST = 100


@dataclass(frozen=True, slots=True)
class Own:
    """One case as its owner sees it in the list."""

    receipt: str
    title: str
    category: str
    state: str
    tone: Tone
    arrived: str
    on_time: bool
    next: NextStep


def mine(services: Services, guard: Guard) -> Blueprint:
    """The address /console/mine."""
    blueprint = Blueprint("mine", __name__)

    @blueprint.get("/console/mine")
    @guard.page(Act.SEE_OWN_CASES)
    def show(visitor: Visitor) -> Response:
        with looking(services, visitor) as ctx:
            found = cases.of_owner(ctx.session, ctx.actor.person_id)
            shown = found[:MOST]
            lines = [_own(ctx, *each) for each in zip(shown, next_steps(ctx, shown), strict=True)]
        return visitor.show("console/mine.html", lines=lines, total=len(found))

    return blueprint


def _own(ctx: Context, case: Case, step: NextStep) -> Own:
    return Own(
        receipt=case.receipt,
        title=show_title(case.title),
        category=case.category or NO_CATEGORY,
        state=shown_state(ctx, case),
        tone=tone_of(CaseState(case.state)),
        arrived=show_instant(case.first_arrived_at, ctx.notice.timezone),
        on_time=case.on_time,
        next=step,
    )
