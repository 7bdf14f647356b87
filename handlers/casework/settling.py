"""What becomes of a case once its file has been checked: wait for an answer, be mended, or be submitted."""

from __future__ import annotations

from collections.abc import Iterable

from domain.chat import Choice, Reply
from domain.notice import Notice
from domain.policy import may_submit
from handlers.casework import questions
from handlers.casework.case_text import check_line, licence_sentence, receipt_line, route_sentence, state_name
from handlers.casework.contact import ask_contact
from handlers.casework.report_text import checked_line, finding_lines, headline, show_title
from handlers.casework.verdicts import report_as, report_of
from handlers.contract import Context
from store import cases, people
from store.moves import Move
from store.schema.campaign import Case, CaseState, Mark, Material, Person
from validators.report import Report, Verdict

SUBMITTED_TO = "，已提交给{unit}协调员"
NOT_YET = "（还没有提交）"
NO_LONGER = "（这一版还没有提交，上一版的提交已收回）"
MEND = "改好后直接再发给我，会作为同一个案例的新版本。"
DECIDED = "《{title}》现在是“{state}”，不能再改；要改请先请本单位协调员退回。"
ANYWAY_WAITS = "记下了：《{title}》仍然提交，标注“未达要求”。"
ANYWAY = "《{title}》已提交给{unit}协调员，标注“未达要求”，由协调员决定是否推荐。"
MINE = Choice("我的案例", "我的案例")


def all_checks(case: Case) -> Choice:
    """The choice that shows everything the check found."""
    return Choice("看全部检查项", f"看全部检查项 {case.receipt}")


def anyway(case: Case) -> Choice:
    """The choice to submit a case that does not meet the demands."""
    return Choice("仍然提交", f"仍然提交 {case.receipt}")


def doubt(case: Case) -> Choice:
    """The choice to say that the check is wrong."""
    return Choice("报告误判", f"报告误判 {case.receipt}")


def withdraw(case: Case) -> Choice:
    """The choice to take a case back; it is asked once more."""
    return Choice("撤回", f"撤回 {case.receipt}")


def add_support(notice: Notice, case: Case) -> tuple[Choice, ...]:
    """The choice to send supporting files, where the case's category has them."""
    if case.category is None or not notice.category(case.category).supporting_files:
        return ()
    return (Choice("补交支撑材料", f"补交支撑材料 {case.receipt}"),)


def case_choices(ctx: Context, case: Case) -> tuple[Choice, ...]:
    """What the owner can do with a case as it stands: choose its category, submit it anyway, see its checks."""
    if case.category is None:
        return questions.category_choices(questions.offered_for(ctx.notice, ctx.actor, case), case.receipt)
    return (anyway(case), all_checks(case)) if case.state == CaseState.NEEDS_FIX else (all_checks(case),)


def settle(ctx: Context, person: Person, case: Case, note: str = "") -> Reply:
    """Bring the case as far as it can go and say so. Everything the verdict needs was stored when the file came.

    A file without must-fix findings is submitted at once; what could not be checked is marked for a person to look.
    `note` is a line to stand under the receipt number.
    """
    material = cases.latest_material(ctx.session, case.id)
    report = report_of(ctx, case, material)
    if report is None or case.category is None:
        return _ask_category(ctx, person, case, material, note)
    if report.verdict is Verdict.FAIL:
        return _needs_fix(ctx, person, case, report, note)
    _take_unit_of(ctx, person, case)
    if case.unit_id is None:
        cases.move(ctx.session, case, Move.WAIT, actor_id=ctx.actor.person_id, now=ctx.now)
        asked = questions.ask_unit(ctx, person)
        head = headline(case.title, report) + NOT_YET
        return Reply(_text(ctx, case, head, note=note, body=_body(ctx.notice, report), act=asked.text), asked.choices)
    decision = may_submit(people.as_actor(person), ctx.notice.category(case.category))
    if not decision.allowed:
        cases.move(ctx.session, case, Move.WAIT, actor_id=ctx.actor.person_id, now=ctx.now)
        head = headline(case.title, report) + NOT_YET
        return Reply(_text(ctx, case, head, note=note, body=[decision.reason]), (MINE,))
    marks = marks_for(report)
    if not cases.move(ctx.session, case, Move.SUBMIT, actor_id=ctx.actor.person_id, now=ctx.now, marks=marks):
        return decided(ctx.notice, case)
    head = headline(case.title, report) + SUBMITTED_TO.format(unit=ctx.notice.unit(case.unit_id).name)
    body = _body(ctx.notice, report)
    text = _text(ctx, case, head, note=note, body=body, act=_asked(ctx, person))
    return Reply(text, after_submitting(ctx, case, report))


