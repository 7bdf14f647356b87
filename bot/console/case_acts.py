"""What can be done with a case from its page, in one list: to whom it is offered, what is asked, which part of which
handler does it. Nothing is put into words that would have to be understood again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from domain.chat import Reply
from domain.policy import Act, Decision, may
from domain.roles import Actor
from domain.wording import show_instant
from handlers import (
    add_supporting,
    choose_category,
    correct_case,
    doubt_finding,
    recommend_case,
    replace_version,
    return_case,
    revive_case,
    submit_anyway,
    withdraw_case,
)
from handlers.casework import questions
from handlers.casework.choosing import may_as_owner
from handlers.casework.deputing import SCHOOL_LENGTH
from handlers.casework.report_text import finding_line
from handlers.casework.support import takes_support
from handlers.contract import Context, Handler
from store import cases, people, versions
from store.moves import OPEN, Move, allows
from store.schema.campaign import Case, CaseState, Material, MaterialKind

_ALLOWED = Decision(allowed=True)
_NOT_YOURS = Decision(allowed=False, reason="这个案例由交它的人和本单位协调员处理，您现在的身份不能改。")


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a field, and how it is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """What has to be said for an act: freely, `least` to `most` signs; or one of `options`; or, with `free`, either."""

    label: str
    least: int = 1
    most: int = 200
    value: str = ""
    options: tuple[Option, ...] = ()
    free: bool = True
    none: str = ""

    def takes(self, said: str) -> bool:
        """Whether this can be an answer."""
        if not self.free:
            return said in {option.value for option in self.options}
        return self.least <= len(said) <= self.most


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One line of the list. `name` stands in the address. `right` asks domain.policy whether this person may do it with
    this case, `fits` the table of moves whether the case stands where it can be done. `asks` is what stands over the
    button that does it; `deed` gets what was said in `field`. The answer is shown, or the page `then`.
    `main` is what most want who come here."""

    name: str
    label: str
    handler: Handler
    right: Callable[[Actor, Case], Decision]
    fits: Callable[[Context, Case], bool]
    asks: str
    deed: Callable[[Context, Case, str], list[Reply]]
    field: Callable[[Context, Case], Field] | None = None
    then: str = ""
    main: bool = False


def offered(ctx: Context, case: Case) -> tuple[CaseAct, ...]:
    """What this person can do with this case as it stands."""
    return tuple(each for each in CASE_ACTS if is_allowed(each, ctx.actor, case).allowed and each.fits(ctx, case))


def is_allowed(act: CaseAct, actor: Actor, case: Case) -> Decision:
    """Whether the person may do it with this case at all."""
    return act.right(actor, case) if actor.role in act.handler.roles else _NOT_YOURS


def _for_unit(right: Act) -> Callable[[Actor, Case], Decision]:
    def decide(actor: Actor, case: Case) -> Decision:
        # A case without a unit is nobody's yet: for the policy None would be the actor's own.
        return may(actor, right, target_unit=case.unit_id) if case.unit_id is not None else _NOT_YOURS

    return decide


def _for_owner(right: Act) -> Callable[[Actor, Case], Decision]:
    return lambda actor, case: may_as_owner(actor, right, case)


def _for_either(actor: Actor, case: Case) -> Decision:
    own = may_as_owner(actor, Act.WITHDRAW_CASE, case)
    return _ALLOWED if own.allowed or _is_staff(actor, case) else _NOT_YOURS


def _submits(actor: Actor, case: Case) -> Decision:
    return may_as_owner(actor, Act.SUBMIT_CASE, case)


def _is_staff(actor: Actor, case: Case) -> bool:
    return case.unit_id is not None and may(actor, Act.RECOMMEND, target_unit=case.unit_id).allowed


def _when(step: Move) -> Callable[[Context, Case], bool]:
    return lambda _ctx, case: allows(step, CaseState(case.state))


def _is_correctable(ctx: Context, case: Case) -> bool:
    return CaseState(case.state) in correct_case.correctable(staff=_is_staff(ctx.actor, case))


def _is_replaced(ctx: Context, case: Case) -> bool:
    return CaseState(case.state) in OPEN and versions.waiting(ctx.session, case.id) is not None


def _has_versions(ctx: Context, case: Case) -> bool:
    return CaseState(case.state) in OPEN and len(_earlier(ctx, case)) > 0


