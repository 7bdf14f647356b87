"""The list of cases of a unit, or of all: filtered, searched, page by page; with htmx only the list itself travels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request

from bot.console.case_filters import STEPS, Filters, read_filters
from bot.console.guard import Guard, Visitor
from bot.console.looking import looking, visible_units
from bot.console.paging import pages_of
from bot.console.showing import nothing_here
from bot.console.tones import Tone, tone_of
from bot.services import Services
from domain.notice import Unit
from domain.policy import Act, may
from domain.wording import show_instant
from handlers.casework.case_text import LATE_SHORT, MARK_NAMES, STAFF_STATE_NAMES
from handlers.casework.report_text import show_title
from handlers.contract import Context
from store import listing
from store.listing import Listed
from store.schema.campaign import CaseState, Mark

A_PAGE = 25
NO_CATEGORY = "未定"


@dataclass(frozen=True, slots=True)
class Line:
    """One case as the list shows it."""

    receipt: str
    title: str
    category: str
    unit: str
    school: str
    author: str
    state: str
    tone: Tone
    notes: tuple[str, ...]
    arrived: str


def cases(services: Services, guard: Guard) -> Blueprint:
    """The address /console/cases."""
    blueprint = Blueprint("cases", __name__)

    @blueprint.get("/console/cases")
    @guard.page(Act.SEE_UNIT_CASES)
    def show(visitor: Visitor) -> Response:
        filters = read_filters(request.args, frozenset(each.code for each in services.notice.categories))
        with looking(services, visitor) as ctx:
            units = visible_units(ctx)
            if filters.unit and filters.unit not in {unit.id for unit in units}:
                return nothing_here()
            return _page(visitor, ctx, filters, units)

    return blueprint


def _page(visitor: Visitor, ctx: Context, filters: Filters, units: tuple[Unit, ...]) -> Response:
    everywhere = may(ctx.actor, Act.SEE_ALL).allowed
    unit_id = filters.unit or (None if everywhere else ctx.actor.unit_id or "")
    names = {unit.id: unit.name for unit in units} if everywhere else {}
    offset = (filters.page - 1) * A_PAGE
    found, total = listing.page(ctx.session, unit_id, filters.wanted, offset=offset, limit=A_PAGE)
    # Back and forward in the browser want the whole page, though htmx fetches it.
    part = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    return visitor.show(
        "console/cases_list.html" if part else "console/cases.html",
        filters=filters,
        steps=STEPS,
        units=units if everywhere else (),
        own_unit="" if everywhere or not units else units[0].name,
        categories=ctx.notice.categories,
        schools=_schools(ctx, unit_id),
        lines=[_line(ctx, each, names) for each in found],
        total=total,
        pages=pages_of(filters.page, total, A_PAGE, filters.address),
    )


def _schools(ctx: Context, unit_id: str | None) -> list[str]:
    """The schools of this unit that have to report; of all units they would be too many to choose from."""
    return [school.name for must in ctx.notice.must_report for school in must.schools if school.unit == unit_id]


def _line(ctx: Context, listed: Listed, names: Mapping[str, str]) -> Line:
    case = listed.case
    marks = tuple(MARK_NAMES[Mark(mark)] for mark in case.marks)
    return Line(
        receipt=case.receipt,
        title=show_title(case.title),
        category=case.category or NO_CATEGORY,
        unit=names.get(case.unit_id or "", ""),
        school=case.school or listed.school or "",
        author=listed.author,
        state=STAFF_STATE_NAMES[CaseState(case.state)],
        tone=tone_of(CaseState(case.state)),
        notes=marks if case.on_time else (*marks, LATE_SHORT),
        arrived=show_instant(case.first_arrived_at, ctx.notice.timezone),
    )