def marks_for(report: Report) -> tuple[Mark, ...]:
    """What a coordinator must know about a submitted case with this report."""
    if report.verdict is Verdict.FAIL:
        return (Mark.BELOW_DEMANDS,)
    return (Mark.LOOK_BY_HAND,) if report.verdict is Verdict.UNCHECKED else ()


def after_submitting(ctx: Context, case: Case, report: Report | None = None) -> tuple[Choice, ...]:
    """What the owner can do with a case that was submitted a moment ago."""
    doubted = (doubt(case),) if report is not None and report.findings else ()
    return (all_checks(case), *doubted, MINE, withdraw(case), *add_support(ctx.notice, case))


def submit_below_demands(ctx: Context, person: Person, case: Case) -> Reply:
    """Submit a case in need of mending as it is, marked so. Without a unit the wish is noted and the unit asked for."""
    title = show_title(case.title)
    marks = (Mark.BELOW_DEMANDS,)
    _take_unit_of(ctx, person, case)
    if case.unit_id is None:
        cases.move(ctx.session, case, Move.FAIL, actor_id=ctx.actor.person_id, now=ctx.now, marks=marks)
        asked = questions.ask_unit(ctx, person)
        return Reply(f"{ANYWAY_WAITS.format(title=title)}\n{asked.text}", asked.choices)
    if not cases.move(ctx.session, case, Move.SUBMIT_ANYWAY, actor_id=ctx.actor.person_id, now=ctx.now, marks=marks):
        return decided(ctx.notice, case)
    head = ANYWAY.format(title=title, unit=ctx.notice.unit(case.unit_id).name)
    text = _text(ctx, case, head, act=_asked(ctx, person))
    return Reply(text, after_submitting(ctx, case))


def decided(notice: Notice, case: Case) -> Reply:
    """That the case has gone too far to be changed by its owner."""
    return Reply(DECIDED.format(title=show_title(case.title), state=state_name(notice, case)), (MINE,))


def _take_unit_of(ctx: Context, person: Person, case: Case) -> None:
    """A case that came before its owner's unit was known gets it as soon as it is."""
    if case.unit_id is None and person.unit_id is not None:
        cases.set_unit(ctx.session, case, person.unit_id, person.school, actor_id=ctx.actor.person_id, now=ctx.now)


def _needs_fix(ctx: Context, person: Person, case: Case, report: Report, note: str) -> Reply:
    wished = case.state == CaseState.NEEDS_FIX and Mark.BELOW_DEMANDS in case.marks
    if wished and case.unit_id is not None:
        return submit_below_demands(ctx, person, case)
    was_submitted = case.state == CaseState.SUBMITTED
    if not cases.move(ctx.session, case, Move.FAIL, actor_id=ctx.actor.person_id, now=ctx.now):
        return decided(ctx.notice, case)
    head = headline(case.title, report) + (NO_LONGER if was_submitted else NOT_YET)
    text = _text(ctx, case, head, note=note, body=_body(ctx.notice, report), act=MEND)
    return Reply(text, (anyway(case), all_checks(case), doubt(case), MINE))


def _ask_category(ctx: Context, person: Person, case: Case, material: Material, note: str) -> Reply:
    offered = questions.offered_for(ctx.notice, people.as_actor(person), case)
    reports = [(each, report_as(ctx, material, each.code)) for each in offered]
    fitting = [(each, report) for each, report in reports if report is not None]
    asked = questions.ask_category([each for each, _ in fitting], case)
    head = questions.NO_CATEGORY_YET.format(title=show_title(case.title))
    readings = questions.reading_lines([report for _, report in fitting])
    return Reply(_text(ctx, case, head, note=note, body=readings, act=asked.text), asked.choices)


def _asked(ctx: Context, person: Person) -> str:
    """The question for the owner's name and telephone: a coordinator who sends for somebody is not asked for theirs."""
    return ask_contact(person, ctx.now) if person.id == ctx.actor.person_id else ""


def _body(notice: Notice, report: Report) -> list[str]:
    lines = finding_lines(notice, report)
    return [*lines, checked_line(report)] if report.verdict is Verdict.PASS else lines


def _text(ctx: Context, case: Case, head: str, *, note: str = "", body: Iterable[str] = (), act: str = "") -> str:
    """Verdict, receipt, details, what a receipt has to say by the notice, and last what the person should do."""
    material = cases.latest_material(ctx.session, case.id)
    sender = people.get(ctx.session, ctx.actor.person_id)
    licence = licence_sentence(ctx.notice) if people.show_licence(ctx.session, sender, ctx.now) else ""
    receipt = (receipt_line(ctx.notice, case, material), check_line(ctx.public_url, case.receipt))
    lines = (head, *receipt, note, *body, licence, route_sentence(ctx.notice), act)
    return "\n".join(line for line in lines if line)
