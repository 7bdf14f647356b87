"""One case: what it is, what was found in it, its files, its history. Of a case that is none of the visitor's business
the page says exactly what it says of a number that was never given."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from bot.console import case_view
from bot.console.actions import action_doors
from bot.console.findings import checked
from bot.console.guard import Guard, Visitor
from bot.console.history import history
from bot.console.looking import looking
from bot.console.next_steps import next_steps
from bot.console.showing import nothing_here
from bot.copies import COPY_NAMES
from bot.services import Services
from domain.policy import Act, may
from domain.receipt import normalise_receipt
from handlers.casework.choosing import visible_case
from handlers.contract import Context
from store import cases, versions
from store.schema.campaign import Case, Material

_NUMBER = re.compile(r"[0-9]{1,6}")


def case(services: Services, guard: Guard) -> Blueprint:
    """The address /console/cases/<receipt number>; `?version=` shows what was found in an earlier version."""
    blueprint = Blueprint("case", __name__)

    @blueprint.get("/console/cases/<receipt>")
    @guard.page(Act.SEE_OWN_CASES)
    def show(visitor: Visitor, receipt: str) -> Response:
        with looking(services, visitor) as ctx:
            found = find_case(ctx, receipt)
            return nothing_here() if found is None else _page(visitor, ctx, found)

    return blueprint


def find_case(ctx: Context, written: str) -> Case | None:
    """The case with this receipt number, however it is written, if the visitor may see it."""
    receipt = normalise_receipt(written)
    return None if receipt is None else visible_case(receipt, ctx)


def _page(visitor: Visitor, ctx: Context, found: Case) -> Response:
    mine = found.owner_id == ctx.actor.person_id
    return visitor.show(
        "console/case.html",
        case=case_view.head(ctx, found),
        acts=action_doors(ctx, found),
        next_step=next_steps(ctx, [found])[0] if mine else None,
        checked=checked(ctx, found, _version(ctx, found)),
        files=case_view.files(ctx, found),
        history=history(ctx, found),
        copy_names=COPY_NAMES,
        staff=may(ctx.actor, Act.SEE_UNIT_CASES, target_unit=found.unit_id).allowed,
    )


def _version(ctx: Context, found: Case) -> Material:
    """The version that is asked for; the newest without a number, or where there is none of that number."""
    number = request.args.get("version", "")
    asked = versions.by_number(ctx.session, found.id, int(number)) if _NUMBER.fullmatch(number) else None
    return asked or cases.latest_material(ctx.session, found.id)