def _earlier(ctx: Context, case: Case) -> list[Material]:
    """The versions that could be used again, the newest first."""
    *earlier, _current = cases.of_kind(ctx.session, case.id, MaterialKind.MAIN)
    return earlier[::-1]


def _takes_support(ctx: Context, case: Case) -> bool:
    return takes_support(ctx.notice, ctx.actor, case)


def _takes_category(ctx: Context, case: Case) -> bool:
    state = CaseState(case.state)
    if case.owner_id == ctx.actor.person_id:
        return state in OPEN
    return state == CaseState.SUBMITTED or (case.category is None and state in OPEN)


def _may_be_doubted(ctx: Context, case: Case) -> bool:  # noqa: ARG001 - one shape for all
    return case.category is not None and case.state != CaseState.WITHDRAWN


def _reasons(ctx: Context, case: Case) -> Field:
    options = tuple(Option(reason, reason) for reason in return_case.likely_reasons(ctx, case))
    return Field("退回的原因", most=return_case.LONGEST_REASON, options=options)


def _title(ctx: Context, case: Case) -> Field:  # noqa: ARG001 - one shape for all
    signs = correct_case.TITLE_SIGNS
    return Field("案例名称", least=signs.start, most=signs.stop - 1, value=case.title)


def _school(ctx: Context, case: Case) -> Field:  # noqa: ARG001 - one shape for all
    return Field("学校全称", least=SCHOOL_LENGTH.start, most=SCHOOL_LENGTH.stop - 1, value=case.school or "")


def _categories(ctx: Context, case: Case) -> Field:
    owner = people.as_actor(people.get(ctx.session, case.owner_id))
    offered_now = questions.offered_for(ctx.notice, owner, case)
    options = tuple(Option(each.code, f"{each.code} {each.name}") for each in offered_now)
    return Field("类别", value=case.category or "", options=options, free=False, none="没有可以改成的类别。")


def _findings(ctx: Context, case: Case) -> Field:
    found = doubt_finding.findings_of(ctx, case)
    lines = [finding_line(ctx.notice, finding) for finding in found]
    options = tuple(Option(_mark(number, line), f"{number}. {line}") for number, line in enumerate(lines, start=1))
    return Field("哪一条判错了", options=options, free=False, none="检查没有提出问题，没有可以报告的误判。")


def _versions(ctx: Context, case: Case) -> Field:
    zone = ctx.notice.timezone
    options = tuple(
        Option(str(each.version), f"第 {each.version} 版　{each.name}　{show_instant(each.arrived_at, zone)}")
        for each in _earlier(ctx, case)
    )
    return Field("换回哪一版", options=options, free=False, none="没有更早的版本。")


def _mark(number: int, line: str) -> str:
    """The number together with what it stood for: after a new version it may stand for something else."""
    return f"{number}-{hashlib.sha256(line.encode()).hexdigest()[:12]}"


