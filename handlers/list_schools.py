"""谁没报: the schools that have to report and where they stand; and for an admin, units that still owe something."""

from __future__ import annotations

import re

from documents.board_workbook import SCHOOL_STATES
from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from domain.standing import Reported, SchoolStanding, UnitStanding
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import quotas

NO_LIST = "必报学校的名单州里还没有给出，暂时无法对照。"
ALL_REPORTED = "{who}的必报学校都已提交。"
HEAD = "{who}的必报学校 {count} 所，未报 {without} 所："
LINE = "{name}　{state}（{must}）"
MORE = "还有 {count} 所没有列出。"
UNITS_HEAD = "还没有报够的单位 {count} 个："
UNIT_LINE = "{name}　还差 {gaps}"
UNITS_ENOUGH = "各单位都已达到最低数。"
ALL = "各单位"
_MOST = 20
_SAID = re.compile(
    r"(?:查?看|看看|还有)?(?:谁|哪些学校|哪些单位|哪个县|哪些县市?|必报学校)(?:还|都)?(?:没|没有|未)?(?:有)?(?:报|交|提交|上报|名单|情况)?(?:上来)?"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """谁没报, 哪些学校没交, 必报学校."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - the actor decides what is shown
    """The own unit's schools for a coordinator; units and schools of all for an admin."""
    decision = may(ctx.actor, Act.SEE_UNIT_CASES)
    if not decision.allowed:
        return [Reply(decision.reason)]
    everywhere = may(ctx.actor, Act.SEE_ALL).allowed
    standings = quotas.standings(ctx.session, ctx.notice, None if everywhere else ctx.actor.unit_id or "")
    lines = _unit_lines(standings) if everywhere else []
    who = ALL if everywhere or not standings else standings[0].unit.name
    lines += _school_lines(who, [school for standing in standings for school in standing.schools])
    return [Reply("\n".join(lines), (Choice("进度", "进度"),))]


def _unit_lines(standings: tuple[UnitStanding, ...]) -> list[str]:
    owing = [standing for standing in standings if standing.owes]
    if not owing:
        return [UNITS_ENOUGH]
    gaps = [(each.unit.name, "、".join(f"{owed.category} {owed.missing}" for owed in each.owes)) for each in owing]
    return [
        UNITS_HEAD.format(count=len(owing)),
        *(UNIT_LINE.format(name=name, gaps=owed) for name, owed in gaps[:_MOST]),
    ]


def _school_lines(who: str, schools: list[SchoolStanding]) -> list[str]:
    if not schools:
        return [NO_LIST]
    order = list(Reported)
    without = sum(school.reported in {Reported.NOTHING, Reported.UNDER_WAY} for school in schools)
    if not without:
        return [ALL_REPORTED.format(who=who)]
    lines = [HEAD.format(who=who, count=len(schools), without=without)]
    worst_first = sorted(schools, key=lambda each: order.index(each.reported))[:_MOST]
    lines += [LINE.format(name=each.name, state=SCHOOL_STATES[each.reported], must=each.must) for each in worst_first]
    if len(schools) > _MOST:
        lines.append(MORE.format(count=len(schools) - _MOST))
    return lines


HANDLER = Handler(
    name="list_schools",
    usage="发“谁没报”，看必报学校和还没有报够的单位",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
