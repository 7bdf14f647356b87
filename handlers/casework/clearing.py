"""An admin has found the check to be wrong about a case: how far the case comes without that finding, and who hears."""

from __future__ import annotations

from dataclasses import dataclass

from domain.chat import Choice, Reply
from domain.policy import may_submit
from handlers.casework.case_text import checked_lines, route_sentence
from handlers.casework.contact import ask_contact
from handlers.casework.report_text import show_title, split
from handlers.casework.settling import MINE, after_submitting, all_checks, anyway, marks_for
from handlers.casework.verdicts import report_of
from handlers.contract import Context
from store import cases, people
from store.moves import Move
from store.schema.campaign import Case, CaseState, Person
from validators.report import Report, Verdict

SUBMITTED = "没有别的必须改的地方，已提交给{unit}协调员。"
COULD_BE = "没有别的必须改的地方，还没有提交：点“提交”，我会告诉您还缺什么。"
STILL = "还有 {must} 处必须改，改好后直接再发给我。"
UNMARKED = "“未达要求”等标注已按核对结果更正。"
RECHECKED = "管理员核对了《{title}》（{category}，回执 {receipt}）的检查，有一条判错了，已更正：\n{checked}"
_SEEN = frozenset({CaseState.SUBMITTED, CaseState.RECOMMENDED})


@dataclass(frozen=True, slots=True)
class Cleared:
    """What came of it: a line about the case, what its owner can do now, and what the unit's coordinators are told."""

    said: str
    owner_line: str
    choices: tuple[Choice, ...]
    told: tuple[Reply, ...] = ()


def clear(ctx: Context, case: Case, cause: str) -> Cleared:
    """Bring the case, some finding about which was upheld as wrong, to where it belongs by what is left.

    One that waited to be mended is submitted when nothing is left that must be; otherwise its marks say what is left.
    `cause` is the part of the causes of messages that names the decision."""
    cases.lock(ctx.session, case.id)
    owner = people.get(ctx.session, case.owner_id)
    report = report_of(ctx, case, cases.latest_material(ctx.session, case.id))
    if report is None:
        return Cleared("", "", (MINE,))
    if case.state == CaseState.NEEDS_FIX:
        return _mended(ctx, owner, case, report)
    marks = marks_for(report)
    changed = bool(case.marks) and cases.set_marks(ctx.session, case, marks, actor_id=ctx.actor.person_id, now=ctx.now)
    said = UNMARKED if changed else ""
    return Cleared(said, said, (all_checks(case), MINE), _to_coordinators(ctx, case, report, cause))


def _mended(ctx: Context, owner: Person, case: Case, report: Report) -> Cleared:
    if report.verdict is Verdict.FAIL:
        still = STILL.format(must=len(split(report)[0]))
        return Cleared(still, still, (anyway(case), all_checks(case), MINE))
    category = ctx.notice.category(case.category or "")
    can_be = case.unit_id is not None and may_submit(people.as_actor(owner), category).allowed
    if can_be and cases.move(
        ctx.session, case, Move.CLEAR, actor_id=ctx.actor.person_id, now=ctx.now, marks=marks_for(report)
    ):
        said = SUBMITTED.format(unit=ctx.notice.unit(case.unit_id or "").name)
        lines = (said, route_sentence(ctx.notice), ask_contact(owner, ctx.now))
        return Cleared(said, "\n".join(line for line in lines if line), after_submitting(ctx, case, report))
    return Cleared(COULD_BE, COULD_BE, (Choice("提交", anyway(case).says), all_checks(case), MINE))


def _to_coordinators(ctx: Context, case: Case, report: Report, cause: str) -> tuple[Reply, ...]:
    """Who decides about the case has decided by what the check said. Whoever hears of a move hears it by that."""
    if case.unit_id is None or CaseState(case.state) not in _SEEN:
        return ()
    checked = "\n".join(checked_lines(case, report))
    text = RECHECKED.format(title=show_title(case.title), category=case.category, receipt=case.receipt, checked=checked)
    choices = (Choice("看详情", f"看详情 {case.receipt}"),)
    found = people.coordinators(ctx.session, case.unit_id)
    return tuple(Reply(text, choices, to=each.id, cause=f"rechecked:{cause}") for each in found)
