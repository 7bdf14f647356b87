"""进度 for those who look after a unit: what is there, what is still missing, category by category."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from domain.chat import Incoming, Reply
from domain.notice import Unit
from domain.policy import Act, may, shortfall
from domain.roles import Role
from domain.wording import last_minute, show_deadline, show_left
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import cases
from store.cases import Count
from store.moves import COUNTED
from store.schema.campaign import CaseState

HEAD = "{who}　{deadline}"
DEADLINE = "距截止 {left}，{when}"
CLOSED = "已于 {when} 截止"
WITH_MINIMUM = "{code}　需{minimum}　已推荐{counted}　{gap}"
WITHOUT_MINIMUM = "{code}　已推荐{counted}"
ENOUGH = "✅"
MISSING = "还差{missing}"
WAITING = "待您推荐 {submitted}"
TO_MEND = "待修改 {mending}"
CAME_LATE = "迟交 {late}"
UNIT_LINE = "{name}　{state}"
UNIT_ENOUGH = "✅ 已达最低数"
UNIT_NO_MINIMUM = "没有最低数，已推荐 {counted}"
UNIT_MISSING = "还差 {gaps}"
ALL_UNITS = "全部单位"
UNKNOWN_UNIT = "通知里没有您所在的单位，请告诉管理员。"
_MOST_UNITS = 20
_SAID = re.compile(
    r"(?:请问|查?看|看看)?(?:我们?|本|咱们?|全州|全县|全市|各|所有)?(?:单位|县市|县|市)?的?(?:现在|目前)?"
    r"(?:进度|进展|统计|(?:还|一共)?(?:差|缺|少|欠)(?:什么|多少个?|几个|哪些|哪几个|哪类)?(?:案例)?|完成(?:了多少|得怎么样|情况))(?:了|呢|吗)?"
)
_MENDING = frozenset({CaseState.NEEDS_FIX, CaseState.RETURNED})


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """进度, 还差什么."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - the actor decides what is shown
    """The own unit for a coordinator, all units for an admin."""
    if may(ctx.actor, Act.SEE_ALL).allowed:
        return [_all_units(ctx)]
    decision = may(ctx.actor, Act.SEE_UNIT_CASES)
    if not decision.allowed or ctx.actor.unit_id is None:
        return [Reply(decision.reason)]
    units = [unit for unit in ctx.notice.units if unit.id == ctx.actor.unit_id]
    return [_one_unit(ctx, units[0])] if units else [Reply(UNKNOWN_UNIT)]


def _one_unit(ctx: Context, unit: Unit) -> Reply:
    counts = cases.counts(ctx.session, unit.id)
    gaps = {gap.category: gap for gap in shortfall(ctx.notice, unit, _counted(counts))}
    lines = [HEAD.format(who=unit.name, deadline=_deadline(ctx))]
    for category in ctx.notice.categories:
        here = [count for count in counts if count.category == category.code]
        counted = _counted(here)[category.code]
        gap = gaps.get(category.code)
        if gap is None:
            line = WITHOUT_MINIMUM.format(code=category.code, counted=counted)
        else:
            state = MISSING.format(missing=gap.missing) if gap.missing else ENOUGH
            line = WITH_MINIMUM.format(code=category.code, minimum=gap.minimum, counted=counted, gap=state)
        lines.append(line + _underway(here))
    return Reply("\n".join(lines))


def _all_units(ctx: Context) -> Reply:
    counts = cases.counts(ctx.session)
    lines = [HEAD.format(who=ALL_UNITS, deadline=_deadline(ctx))]
    for unit in ctx.notice.units[:_MOST_UNITS]:
        counted = _counted([count for count in counts if count.unit_id == unit.id])
        gaps = shortfall(ctx.notice, unit, counted)
        owed = [f"{gap.category} {gap.missing}" for gap in gaps if gap.missing]
        if owed:
            state = UNIT_MISSING.format(gaps="、".join(owed))
        else:
            state = UNIT_ENOUGH if gaps else UNIT_NO_MINIMUM.format(counted=counted.total())
        lines.append(UNIT_LINE.format(name=unit.name, state=state))
    return Reply("\n".join(lines))


def _counted(counts: Sequence[Count]) -> Counter[str]:
    """Cases that count towards the minimum, by category."""
    counted: Counter[str] = Counter()
    for count in counts:
        if count.state in COUNTED and count.category is not None:
            counted[count.category] += count.cases
    return counted


def _underway(counts: Sequence[Count]) -> str:
    submitted = sum(count.cases for count in counts if count.state is CaseState.SUBMITTED)
    mending = sum(count.cases for count in counts if count.state in _MENDING)
    parts = [WAITING.format(submitted=submitted)] if submitted else []
    parts += [TO_MEND.format(mending=mending)] if mending else []
    late = sum(count.late for count in counts if count.state in COUNTED | {CaseState.SUBMITTED})
    parts += [CAME_LATE.format(late=late)] if late else []
    return f"（{'，'.join(parts)}）" if parts else ""


def _deadline(ctx: Context) -> str:
    stage, zone = ctx.notice.intake_stage, ctx.notice.timezone
    if ctx.now >= stage.closes_at:
        return CLOSED.format(when=show_deadline(stage, zone))
    return DEADLINE.format(left=show_left(last_minute(stage, zone) - ctx.now), when=show_deadline(stage, zone))


HANDLER = Handler(
    name="show_progress",
    usage="发“进度”，看各类案例已有多少、还差多少",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
