"""Acting on one case: what is offered, the page that asks once more, and the page that says what has become of it."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from bot.console.acting import Intent, act, new_once, once_of_form
from bot.console.case_acts import CASE_ACTS, CaseAct, Field, is_allowed, offered
from bot.console.doors import Door, case_address, doors_of
from bot.console.guard import Guard, Visitor
from bot.console.looking import looking
from bot.console.showing import nothing_here, sentence
from bot.services import Services
from domain.chat import Reply
from domain.policy import Act
from domain.receipt import normalise_receipt
from handlers.casework.case_text import NO_CATEGORY, state_name
from handlers.casework.choosing import UNKNOWN_RECEIPT, visible_case
from handlers.casework.report_text import show_title
from handlers.contract import Context
from handlers.said import one_line
from store import reach, web_answers
from store.schema.campaign import Case

STALE_FORM = "这个表单不完整，操作没有执行。请返回上一页重新打开。"
NOT_NOW = "《{title}》现在是“{state}”，不能{label}。"
CHANGED = "《{title}》在您填写的时候有了变化，没有{label}。请回到案例看一下再做。"
TOO_SHORT = "请写清楚{label}，{least}到{most}个字。"
CHOOSE = "请选一项。"
CANNOT = "不能这样做"
SAID_FIELD, PICKED_FIELD = "said", "picked"


def action_doors(ctx: Context, case: Case) -> tuple[Door, ...]:
    """What `console/actions.html` shows on the page of a case: links to the pages that ask once more."""
    return tuple(Door(each.label, case_address(case.receipt, each.name), each.main) for each in offered(ctx, case))


def actions(services: Services, guard: Guard) -> Blueprint:
    """The addresses /console/cases/<receipt>/<act> and /console/answers/<number>."""
    blueprint = Blueprint("actions", __name__)
    known = {each.name: each for each in CASE_ACTS}

    @blueprint.get("/console/cases/<receipt>/<name>")
    @guard.page()
    def ask(visitor: Visitor, receipt: str, name: str) -> Response:
        wanted = known.get(name)
        with looking(services, visitor) as ctx:
            case = _case(ctx, receipt)
            if case is None or wanted is None:
                return nothing_here()
            return _refusal(wanted, ctx, case) or _ask(visitor, wanted, ctx, case)

    @blueprint.post("/console/cases/<receipt>/<name>")
    @guard.page()
    def do(visitor: Visitor, receipt: str, name: str) -> Response:
        wanted, once = known.get(name), once_of_form()
        with looking(services, visitor) as ctx:
            case = _case(ctx, receipt)
            if case is None or wanted is None:
                return nothing_here()
            said = _filled(visitor, wanted, ctx, case)
            if isinstance(said, Response) or once is None:
                return said if isinstance(said, Response) else sentence(STALE_FORM, 400, title=CANNOT)
            words = " ".join(filter(None, (wanted.label, case.receipt, said)))
        intent = Intent(wanted.handler.name, words, lambda ctx: _do(ctx, receipt, wanted, said))
        number = act(services, visitor.actor.person_id, intent, once)
        if wanted.then:
            return redirect(wanted.then, 303)  # type: ignore[return-value]
        return done(number, case.receipt)

    @blueprint.get("/console/answers/<int(max=2147483647):number>")
    @guard.page(Act.SEE_OWN_CASES)
    def answer(visitor: Visitor, number: int) -> Response:
        with looking(services, visitor) as ctx:
            lane = reach.lane_of(ctx.session, ctx.actor.person_id)
            answered = web_answers.of(ctx.session, number, lane, services.clock.real())
            if answered is None:
                return nothing_here()
            case = _case(ctx, request.args.get("of", ""))
        here = case_address(case.receipt) if case is not None else ""
        doors = [door for door in doors_of(answered.choices, visitor.actor) if door.address != here]
        return visitor.show("console/answer.html", text=answered.text, doors=doors, case=here)

    return blueprint


def done(number: int, receipt: str = "") -> Response:
    """To the page that says what has become of an act: reloading it, or going back to it, does nothing again."""
    address = f"/console/answers/{number}{f'?of={receipt}' if receipt else ''}"
    return redirect(address, 303)  # type: ignore[return-value]  # Flask's own response class


def _case(ctx: Context, written: str) -> Case | None:
    receipt = normalise_receipt(written)
    return None if receipt is None else visible_case(receipt, ctx)


def _refusal(wanted: CaseAct, ctx: Context, case: Case) -> Response | None:
    decision = is_allowed(wanted, ctx.actor, case)
    if not decision.allowed:
        return sentence(decision.reason, 403, title=CANNOT)
    if not wanted.fits(ctx, case):
        slots = {"title": show_title(case.title), "state": state_name(ctx.notice, case), "label": wanted.label}
        return sentence(NOT_NOW.format(**slots), 409, title=CANNOT, back=case_address(case.receipt))
    return None


def _ask(
    visitor: Visitor, wanted: CaseAct, ctx: Context, case: Case, *, field: Field | None = None, said: str = ""
) -> Response:
    """The page that asks once more; with `said` because that would not do."""
    trouble = ""
    if field is not None:
        label, least, most = field.label, field.least, field.most
        trouble = TOO_SHORT.format(label=label, least=least, most=most) if field.free else CHOOSE
    elif wanted.field is not None:
        field = wanted.field(ctx, case)
        said = field.value
    return visitor.show(
        "console/act.html",
        200 if not trouble else 422,
        act=wanted,
        title=show_title(case.title),
        category=case.category or NO_CATEGORY,
        receipt=case.receipt,
        state=state_name(ctx.notice, case),
        field=field,
        said=said,
        trouble=trouble,
        once=new_once(),
        back=case_address(case.receipt),
    )


def _filled(visitor: Visitor, wanted: CaseAct, ctx: Context, case: Case) -> str | Response:
    """What the form says, or the page for who may not send it or has not filled it in."""
    decision = is_allowed(wanted, ctx.actor, case)
    if not decision.allowed:
        return sentence(decision.reason, 403, title=CANNOT)
    field = None if wanted.field is None else wanted.field(ctx, case)
    said = _said(field)
    # What can be chosen may have changed since, also by this very form: the transaction looks.
    if field is not None and (field.free or not said) and not field.takes(said):
        return _ask(visitor, wanted, ctx, case, field=field, said=said)
    return said


def _said(field: Field | None) -> str:
    """What was written or picked; written words count more than a picked reason."""
    if field is None:
        return ""
    written, picked = one_line(request.form.get(SAID_FIELD, "")), one_line(request.form.get(PICKED_FIELD, ""))
    return (written or picked) if field.free else picked


def _do(ctx: Context, written: str, wanted: CaseAct, said: str) -> list[Reply]:
    """In the transaction that acts: the case and the rights as they are now."""
    case = _case(ctx, written)
    if case is None:
        return [Reply(UNKNOWN_RECEIPT)]
    decision = is_allowed(wanted, ctx.actor, case)
    if not decision.allowed:
        return [Reply(decision.reason)]
    if wanted.field is not None and not wanted.field(ctx, case).takes(said):
        return [Reply(CHANGED.format(title=show_title(case.title), label=wanted.label))]
    return wanted.deed(ctx, case, said)
