"""Who hears of a case's move, and what: the unit's coordinators of what waits for them, the owner of every decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from domain.chat import Choice, Reply
from domain.notice import Notice
from handlers.casework.case_text import checked_lines, punctual, state_name
from handlers.casework.contact import ask_contact
from handlers.casework.report_text import show_title
from handlers.casework.verdicts import report_of
from handlers.contract import Context
from store import cases, people
from store.moves import Move, Moved
from store.schema.campaign import Case, CaseState, Material, Person
from validators.report import Report

TO_DECIDE = "{unit}有{what}等您推荐：《{title}》\n{whose}\n{checked}\n回执 {receipt}，{punctual}"
WHOSE = "{category}　{school}　{owner}"
NEW = "新案例"
MANY = "本单位一次来了 {count} 个案例等您推荐，请发“待推荐”逐个查看。"
GO = Choice("待推荐", "待推荐")
_SUBMITTED = "submitted:"
_MOST_CARDS = 3
CLEARED = "案例的检查结果更正了，"
NEW_VERSION = "案例换了第 {number} 版，"
TAKEN_BACK = "{unit}：{who}把《{title}》（{category}，回执 {receipt}）{how}，不再等您推荐。"
WITHDRAWN = "撤回了"
REPLACED = "换成了一版还要修改的文件"
RETURNED = (
    "《{title}》（{category}，回执 {receipt}）被{unit}协调员退回。\n原因：{reason}\n"
    "改好后直接把文件发给我，会作为同一个案例的新版本。"
)
RECOMMENDED = "✅《{title}》（{category}，回执 {receipt}）已由{unit}协调员推荐，等本单位上报。现在不用做什么。"
UNRECOMMENDED = (
    "《{title}》（{category}，回执 {receipt}）的推荐被{unit}协调员收回，现在是“已提交”。有疑问请联系协调员。"
)
DEPUTED = (
    "{unit}协调员替您交了《{title}》（{category}，回执 {receipt}），现在是“{state}”。\n"
    "可以在“我的案例”里查看、补交或撤回。"
)
DEPUTED_ANYWAY = (
    "{unit}协调员把替您交的《{title}》（{category}，回执 {receipt}）提交了，标注“未达要求”。\n"
    "可以在“我的案例”里查看、换新版本或撤回。"
)
WITHDRAWN_FOR = "{unit}协调员撤回了替您交的《{title}》（回执 {receipt}）。文件都留着，要恢复请回复“恢复 {receipt}”。"
RECLASSIFIED = (
    "《{title}》（回执 {receipt}）的类别由{unit}协调员{reason}，回执号不变。已按新类别的要求重新检查，现在是“{state}”。"
)
REPORTED = "✅《{title}》（{category}，回执 {receipt}）已由{unit}上报，等州里评选。"
NOT_SELECTED = "{unit}已经上报，《{title}》（{category}，回执 {receipt}）这次没有被推荐上报。有疑问请联系本单位协调员。"
REOPENED = (
    "《{title}》（{category}，回执 {receipt}）的上报被收回：{unit}还要改上报的名单。现在是“已推荐”，您不用做什么。"
)
RECONSIDERED = (
    "{unit}还要改上报的名单，《{title}》（{category}，回执 {receipt}）又在待推荐的案例里。\n"
    "现在是“已提交”，您不用做什么。"
)
NO_REASON = "没有写原因，请联系协调员"
NO_NAME = "没有留姓名"
COLLEAGUE = "同单位协调员{name}"
NO_SCHOOL = "学校没有填"


@dataclass(frozen=True, slots=True)
class _Story:
    """A move with everything a sentence about it may need."""

    notice: Notice
    moved: Moved
    case: Case
    owner: Person
    material: Material
    report: Report | None

    @property
    def slots(self) -> dict[str, str]:
        return {
            "title": show_title(self.case.title),
            "category": self.case.category or "",
            "receipt": self.case.receipt,
            "unit": self.notice.unit(self.case.unit_id).name if self.case.unit_id else "",
            "owner": (self.owner.name if self.case.contact is None else self.case.contact) or NO_NAME,
            "reason": self.moved.reason or NO_REASON,
            "state": state_name(self.notice, self.case),
        }


def news_of_moves(ctx: Context) -> list[Reply]:
    """What others than whoever acted hear of the moves of this transaction; each once, however often it is run."""
    replies: list[Reply] = []
    for moved in cases.moved(ctx.session):
        case = cases.get(ctx.session, moved.case_id)
        owner, material = people.get(ctx.session, case.owner_id), cases.latest_material(ctx.session, case.id)
        story = _Story(ctx.notice, moved, case, owner, material, report_of(ctx, case, material))
        replies += [
            reply for reply in (*_to_coordinators(ctx, story), *_to_owner(ctx, story)) if reply.to != moved.actor_id
        ]
    return _together(ctx, replies)


def _together(ctx: Context, replies: list[Reply]) -> list[Reply]:
    """Many cases that came at once are one message to each coordinator: a platform drops what comes in floods."""
    to_decide = Counter(reply.to for reply in replies if reply.cause.startswith(_SUBMITTED))
    many = {person: count for person, count in to_decide.items() if count > _MOST_CARDS}
    single = [reply for reply in replies if reply.to not in many or not reply.cause.startswith(_SUBMITTED)]
    cause = f"many:{ctx.inbox_id}"
    return [
        *single,
        *(Reply(MANY.format(count=count), (GO,), to=person, cause=cause) for person, count in many.items()),
    ]


def decision_choices(case: Case) -> tuple[Choice, ...]:
    """What a coordinator can do with a submitted case."""
    return (
        Choice("推荐", f"推荐 {case.receipt}"),
        Choice("退回", f"退回 {case.receipt}"),
        Choice("看详情", f"看详情 {case.receipt}"),
    )


def _to_coordinators(ctx: Context, story: _Story) -> list[Reply]:
    case, moved = story.case, story.moved
    if case.unit_id is None:
        return []
    if moved.after is CaseState.SUBMITTED and moved.move not in _BY_DECISION:
        reply = _to_decide(story)
        arrived = case.submitted_at.isoformat() if case.submitted_at else ""
        cause = f"{_SUBMITTED}{case.id}:{story.material.version}:{case.category}:{','.join(case.marks)}:{arrived}"
    elif moved.before in {CaseState.SUBMITTED, CaseState.RECOMMENDED} and moved.move in _TAKEN_BACK:
        reply = Reply(TAKEN_BACK.format(who=_who(ctx, story), how=_TAKEN_BACK[moved.move], **story.slots))
        cause = f"taken_back:{case.id}:{case.revision}"
    else:
        return []
    return [replace(reply, to=each.id, cause=cause) for each in people.coordinators(ctx.session, case.unit_id)]


def _who(ctx: Context, story: _Story) -> str:
    if story.moved.actor_id in {None, story.owner.id}:
        return story.owner.name or NO_NAME
    return COLLEAGUE.format(name=ctx.actor.name or "")


def _to_decide(story: _Story) -> Reply:
    case = story.case
    whose = WHOSE.format(school=case.school or story.owner.school or NO_SCHOOL, **story.slots)
    checked = checked_lines(case, story.report)
    text = TO_DECIDE.format(
        what=_what(story),
        whose=whose,
        checked="\n".join(checked),
        punctual=punctual(story.notice, case),
        **story.slots,
    )
    brief = "\n".join((f"《{show_title(case.title)}》", whose, *checked))
    return Reply(text, decision_choices(case), brief=brief)


def _what(story: _Story) -> str:
    if story.moved.move is Move.CLEAR:
        return CLEARED
    version = story.material.version
    return NEW if version == 1 else NEW_VERSION.format(number=version)


def _to_owner(ctx: Context, story: _Story) -> list[Reply]:
    said = _TO_OWNER.get(story.moved.move)
    # Who owns a case for somebody who is not here is a coordinator, and hears of it as all coordinators do.
    if said is None or (story.case.contact is not None and story.moved.move in _SENT):
        return []
    text, choices = said
    asked = ""
    if story.moved.move is Move.RECOMMEND and story.moved.actor_id != story.case.owner_id:
        asked = ask_contact(story.owner, ctx.now)
    text = "\n".join(part for part in (text.format(**story.slots), asked) if part)
    cause = f"{story.moved.move.value}:{story.case.id}:{story.case.revision}"
    return [Reply(text, choices(story.case), to=story.case.owner_id, cause=cause)]


def _nothing(_case: Case) -> tuple[Choice, ...]:
    return ()


def _mine(_case: Case) -> tuple[Choice, ...]:
    return (Choice("我的案例", "我的案例"),)


def _mend(case: Case) -> tuple[Choice, ...]:
    return (Choice("看全部检查项", f"看全部检查项 {case.receipt}"), Choice("我的案例", "我的案例"))


# Whoever decided this knows that the case waits again.
_BY_DECISION = frozenset({Move.UNRECOMMEND, Move.RECONSIDER, Move.RECLASSIFY})
_SENT = frozenset({Move.WAIT, Move.FAIL, Move.SUBMIT, Move.SUBMIT_ANYWAY, Move.WITHDRAW})
_TAKEN_BACK: Mapping[Move, str] = {Move.WITHDRAW: WITHDRAWN, Move.FAIL: REPLACED}
_TO_OWNER: Mapping[Move, tuple[str, Callable[[Case], tuple[Choice, ...]]]] = {
    Move.WAIT: (DEPUTED, _mine),
    Move.FAIL: (DEPUTED, _mend),
    Move.SUBMIT: (DEPUTED, _mine),
    Move.SUBMIT_ANYWAY: (DEPUTED_ANYWAY, _mine),
    Move.WITHDRAW: (WITHDRAWN_FOR, _mine),
    Move.RECLASSIFY: (RECLASSIFIED, _mend),
    Move.RETURN: (RETURNED, _mend),
    Move.RECOMMEND: (RECOMMENDED, _nothing),
    Move.UNRECOMMEND: (UNRECOMMENDED, _nothing),
    Move.REPORT: (REPORTED, _nothing),
    Move.PASS_OVER: (NOT_SELECTED, _nothing),
    Move.REOPEN: (REOPENED, _nothing),
    Move.RECONSIDER: (RECONSIDERED, _nothing),
}
