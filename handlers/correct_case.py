"""改题目, 改学校: what the summary table will say of a case, corrected by its owner or the unit's coordinator."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from handlers.casework.choosing import UNKNOWN_RECEIPT, own_case, visible_case
from handlers.casework.decisions import too_late
from handlers.casework.deputing import SCHOOL_LENGTH, SCHOOL_LIKE
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import one_line, plain, receipt_in, spoken
from store import cases, particulars
from store.moves import OPEN
from store.schema.campaign import Case, CaseState

NO_CASE = "您还没有可以改的案例。请先把案例文件发给我。"
HOW_TITLE = "请把新的题目写在后面，2–100 字，例如“改题目 乡村小学的智慧课堂”。案例多的时候再加上回执号。"
HOW_SCHOOL = "请把学校全称写在后面，例如“改学校 利民小学”。案例多的时候再加上回执号。"
TITLE_DONE = (
    "题目已改：《{before}》改为《{title}》（回执 {receipt}）。汇总表里就写它；以后发的新版本按这个题目归到同一个案例。"
)
SCHOOL_DONE = "学校已改：《{title}》（回执 {receipt}）的所在单位写“{school}”。"
SAME = "《{title}》（回执 {receipt}）本来就是这样，没有改动。"
TITLE_SIGNS = range(2, 101)
_SAID = re.compile(
    r"(?:修?改|更改|更正|换)(?:一下)?(?P<what>案例名称?|题目|标题|案例标题|学校|单位名称|所在单位)"
    r"(?:改?为|改?成|是|叫)?\s*[:：]?\s*(?P<value>.*)",
    re.DOTALL,
)
_QUOTES = '《》“”"「」'


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """改题目 …, 改学校 …."""
    found = _SAID.fullmatch(spoken(message))
    return found is not None and not re.search(r"[?？吗]|怎么|如何", found["value"] + message.text[-1:])


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Correct the meant case."""
    found = _SAID.fullmatch(spoken(message))
    about_title = found is not None and found["what"] not in {"学校", "单位名称", "所在单位"}
    value = _value(message, found["value"] if found else "")
    if not _fits(value, about_title=about_title):
        return [Reply(HOW_TITLE if about_title else HOW_SCHOOL)]
    case = _meant(message, ctx)
    if case is None:
        return [Reply(UNKNOWN_RECEIPT if receipt_in(message.text) else NO_CASE, (MINE,))]
    return [correct(ctx, case, value, about_title=about_title)]


def correct(ctx: Context, case: Case, said: str, *, about_title: bool) -> Reply:
    """Set the title of this case, or its school, if the person may and it can be one."""
    value = one_line(plain(said)).strip(_QUOTES + " ")
    if not _fits(value, about_title=about_title):
        return Reply(HOW_TITLE if about_title else HOW_SCHOOL)
    own, staff = case.owner_id == ctx.actor.person_id, _is_staff(ctx, case)
    if not own and not staff:
        return Reply(UNKNOWN_RECEIPT, (MINE,))
    if CaseState(cases.lock(ctx.session, case.id).state) not in correctable(staff=staff):
        return too_late(ctx, case, "改题目" if about_title else "改学校")
    return _set_title(ctx, case, value) if about_title else _set_school(ctx, case, value)


def correctable(*, staff: bool) -> frozenset[CaseState]:
    """The states in which a case can be corrected. Before the county has reported, its coordinator may mend what the
    table will say of a recommended case as well."""
    return OPEN | {CaseState.RECOMMENDED} if staff else OPEN


def _fits(value: str, *, about_title: bool) -> bool:
    return len(value) in TITLE_SIGNS if about_title else _is_school(value)


def _set_title(ctx: Context, case: Case, title: str) -> Reply:
    slots = {"receipt": case.receipt, "title": show_title(title)}
    if case.title == title:
        return Reply(SAME.format(**slots), (MINE,))
    before = show_title(case.title)
    particulars.set_title(ctx.session, case, title, actor_id=ctx.actor.person_id, now=ctx.now)
    return Reply(TITLE_DONE.format(before=before, **slots), _next(case))


def _set_school(ctx: Context, case: Case, school: str) -> Reply:
    slots = {"receipt": case.receipt, "title": show_title(case.title)}
    if case.school == school:
        return Reply(SAME.format(**slots), (MINE,))
    particulars.set_school(ctx.session, case, school, actor_id=ctx.actor.person_id, now=ctx.now)
    return Reply(SCHOOL_DONE.format(school=show_title(school), **slots), _next(case))


def _meant(message: Incoming, ctx: Context) -> Case | None:
    """The person's own case; with its receipt number, for a coordinator any case of the unit."""
    receipt = receipt_in(message.text)
    if receipt is None:
        return own_case(message.text, ctx, lambda case: CaseState(case.state) in OPEN)
    case = visible_case(receipt, ctx)
    if case is None or case.owner_id == ctx.actor.person_id or _is_staff(ctx, case):
        return case
    return None


def _is_staff(ctx: Context, case: Case) -> bool:
    """Whether the person decides about this unit's cases. An admin looks on."""
    return case.unit_id is not None and may(ctx.actor, Act.RECOMMEND, target_unit=case.unit_id).allowed


def _value(message: Incoming, said: str) -> str:
    receipt = receipt_in(message.text)
    if receipt is not None:  # the number as it was written, wherever it stands
        number = r"[-_\s]*".join(re.escape(part) for part in receipt.split("-"))
        said = re.sub(rf"(?:回执\s*)?{number}", " ", said, flags=re.IGNORECASE)
    return one_line(plain(said)).strip(_QUOTES + " ")


def _is_school(value: str) -> bool:
    return len(value) in SCHOOL_LENGTH and SCHOOL_LIKE.fullmatch(value) is not None


def _next(case: Case) -> tuple[Choice, ...]:
    return (Choice("看详情", f"看详情 {case.receipt}"), MINE)


HANDLER = Handler(
    name="correct_case",
    usage="发“改题目”或“改学校”加新的内容，更正汇总表里会写的名称和单位",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
