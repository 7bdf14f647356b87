"""The category of a case is told, or changed while nobody has decided about the case yet."""

from __future__ import annotations

import re

from domain.chat import Incoming, Reply
from domain.policy import Act, may, may_submit
from handlers.casework import questions
from handlers.casework.choosing import UNKNOWN_RECEIPT, own_case, visible_case
from handlers.casework.copies import helpful, readings_of, with_copies
from handlers.casework.decisions import too_late
from handlers.casework.news import decision_choices
from handlers.casework.report_text import headline, show_title
from handlers.casework.settling import MINE, decided, marks_for, settle
from handlers.casework.verdicts import report_of, stored_reports
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases, checks, people
from store.moves import OPEN, Move
from store.schema.campaign import Case, CaseState, Material

NO_CASE = "您还没有可以选类别的案例。请先把案例文件发给我。"
NOT_YOURS = "{code} 类不是由您这样的身份提交的。您可以选：{codes}。"
NOT_FOR_THIS_FILE = "《{title}》这种文件不能报 {code} 类，请换一个类别，或换一种文件再发。"
NOT_THEIRS = "《{title}》不能改成 {code} 类：{code} 类不是由交这个案例的人这样的身份提交的。"
SAME = "《{title}》（回执 {receipt}）本来就是 {code} 类。"
RECLASSIFIED = "《{title}》（回执 {receipt}）的类别已{changed}，老师会收到通知。按新类别检查：\n"
_SAID = re.compile(r"(?P<asked>类别|类型|报|选|我报|我选|改成|改为|改报)?\s*(?:是|:)?\s*(?P<code>[A-Z]\d{0,2})\s*类?")


def matches(message: Incoming, ctx: Context) -> bool:
    """With the word 类别 always; a bare B1 only while a case waits for its category: else it is a question about B1."""
    code, asked = _code_said(message, ctx)
    if code is None:
        return False
    return asked or receipt_in(message.text) is not None or own_case(message.text, ctx, _waits) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Note the category and go on with the case."""
    code, _ = _code_said(message, ctx)
    case = own_case(message.text, ctx, _waits) or own_case(message.text, ctx, _is_open)
    if case is not None and case.owner_id != ctx.actor.person_id:
        case = None  # somebody else's: of which categories it may be depends on its owner
    if case is None and code is not None and (of_unit := _of_unit(message, ctx)) is not None:
        return [_for_owner(ctx, of_unit, code)]
    if case is None:
        return [Reply(UNKNOWN_RECEIPT if receipt_in(message.text) else NO_CASE, (MINE,))]
    return [_for_oneself(ctx, case, code)]


def choose(ctx: Context, case: Case, code: str) -> Reply:
    """Give this case the category, if it is the person's own or they decide about it."""
    if case.owner_id == ctx.actor.person_id:
        return _for_oneself(ctx, case, code)
    return _for_owner(ctx, case, code) if _decides_about(ctx, case) else Reply(UNKNOWN_RECEIPT, (MINE,))


def _for_oneself(ctx: Context, case: Case, code: str | None) -> Reply:
    if not _is_open(case):
        return decided(ctx.notice, case)
    offered = questions.offered_for(ctx.notice, ctx.actor, case)
    if code is None or code not in {each.code for each in offered}:
        text = NOT_YOURS.format(code=code, codes="、".join(each.code for each in offered))
        return Reply(text, questions.category_choices(offered, case.receipt))
    material = cases.latest_material(ctx.session, case.id)
    if checks.latest(ctx.session, material.id, code) is None:
        return Reply(NOT_FOR_THIS_FILE.format(title=show_title(case.title), code=code), (MINE,))
    cases.set_category(ctx.session, case, code, actor_id=ctx.actor.person_id, now=ctx.now)
    reply = settle(ctx, people.get(ctx.session, ctx.actor.person_id), case)
    return _with_copies(ctx, reply, case, material)


def _of_unit(message: Incoming, ctx: Context) -> Case | None:
    """Another person's case about whose category a coordinator decides."""
    case = visible_case(receipt_in(message.text) or "", ctx)
    if case is None or case.owner_id == ctx.actor.person_id:
        return None
    return case if _decides_about(ctx, case) else None


def _decides_about(ctx: Context, case: Case) -> bool:
    return case.unit_id is not None and may(ctx.actor, Act.RECOMMEND, target_unit=case.unit_id).allowed


def _for_owner(ctx: Context, case: Case, code: str) -> Reply:
    """The coordinator tells a category that was missing, or changes that of a case that waits to be recommended."""
    owner = people.get(ctx.session, case.owner_id)
    decision = may_submit(people.as_actor(owner), ctx.notice.category(code))
    if not decision.allowed:
        return Reply(NOT_THEIRS.format(title=show_title(case.title), code=code))
    material = cases.latest_material(ctx.session, case.id)
    if checks.latest(ctx.session, material.id, code) is None:
        return Reply(NOT_FOR_THIS_FILE.format(title=show_title(case.title), code=code))
    if case.category is None and cases.set_category(ctx.session, case, code, actor_id=ctx.actor.person_id, now=ctx.now):
        return settle(ctx, owner, case)
    before = case.category
    if before == code:
        return Reply(SAME.format(title=show_title(case.title), code=code, receipt=case.receipt), decision_choices(case))
    if case.state != CaseState.SUBMITTED:
        return too_late(ctx, case, "改类别")
    cases.set_category(ctx.session, case, code, actor_id=ctx.actor.person_id, now=ctx.now)
    report = report_of(ctx, case, material)
    marks = marks_for(report) if report is not None else ()
    changed = f"从 {before} 改为 {code}"
    cases.move(
        ctx.session, case, Move.RECLASSIFY, actor_id=ctx.actor.person_id, now=ctx.now, marks=marks, reason=changed
    )
    head = headline(case.title, report) if report is not None else ""
    slots = {"title": show_title(case.title), "receipt": case.receipt, "changed": changed}
    return Reply(RECLASSIFIED.format(**slots) + head, decision_choices(case))


def _with_copies(ctx: Context, reply: Reply, case: Case, material: Material) -> Reply:
    """What was found for this category alone; the copies about all categories have come with the file."""
    report = report_of(ctx, case, material)
    if report is None or material.words is None or helpful(readings_of(stored_reports(ctx, material))):
        return reply
    return with_copies(ctx, reply, material.sha256, material.name, readings_of([report]))


def _code_said(message: Incoming, ctx: Context) -> tuple[str | None, bool]:
    found = _SAID.fullmatch(without_receipt(spoken(message)))
    if found is None or found["code"] not in {category.code for category in ctx.notice.categories}:
        return None, False
    return found["code"], found["asked"] is not None


def _waits(case: Case) -> bool:
    return case.category is None and _is_open(case)


def _is_open(case: Case) -> bool:
    return CaseState(case.state) in OPEN


HANDLER = Handler(
    name="choose_category",
    usage="发“类别”加类别号，给最近的案例定类别或改类别",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
