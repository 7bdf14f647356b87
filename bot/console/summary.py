"""The summary table (汇总表) of a unit: what stands in it, what to look at before signing, and what can be done then:
上报, the stamped scan, the marks for the official routes, and for the bureau 重开."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request

from bot.console.acting import Intent, act, new_once, once_of_form
from bot.console.actions import CANNOT, STALE_FORM, TOO_SHORT, done
from bot.console.case_acts import Field
from bot.console.guard import Guard, Visitor
from bot.console.looking import looking
from bot.console.showing import nothing_here, sentence
from bot.services import Services
from domain.notice import Route, Unit
from domain.policy import Act, may
from domain.summary import SummarySheet, doubts_about
from domain.wording import show_instant
from handlers import reopen_unit, report_unit, take_stamped, tick_route
from handlers.casework.case_text import LATE_SHORT, ON_TIME, route_sentence
from handlers.casework.routes import routes_to_tick
from handlers.casework.summary_text import count_line, doubt_lines
from handlers.contract import Context
from handlers.said import one_line
from store import people, quotas, reports, stamped, summaries
from store.schema.reports import PackageState

NO_UNIT = "还不知道您在哪个单位。请联系管理员在名单里登记后再来。"
REPORTED = "已上报第 {edition} 版，{count} 个案例　上报回执 {number}　{when}，{punctual}"
NOT_REPORTED = "还没有上报"
PACKED = {
    PackageState.MADE: "材料包已打好",
    PackageState.FAILED: "材料包没有打成，管理员会看到并联系您",
}
PACKING = "材料包正在打包"
ASK_REOPEN = "重开后，已上报的案例退回“已推荐”，未被推荐的退回“已提交”，协调员会收到您写的原因。"
ASK_SCAN = "点下面的按钮后半小时内，您从“上传文件”或聊天里发来的图片和 PDF 都算{unit}的盖章扫描版，可以发几张。"
ASK_TICK = "勾选“{label}”，表示{unit}的{subject}已送到{target}。勾错了可以取消。"
ASK_UNTICK = "取消“{label}”的勾选。"
NO_SUCH = "没有可以重开的上报。"
_SIGN = re.compile(r"[0-9A-Z]{4}")
_REASON = Field("重开的原因", most=reopen_unit.LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Tick:
    """The mark of one official route."""

    label: str
    address: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the unit is with its report."""

    reported: str
    package: str
    scans: int
    ticks: tuple[Tick, ...]


def summary(services: Services, guard: Guard) -> Blueprint:
    """The addresses below /console/summary."""
    blueprint = Blueprint("summary", __name__, url_prefix="/console/summary")

    @blueprint.get("")
    @guard.page(Act.MAKE_SUMMARY)
    def own(visitor: Visitor) -> Response:
        with looking(services, visitor) as ctx:
            if may(ctx.actor, Act.SEE_ALL).allowed:
                standings = quotas.standings(ctx.session, ctx.notice, None)
                return visitor.show("console/summaries.html", standings=standings)
            unit = unit_for(ctx, ctx.actor.unit_id or "")
            return sentence(NO_UNIT, 409) if unit is None else _show(visitor, ctx, unit)

    @blueprint.get("/<unit_id>")
    @guard.page(Act.MAKE_SUMMARY)
    def of_unit(visitor: Visitor, unit_id: str) -> Response:
        with looking(services, visitor) as ctx:
            unit = unit_for(ctx, unit_id)
            return nothing_here() if unit is None else _show(visitor, ctx, unit)

    _add_report(blueprint, services, guard)
    _add_reopen(blueprint, services, guard)
    _add_stamped(blueprint, services, guard)
    _add_routes(blueprint, services, guard)
    return blueprint


def unit_for(ctx: Context, unit_id: str) -> Unit | None:
    """The unit with this id, if its table is this person's business."""
    known = next((unit for unit in ctx.notice.units if unit.id == unit_id), None)
    return known if known is not None and may(ctx.actor, Act.MAKE_SUMMARY, target_unit=known.id).allowed else None


