"""One's own cases, the one touched last first, each with what is to do next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request

from bot.console.case_view import shown_state
from bot.console.guard import Guard, Visitor
from bot.console.looking import looking
from bot.console.next_steps import NextStep, next_steps
from bot.console.paging import page_number, pages_of
from bot.console.tones import Tone, tone_of
from bot.services import Services
from domain.policy import Act
from domain.wording import show_instant
from handlers.casework.case_text import NO_CATEGORY
from handlers.casework.report_text import show_title
from handlers.contract import Context
from store import listing
from store.schema.campaign import Case, CaseState

A_PAGE = 25


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
            number, own = page_number(request.args.get("page", "")), ctx.actor.person_id
            found, total = listing.of_owner(ctx.session, own, offset=(number - 1) * A_PAGE, limit=A_PAGE)
            lines = [_own(ctx, *each) for each in zip(found, next_steps(ctx, found), strict=True)]
        pages = pages_of(number, total, A_PAGE, lambda page: f"/console/mine?page={page}")
        return visitor.show("console/mine.html", lines=lines, total=total, pages=pages)

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