CASE_ACTS: tuple[CaseAct, ...] = (
    CaseAct(
        name="recommend",
        label="推荐",
        handler=recommend_case.HANDLER,
        right=_for_unit(Act.RECOMMEND),
        fits=_when(Move.RECOMMEND),
        asks="推荐后计入本单位的数量，老师会收到通知。上报之前可以撤回推荐。",
        deed=lambda ctx, case, _: [recommend_case.decide(ctx, case, back=False)],
        main=True,
    ),
    CaseAct(
        name="return",
        label="退回",
        handler=return_case.HANDLER,
        right=_for_unit(Act.RETURN_CASE),
        fits=_when(Move.RETURN),
        asks="退回后老师会马上收到原因，改好再发会作为新版本。",
        deed=lambda ctx, case, said: [return_case.send_back(ctx, case, said)],
        field=_reasons,
    ),
    CaseAct(
        name="unrecommend",
        label="撤回推荐",
        handler=recommend_case.HANDLER,
        right=_for_unit(Act.RECOMMEND),
        fits=_when(Move.UNRECOMMEND),
        asks="撤回推荐后它又在待推荐的案例里，不再计入数量，老师会收到通知。",
        deed=lambda ctx, case, _: [recommend_case.decide(ctx, case, back=True)],
    ),
    CaseAct(
        name="submit",
        label="仍然提交",
        handler=submit_anyway.HANDLER,
        right=_submits,
        fits=lambda _ctx, case: case.state == CaseState.NEEDS_FIX and case.category is not None,
        asks="检查里还有必须改的地方。仍然提交会标注“未达要求”，由协调员决定是否推荐。",
        deed=lambda ctx, case, _: [submit_anyway.submit_as_it_is(ctx, case)],
    ),
    CaseAct(
        name="revive",
        label="恢复",
        handler=revive_case.HANDLER,
        right=_for_owner(Act.WITHDRAW_CASE),
        fits=_when(Move.REVIVE),
        asks="恢复后按现有文件的检查结果继续：合格的直接提交给协调员。",
        deed=lambda ctx, case, _: [revive_case.bring_back(ctx, case)],
        main=True,
    ),
    CaseAct(
        name="category",
        label="选类别",
        handler=choose_category.HANDLER,
        right=_for_either,
        fits=_takes_category,
        asks="按选定的类别检查，回执号不变。",
        deed=lambda ctx, case, said: [choose_category.choose(ctx, case, said)],
        field=_categories,
    ),
    CaseAct(
        name="replace",
        label="替换",
        handler=replace_version.HANDLER,
        right=_for_owner(Act.SEE_OWN_CASES),
        fits=_is_replaced,
        asks="您新发的一版会替换现在用的一版，以前的版本都留着。",
        deed=lambda ctx, case, _: [replace_version.adopt(ctx, case)],
        main=True,
    ),
    CaseAct(
        name="keep",
        label="不替换",
        handler=replace_version.HANDLER,
        right=_for_owner(Act.SEE_OWN_CASES),
        fits=_is_replaced,
        asks="现在用的一版不变，您新发的文件也留着。",
        deed=lambda ctx, case, _: [replace_version.keep(ctx, case)],
    ),
    CaseAct(
        name="restore",
        label="换回以前的版本",
        handler=replace_version.HANDLER,
        right=_for_owner(Act.SEE_OWN_CASES),
        fits=_has_versions,
        asks="选的那一版会作为新的一版，按它的检查结果继续；以前的版本都留着。",
        deed=lambda ctx, case, said: [replace_version.restore(ctx, case, int(said))],
        field=_versions,
    ),
    CaseAct(
        name="support",
        label="补交支撑材料",
        handler=add_supporting.HANDLER,
        right=_for_owner(Act.SEE_OWN_CASES),
        fits=_takes_support,
        asks="点下面的按钮后半小时内，您从“上传文件”或聊天里发来的文件都算它的支撑材料，可以多次发。",
        deed=lambda ctx, case, _: [add_supporting.await_files(ctx, case)],
        then="/console/upload",
    ),
    CaseAct(
        name="title",
        label="改题目",
        handler=correct_case.HANDLER,
        right=_for_either,
        fits=_is_correctable,
        asks="汇总表里写的就是这个题目。文件里的题目不会跟着改。",
        deed=lambda ctx, case, said: [correct_case.correct(ctx, case, said, about_title=True)],
        field=_title,
    ),
    CaseAct(
        name="school",
        label="改学校",
        handler=correct_case.HANDLER,
        right=_for_either,
        fits=_is_correctable,
        asks="汇总表的“所在单位”写的就是它，请写学校全称。",
        deed=lambda ctx, case, said: [correct_case.correct(ctx, case, said, about_title=False)],
        field=_school,
    ),
    CaseAct(
        name="doubt",
        label="报告误判",
        handler=doubt_finding.HANDLER,
        right=_for_owner(Act.DOUBT_FINDING),
        fits=_may_be_doubted,
        asks="管理员会人工核对，核对期间不影响您改稿或提交。",
        deed=lambda ctx, case, said: doubt_finding.doubt(ctx, case, int(said.partition("-")[0])),
        field=_findings,
    ),
    CaseAct(
        name="withdraw",
        label="撤回",
        handler=withdraw_case.HANDLER,
        right=_for_owner(Act.WITHDRAW_CASE),
        fits=_when(Move.WITHDRAW),
        asks="撤回后不再提交，也不计入数量；文件都留着，以后可以恢复。",
        deed=lambda ctx, case, _: [withdraw_case.take_back(ctx, case, sure=True)],
    ),
)