def sheet_for(ctx: Context, unit: Unit) -> SummarySheet:
    """The table as it is now, with whole numbers."""
    own = unit.id == ctx.actor.unit_id
    heads = people.coordinators(ctx.session, unit.id)
    head = people.get(ctx.session, ctx.actor.person_id) if own else next(iter(heads), None)
    return summaries.sheet_of(ctx.session, ctx.notice, unit.id, head)


def _show(visitor: Visitor, ctx: Context, unit: Unit) -> Response:
    whole = sheet_for(ctx, unit)
    sheet = whole if may(ctx.actor, Act.SEE_PHONE, target_unit=unit.id).allowed else whole.masked()
    (standing,) = quotas.standings(ctx.session, ctx.notice, unit.id)
    in_force = reports.in_force(ctx.session, unit.id) is not None
    return visitor.show(
        "console/summary.html",
        unit=unit,
        sheet=sheet,
        columns=ctx.notice.summary_table.columns,
        counts=count_line(ctx.notice, sheet),
        doubts=doubt_lines(doubts_about(whole, standing)),
        standing=_standing(ctx, unit, standing.ticked),
        in_force=in_force,
        reports=may(ctx.actor, Act.REPORT_UNIT, target_unit=unit.id).allowed,
        reopens=in_force and may(ctx.actor, Act.REOPEN_UNIT).allowed,
        masked=sheet != whole,
        route=route_sentence(ctx.notice),
    )


def _standing(ctx: Context, unit: Unit, ticked: frozenset[str]) -> Standing:
    report = reports.in_force(ctx.session, unit.id)
    told, package = NOT_REPORTED, ""
    if report is not None:
        told = REPORTED.format(
            edition=report.edition,
            count=len(report.content["sheet"]["rows"]),
            number=report.number,
            when=show_instant(report.arrived_at, ctx.notice.timezone),
            punctual=ON_TIME if report.on_time else LATE_SHORT,
        )
        package = PACKED.get(PackageState(report.package_state), PACKING)
    ticks = tuple(
        Tick(route.done_label, f"/console/summary/routes/{route.id}", route.id in ticked)
        for route in routes_to_tick(ctx.notice)
    )
    return Standing(told, package, len(stamped.of(ctx.session, unit.id)), ticks)


def _add_report(blueprint: Blueprint, services: Services, guard: Guard) -> None:
    @blueprint.get("/report")
    @guard.page(Act.REPORT_UNIT)
    def preview(visitor: Visitor) -> Response:
        with looking(services, visitor) as ctx:
            shown = report_unit.preview(ctx)
        sign = report_unit.sign_in(shown)
        return visitor.show("console/report.html", text=shown.text, sign=sign, once=new_once())

    @blueprint.post("/report")
    @guard.page(Act.REPORT_UNIT)
    def report(visitor: Visitor) -> Response:
        once, sign = once_of_form(), request.form.get("sign", "")
        if once is None or not _SIGN.fullmatch(sign):
            return sentence(STALE_FORM, 400, title=CANNOT)
        intent = Intent("report_unit", f"确认上报 {sign}", lambda ctx: report_unit.report(ctx, sign))
        return done(act(services, visitor.actor.person_id, intent, once))


def _add_reopen(blueprint: Blueprint, services: Services, guard: Guard) -> None:
    @blueprint.get("/<unit_id>/reopen")
    @guard.page(Act.REOPEN_UNIT)
    def ask_reopen(visitor: Visitor, unit_id: str) -> Response:
        with looking(services, visitor) as ctx:
            unit = unit_for(ctx, unit_id)
            if unit is None:
                return nothing_here()
            if reports.in_force(ctx.session, unit.id) is None:
                return sentence(NO_SUCH, 409, title=CANNOT)
        return _ask_reopen(visitor, unit)

    @blueprint.post("/<unit_id>/reopen")
    @guard.page(Act.REOPEN_UNIT)
    def reopen(visitor: Visitor, unit_id: str) -> Response:
        with looking(services, visitor) as ctx:
            unit = unit_for(ctx, unit_id)
        once, said = once_of_form(), one_line(request.form.get("said", ""))
        if unit is None:
            return nothing_here()
        if once is None:
            return sentence(STALE_FORM, 400, title=CANNOT)
        if not _REASON.takes(said):
            return _ask_reopen(visitor, unit, said, TOO_SHORT.format(label=_REASON.label, least=1, most=_REASON.most))
        words = f"重开 {unit.name} 原因：{said}"
        intent = Intent("reopen_unit", words, lambda ctx: reopen_unit.reopen(ctx, unit, said))
        return done(act(services, visitor.actor.person_id, intent, once))


