"""What needs somebody now, as lines of the first page: a number, what it is, where it is dealt with. By the same
queries as in chat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.console.case_filters import Filters
from domain.policy import Act, may
from domain.standing import UnitStanding
from handlers.casework.routes import routes_to_tick
from handlers.contract import Context
from store import failures, listing, misjudgements, questions, quotas

MINE_TO_DO = "个您交的案例等您处理"
TO_RECOMMEND = "个案例等您推荐"
MISSING = "个案例还差：{gaps}"
SCHOOLS = "所必报学校还没有提交"
TO_MEND = "个案例等老师修改"
TO_REPORT = "个已推荐的案例还没有上报"
NOT_TICKED = "项官方渠道还没有勾选：{routes}"
UNITS_OWE = "个单位还没有达到最低数"
UNITS_NOT_REPORTED = "个单位还没有上报"
QUESTIONS = "个问题等您答复，在企业微信里发“待答问题”"
DOUBTED = "条检查被报告误判，在企业微信里发“误判报告”"
FAILED = "条消息没有处理成或没有送到，在企业微信里发“失败消息”"
BOARD, MINE, SUMMARY = "/console/board", "/console/mine", "/console/summary"


@dataclass(frozen=True, slots=True)
class Need:
    """So many of something. `address` is empty for what is done in chat only."""

    count: int
    text: str
    address: str = ""


def needs(ctx: Context) -> list[Need]:
    """What this person should look at, the most urgent first; nothing that is zero."""
    return [need for need in (*_own(ctx), *_unit(ctx), *_bureau(ctx)) if need.count]


def _own(ctx: Context) -> Iterator[Need]:
    if may(ctx.actor, Act.SEE_OWN_CASES).allowed:
        yield Need(listing.waiting_for_owner(ctx.session, ctx.actor.person_id), MINE_TO_DO, MINE)


def _unit(ctx: Context) -> Iterator[Need]:
    """For who decides about a unit's cases."""
    unit_id = ctx.actor.unit_id
    if unit_id is None or not may(ctx.actor, Act.RECOMMEND).allowed:
        return
    for standing in quotas.standings(ctx.session, ctx.notice, unit_id):
        yield from _of_standing(ctx, standing)


def _of_standing(ctx: Context, standing: UnitStanding) -> Iterator[Need]:
    unit_id, each = standing.unit.id, standing.categories
    yield Need(sum(one.submitted for one in each), TO_RECOMMEND, Filters(unit=unit_id, step="waiting").address())
    gaps = "、".join(f"{one.category} {one.missing}" for one in standing.owes)
    yield Need(sum(one.missing for one in standing.owes), MISSING.format(gaps=gaps), BOARD)
    yield Need(len(standing.schools_without), SCHOOLS, BOARD)
    mending = sum(one.needs_fix + one.returned for one in each)
    yield Need(mending, TO_MEND, Filters(unit=unit_id, step="mending").address())
    if not standing.report:
        yield Need(sum(one.recommended for one in each), TO_REPORT, SUMMARY)
    open_routes = [route.done_label for route in routes_to_tick(ctx.notice) if route.id not in standing.ticked]
    if standing.report:
        yield Need(len(open_routes), NOT_TICKED.format(routes="、".join(open_routes)), SUMMARY)


def _bureau(ctx: Context) -> Iterator[Need]:
    """For who looks after all units."""
    if may(ctx.actor, Act.SEE_ALL).allowed:
        standings = quotas.standings(ctx.session, ctx.notice)
        yield Need(sum(bool(each.owes) for each in standings), UNITS_OWE, BOARD)
        yield Need(sum(len(each.schools_without) for each in standings), SCHOOLS, BOARD)
        yield Need(sum(not each.report for each in standings), UNITS_NOT_REPORTED, BOARD)
    if may(ctx.actor, Act.ANSWER_OFFICIALLY).allowed:
        yield Need(questions.waiting(ctx.session, limit=0)[1], QUESTIONS)
    if may(ctx.actor, Act.SEE_DOUBTED_FINDINGS).allowed:
        yield Need(misjudgements.newest(ctx.session, limit=0)[1], DOUBTED)
    if may(ctx.actor, Act.SEE_FAILURES).allowed:
        failed = failures.newest(ctx.session, 0)
        yield Need(failed.all_given_up + failed.all_not_arrived, FAILED)
