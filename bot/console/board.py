"""The progress board: all units for the bureau, the own one for a coordinator, from the very query that 进度 asks."""

from __future__ import annotations

from flask import Blueprint, Response

from bot.console import board_table
from bot.console.case_filters import Filters
from bot.console.guard import Guard, Visitor
from bot.console.looking import looking, visible_units
from bot.console.showing import nothing_here
from bot.services import Services
from documents.board_workbook import SCHOOL_STATES
from domain.policy import Act, may
from domain.standing import Reported, UnitStanding
from domain.wording import show_instant
from handlers.casework.board_text import deadline_line
from handlers.casework.routes import routes_to_tick
from handlers.contract import Context
from store import quotas


def board(services: Services, guard: Guard) -> Blueprint:
    """The addresses /console/board and, for one unit, /console/board/<its id>."""
    blueprint = Blueprint("board", __name__)

    @blueprint.get("/console/board")
    @guard.page(Act.SEE_UNIT_CASES)
    def overview(visitor: Visitor) -> Response:
        with looking(services, visitor) as ctx:
            if may(ctx.actor, Act.SEE_ALL).allowed:
                return _all_units(visitor, ctx)
            return _one_unit(visitor, ctx, ctx.actor.unit_id or "")

    @blueprint.get("/console/board/<unit_id>")
    @guard.page(Act.SEE_UNIT_CASES)
    def one(visitor: Visitor, unit_id: str) -> Response:
        with looking(services, visitor) as ctx:
            return _one_unit(visitor, ctx, unit_id)

    return blueprint


def _all_units(visitor: Visitor, ctx: Context) -> Response:
    standings, routes = quotas.standings(ctx.session, ctx.notice), routes_to_tick(ctx.notice)
    with_minimum = [each for each in standings if any(one.minimum is not None for one in each.categories)]
    return visitor.show(
        "console/board.html",
        rows=board_table.rows(standings, routes),
        totals=board_table.totals(standings),
        categories=ctx.notice.categories,
        routes=routes,
        enough=sum(not each.owes for each in with_minimum),
        with_minimum=len(with_minimum),
        schools=sum(len(each.schools) for each in standings),
        schools_without=sum(len(each.schools_without) for each in standings),
        moment=_moment(ctx),
    )


def _one_unit(visitor: Visitor, ctx: Context, unit_id: str) -> Response:
    """The board of a unit the visitor may see; of any other there is nothing."""
    if unit_id not in {unit.id for unit in visible_units(ctx)}:
        return nothing_here()
    (standing,) = quotas.standings(ctx.session, ctx.notice, unit_id)
    routes = routes_to_tick(ctx.notice)
    return visitor.show(
        "console/board_unit.html",
        unit=standing.unit,
        lines=[(each, board_table.heat_of(each), board_table.mending(each)) for each in standing.categories],
        names={each.code: each.name for each in ctx.notice.categories},
        address=lambda **asked: Filters(unit=unit_id, **asked).address(),
        schools=_schools(standing),
        routes=[(route.done_label, route.id in standing.ticked) for route in routes],
        standing=standing,
        everywhere=may(ctx.actor, Act.SEE_ALL).allowed,
        moment=_moment(ctx),
    )


def _schools(standing: UnitStanding) -> list[tuple[str, str, str, bool, str]]:
    """Name, kind, state, whether it still owes, and where its cases are: those without a case first."""
    order = list(Reported)
    worst_first = sorted(standing.schools, key=lambda each: order.index(each.reported))
    owing = set(standing.schools_without)
    return [
        (
            school.name,
            school.must,
            SCHOOL_STATES[school.reported],
            school in owing,
            Filters(unit=standing.unit.id, school=school.name).address(),
        )
        for school in worst_first
    ]


def _moment(ctx: Context) -> dict[str, str]:
    return {"now": show_instant(ctx.now, ctx.notice.timezone), "deadline": deadline_line(ctx)}