def _ask_reopen(visitor: Visitor, unit: Unit, said: str = "", trouble: str = "") -> Response:
    return visitor.show(
        "console/unit_act.html",
        422 if trouble else 200,
        title=f"重开{unit.name}的上报",
        asks=ASK_REOPEN,
        button="确定重开",
        field=_REASON,
        said=said,
        trouble=trouble,
        once=new_once(),
        back=f"/console/summary/{unit.id}",
    )


def _add_stamped(blueprint: Blueprint, services: Services, guard: Guard) -> None:
    @blueprint.get("/stamped")
    @guard.page(Act.REPORT_UNIT)
    def ask_scan(visitor: Visitor) -> Response:
        with looking(services, visitor) as ctx:
            unit = unit_for(ctx, ctx.actor.unit_id or "")
        if unit is None:
            return sentence(NO_UNIT, 409)
        asks = ASK_SCAN.format(unit=unit.name)
        return _ask(visitor, title="盖章扫描版", asks=asks, button="现在上传")

    @blueprint.post("/stamped")
    @guard.page(Act.REPORT_UNIT)
    def await_scan(visitor: Visitor) -> Response:
        once = once_of_form()
        if once is None:
            return sentence(STALE_FORM, 400, title=CANNOT)
        intent = Intent("take_stamped", "发盖章扫描版", lambda ctx: [take_stamped.await_scan(ctx)])
        act(services, visitor.actor.person_id, intent, once)
        return redirect("/console/upload", 303)  # type: ignore[return-value]


def _add_routes(blueprint: Blueprint, services: Services, guard: Guard) -> None:
    def known(route_id: str) -> Route | None:
        return next((route for route in routes_to_tick(services.notice) if route.id == route_id), None)

    @blueprint.get("/routes/<route_id>")
    @guard.page(Act.TICK_ROUTE)
    def ask_tick(visitor: Visitor, route_id: str) -> Response:
        route = known(route_id)
        with looking(services, visitor) as ctx:
            unit = unit_for(ctx, ctx.actor.unit_id or "")
            if route is None or unit is None:
                return nothing_here()
            (standing,) = quotas.standings(ctx.session, ctx.notice, unit.id)
        ticked = route.id in standing.ticked
        slots = {"label": route.done_label, "unit": unit.name, "subject": route.subject, "target": route.target}
        asks, button = (ASK_UNTICK, "取消勾选") if ticked else (ASK_TICK, "勾选")
        wanted = "no" if ticked else "yes"
        return _ask(visitor, title=route.done_label, asks=asks.format(**slots), button=button, wanted=wanted)

    @blueprint.post("/routes/<route_id>")
    @guard.page(Act.TICK_ROUTE)
    def tick(visitor: Visitor, route_id: str) -> Response:
        route, once, wanted = known(route_id), once_of_form(), request.form.get("wanted", "")
        if route is None:
            return nothing_here()
        if once is None or wanted not in {"yes", "no"}:
            return sentence(STALE_FORM, 400, title=CANNOT)
        yes = wanted == "yes"
        words = f"{'' if yes else '取消'}{route.done_label}"
        intent = Intent("tick_route", words, lambda ctx: [tick_route.tick(ctx, route, yes)])
        return done(act(services, visitor.actor.person_id, intent, once))


def _ask(visitor: Visitor, *, title: str, asks: str, button: str, wanted: str = "") -> Response:
    return visitor.show(
        "console/unit_act.html",
        title=title,
        asks=asks,
        button=button,
        wanted=wanted,
        once=new_once(),
        back="/console/summary",
    )
