"""待推荐, 本单位案例, 找《…》: the cases a coordinator looks after, page by page; an admin sees all units'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.case_text import MARK_NAMES, STAFF_STATE_NAMES
from handlers.casework.report_text import show_title
from handlers.contract import Context, Handler, Mode
from handlers.said import plain, spoken
from store import listing
from store.listing import Wanted
from store.schema.campaign import CaseState, Mark

HEAD = "{what} {count} 个{page}："
PAGE = "（第 {page}/{pages} 页）"
LINE = "{category}《{title}》{school}{owner}　{state}\n回执 {receipt}"
NONE = "{what}：现在没有。"
ONE_BY_ONE = "推荐和退回要一个一个来，请看过再定。"
NO_SUCH_PAGE = "没有第 {page} 页，共 {pages} 页。"
SCHOOL = "　{school}"
OWNER = "　{owner}"
OF_UNIT = "　{unit}"
FOUND = "名称里有“{words}”的案例"
_PAGE = 6
_KINDS: dict[str, frozenset[CaseState]] = {
    "待推荐": frozenset({CaseState.SUBMITTED}),
    "已推荐": frozenset({CaseState.RECOMMENDED}),
    "已退回": frozenset({CaseState.RETURNED}),
    "待修改": frozenset({CaseState.NEEDS_FIX}),
    "已上报": frozenset({CaseState.REPORTED}),
}
ALL = "本单位案例"
_LIST = re.compile(
    r"(?:查?看|看看|去)?(?P<kind>待推荐|推荐|已推荐|已退回|退回未改|待修改|已上报|本单位案例|全部案例|所有案例|案例列表)的?(?:案例|列表)?"
    r"\s*(?P<category>[a-zA-Z]\d?)?\s*类?\s*(?:第?(?P<page>\d{1,4})页?)?"
)
_FIND = re.compile(
    r"(?:找|查找?|搜索?)(?:一下)?(?:案例)?\s*[:《“\"]?(?P<words>[^》”\"]{2,40})[》”\"]?(?:\s*第(?P<page>\d{1,4})页)?"
)
# Whoever wants to decide about all of them, or says no number, is shown what there is to decide about.
_DECIDES = re.compile(
    r"(?:请|我要|帮我)?(?:把)?(?:(?:全部|都|一键|批量|一起|统一)\s*(?:推荐|退回)|(?:推荐|退回)\s*(?:全部|所有|这些)?)(?:的?案例)?(?:了|吧)?"
)
_SAME = {"推荐": "待推荐", "退回未改": "已退回", "全部案例": ALL, "所有案例": ALL, "案例列表": ALL}


@dataclass(frozen=True, slots=True)
class _Asked:
    what: str
    again: str
    wanted: Wanted
    page: int
    decides: bool = False


def matches(message: Incoming, ctx: Context) -> bool:
    """待推荐, 已推荐 B1, 本单位案例 第2页, 找《智慧课堂》; 推荐全部."""
    return _asked(message, ctx) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """One page of the cases the person may see."""
    decision = may(ctx.actor, Act.SEE_UNIT_CASES)
    asked = _asked(message, ctx)
    if not decision.allowed or asked is None:
        return [Reply(decision.reason)]
    everywhere = may(ctx.actor, Act.SEE_ALL).allowed
    unit_id = None if everywhere else ctx.actor.unit_id or ""
    found, total = listing.page(ctx.session, unit_id, asked.wanted, offset=(asked.page - 1) * _PAGE, limit=_PAGE)
    pages = max(1, -(-total // _PAGE))
    if not total:
        return [Reply(NONE.format(what=asked.what), (Choice("进度", "进度"),))]
    if not found:
        return [Reply(NO_SUCH_PAGE.format(page=asked.page, pages=pages))]
    page = PAGE.format(page=asked.page, pages=pages) if pages > 1 else ""
    lines = [ONE_BY_ONE] if asked.decides else []
    lines.append(HEAD.format(what=asked.what, count=total, page=page))
    lines += [_line(ctx, each, with_unit=everywhere) for each in found]
    choices = [Choice(f"《{show_title(each.case.title)}》", f"看详情 {each.case.receipt}") for each in found]
    if asked.page < pages:
        choices.append(Choice("下一页", f"{asked.again} 第{asked.page + 1}页"))
    return [Reply("\n".join(lines), tuple(choices))]


def _asked(message: Incoming, ctx: Context) -> _Asked | None:
    said = plain(spoken(message))
    decides = _DECIDES.fullmatch(said) is not None
    found = _LIST.fullmatch("待推荐" if decides else said)
    if found is not None:
        kind = _SAME.get(found["kind"], found["kind"])
        code = (found["category"] or "").upper()
        known = [category.code for category in ctx.notice.categories]
        if code and code not in known:
            return None
        what = f"{kind}的案例" if kind in _KINDS else kind
        wanted = Wanted(states=_KINDS.get(kind, listing.ALIVE), category=code or None)
        return _Asked(f"{what} {code}".strip(), f"{kind} {code}".strip(), wanted, int(found["page"] or 1) or 1, decides)
    found = _FIND.fullmatch(said)
    if found is None:
        return None
    words = found["words"].strip()
    wanted = Wanted(states=frozenset(CaseState), words=words)
    return _Asked(FOUND.format(words=words), f"找《{words}》", wanted, int(found["page"] or 1) or 1)


def _line(ctx: Context, listed: listing.Listed, *, with_unit: bool) -> str:
    case = listed.case
    unit = ctx.notice.unit(case.unit_id).name if with_unit and case.unit_id else ""
    school, marks = case.school or listed.school or "", "、".join(MARK_NAMES[Mark(mark)] for mark in case.marks)
    return LINE.format(
        category=case.category or "",
        title=show_title(case.title),
        school=(OF_UNIT.format(unit=unit) if unit else "") + (SCHOOL.format(school=school) if school else ""),
        owner=OWNER.format(owner=listed.author) if listed.author else "",
        state=STAFF_STATE_NAMES[CaseState(case.state)] + (f"（{marks}）" if marks else ""),
        receipt=case.receipt,
    )


HANDLER = Handler(
    name="list_cases",
    usage="发“待推荐”“已推荐”“本单位案例”，或“找”加案例名，看本单位的案例",
    roles=frozenset({Role.COORDINATOR, Role.ADMIN}),
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
