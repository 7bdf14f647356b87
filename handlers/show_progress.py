"""进度 for those who look after a unit: what is there, what is still missing, category by category."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from domain.standing import CategoryStanding, UnitStanding
from handlers.casework.board_text import HEAD, all_units_lines, deadline_line
from handlers.casework.routes import routes_to_tick
from handlers.casework.unit_names import units_by_name
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import quotas

WITH_MINIMUM = "{code}　需{minimum}　已推荐{counted}　{gap}"
WITHOUT_MINIMUM = "{code}　已推荐{counted}"
ENOUGH = "✅"
MISSING = "还差{missing}"
WAITING = "待您推荐 {submitted}"
WAITS = "待推荐 {submitted}"
TO_MEND = "待修改 {mending}"
CAME_LATE = "迟交 {late}"
SCHOOLS = "必报学校 {count} 所　{without}"
NOT_YET = "未报 {count} 所"
FILED = "上报　{report}　盖章扫描版　{stamped}"
NOT_FILED = "未上报"
IN = "已收到"
NOT_IN = "未收到"
ROUTE = "{label}　{tick}"
NOT_TICKED = "未勾选"
UNKNOWN_UNIT = "通知里没有您所在的单位，请告诉管理员。"
_SAID = re.compile(
    r"(?:请问|查?看|看看)?(?:我们?|本|咱们?|全州|全县|全市|各|所有)?(?:单位|县市|县|市)?的?(?:现在|目前)?"
    r"(?:进度|进展|统计|(?:还|一共)?(?:差|缺|少|欠)(?:什么|多少个?|几个|哪些|哪几个|哪类)?(?:案例)?|完成(?:了多少|得怎么样|情况))(?:了|呢|吗)?"
)


def matches(message: Incoming, ctx: Context) -> bool:
    """进度, 还差什么, the name of a unit and 进度."""
    return _asked(message, ctx) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The unit that was named; else the own one for a coordinator, all units for an admin."""
    named = _asked(message, ctx) or None
    if named is None and may(ctx.actor, Act.SEE_ALL).allowed:
        lines = all_units_lines(ctx, quotas.standings(ctx.session, ctx.notice))
        choices = (Choice("进度图", "进度图"), Choice("谁没报", "谁没报"), Choice("导出进度", "导出进度"))
        return [Reply("\n".join(lines), choices)]
    unit_id = named or ctx.actor.unit_id
    decision = may(ctx.actor, Act.SEE_UNIT_CASES, target_unit=unit_id)
    if not decision.allowed or unit_id is None:
        return [Reply(decision.reason)]
    standings = quotas.standings(ctx.session, ctx.notice, unit_id)
    return [_one_unit(ctx, standings[0])] if standings else [Reply(UNKNOWN_UNIT)]


def _asked(message: Incoming, ctx: Context) -> str | None:
    """The id of the unit whose progress is asked for, "" when none is named; None when it is something else."""
    said = spoken(message)
    if _SAID.fullmatch(said):
        return ""
    units = units_by_name(ctx.notice)
    # The longest: the name of a bureau begins with that of its county.
    name = max((each for each in units if said.startswith(each)), default="", key=len)
    return units[name].id if name and _SAID.fullmatch(said[len(name) :].strip()) else None


def _one_unit(ctx: Context, standing: UnitStanding) -> Reply:
    lines = [HEAD.format(who=standing.unit.name, deadline=deadline_line(ctx))]
    decides = may(ctx.actor, Act.RECOMMEND, target_unit=standing.unit.id).allowed
    lines += [_category_line(each, WAITING if decides else WAITS) for each in standing.categories]
    if standing.schools:
        without = len(standing.schools_without)
        lines.append(
            SCHOOLS.format(count=len(standing.schools), without=NOT_YET.format(count=without) if without else ENOUGH)
        )
    stamped = IN if standing.stamped else NOT_IN
    lines.append(FILED.format(report=standing.report or NOT_FILED, stamped=stamped))
    routes = [
        ROUTE.format(label=route.done_label, tick=ENOUGH if route.id in standing.ticked else NOT_TICKED)
        for route in routes_to_tick(ctx.notice)
    ]
    if routes:
        lines.append("　".join(routes))
    if not decides:
        return Reply("\n".join(lines), (Choice("汇总表", f"汇总表 {standing.unit.name}"), Choice("全部单位", "进度")))
    return Reply("\n".join(lines), tuple(_next_steps(standing)))


def _next_steps(standing: UnitStanding) -> Iterator[Choice]:
    """What the coordinator of the unit can do now: what leads to the report, and after it what still belongs to it."""
    if not standing.report:
        yield Choice("去推荐", "待推荐")
    if standing.schools_without:
        yield Choice("看未报学校", "谁没报")
    if standing.report:
        yield Choice("下载材料包", "材料包")
        if not standing.stamped:
            yield Choice("发盖章扫描版", "发盖章扫描版")
    else:
        yield Choice("生成汇总表", "汇总表")
    yield Choice("导出进度", "导出进度")


def _category_line(standing: CategoryStanding, waiting: str) -> str:
    if standing.minimum is None:
        line = WITHOUT_MINIMUM.format(code=standing.category, counted=standing.recommended)
    else:
        state = MISSING.format(missing=standing.missing) if standing.missing else ENOUGH
        line = WITH_MINIMUM.format(
            code=standing.category, minimum=standing.minimum, counted=standing.recommended, gap=state
        )
    return line + _underway(standing, waiting)


def _underway(standing: CategoryStanding, waiting: str) -> str:
    mending = standing.needs_fix + standing.returned
    parts = [waiting.format(submitted=standing.submitted)] if standing.submitted else []
    parts += [TO_MEND.format(mending=mending)] if mending else []
    parts += [CAME_LATE.format(late=standing.late)] if standing.late else []
    return f"（{'，'.join(parts)}）" if parts else ""


HANDLER = Handler(
    name="show_progress",
    usage="发“进度”，看各类案例已有多少、还差多少",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
