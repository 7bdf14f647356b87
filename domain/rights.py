"""Who may do what, as one readable table. Asked at the action itself, in chat, console, export and job alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.notice import Category
from domain.roles import ROLE_NAMES, Actor, Role


class Act(StrEnum):
    """Everything that needs a right.

    Taking a file in and giving its receipt needs none; SUBMIT_CASE is the move that lets the unit see the case."""

    ASK = "ask"
    PRECHECK = "precheck"
    SUBMIT_CASE = "submit_case"
    SUBMIT_FOR_UNIT = "submit_for_unit"
    WITHDRAW_CASE = "withdraw_case"
    SEE_OWN_CASES = "see_own_cases"
    SEE_UNIT_CASES = "see_unit_cases"
    SEE_ALL = "see_all"
    RECOMMEND = "recommend"
    RETURN_CASE = "return_case"
    MAKE_SUMMARY = "make_summary"
    REPORT_UNIT = "report_unit"
    REOPEN_UNIT = "reopen_unit"
    TICK_ROUTE = "tick_route"
    BROADCAST = "broadcast"
    CHANGE_DEADLINE = "change_deadline"
    SEE_REMINDERS = "see_reminders"
    APPOINT = "appoint"
    IMPORT_ROSTER = "import_roster"
    ANSWER_OFFICIALLY = "answer_officially"
    GIVE_AWARDS = "give_awards"
    SEE_FAILURES = "see_failures"
    RETRY_MESSAGES = "retry_messages"
    DOUBT_FINDING = "doubt_finding"
    SEE_DOUBTED_FINDINGS = "see_doubted_findings"
    CLOSE_DOUBTED_FINDINGS = "close_doubted_findings"
    SEE_PHONE = "see_phone"
    GIVE_BINDING_CODE = "give_binding_code"


class Reach(StrEnum):
    """Whose things an act of somebody may touch. OWN_IN_UNIT is one's own, once the unit is known."""

    NONE = "–"
    OWN = "own"
    OWN_IN_UNIT = "own, in the own unit"
    UNIT = "own unit"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is allowed and, when it is not, why: a sentence to show. The reason is empty when allowed."""

    allowed: bool
    reason: str = ""


_NONE, _OWN, _OWN_IN_UNIT, _UNIT, _ALL = Reach
_COLUMNS = (Role.TEACHER, Role.COORDINATOR, Role.ADMIN)

# The unit's own acts (推荐, 上报, 汇总表) stay with its coordinator: they carry the unit's seal, not the bureau's.
# Whoever has left keeps nothing but what a teacher may do to ALL.
# fmt: off
RIGHTS: Mapping[Act, tuple[Reach, Reach, Reach]] = {
    #                           teacher       coordinator  admin
    Act.ASK:                     (_ALL,         _ALL,         _ALL),
    Act.PRECHECK:                (_ALL,         _ALL,         _ALL),
    Act.SUBMIT_CASE:             (_OWN_IN_UNIT, _OWN_IN_UNIT, _NONE),
    Act.SUBMIT_FOR_UNIT:         (_NONE,        _UNIT,        _NONE),
    Act.WITHDRAW_CASE:           (_OWN,         _OWN,         _NONE),
    Act.SEE_OWN_CASES:           (_OWN,         _OWN,         _OWN),
    Act.SEE_UNIT_CASES:          (_NONE,        _UNIT,        _ALL),
    Act.SEE_ALL:                 (_NONE,        _NONE,        _ALL),
    Act.RECOMMEND:               (_NONE,        _UNIT,        _NONE),
    Act.RETURN_CASE:             (_NONE,        _UNIT,        _NONE),
    Act.MAKE_SUMMARY:            (_NONE,        _UNIT,        _ALL),
    Act.REPORT_UNIT:             (_NONE,        _UNIT,        _NONE),
    Act.REOPEN_UNIT:             (_NONE,        _NONE,        _ALL),
    Act.TICK_ROUTE:              (_NONE,        _UNIT,        _NONE),
    Act.BROADCAST:               (_NONE,        _UNIT,        _ALL),
    Act.CHANGE_DEADLINE:         (_NONE,        _NONE,        _ALL),
    Act.SEE_REMINDERS:           (_NONE,        _UNIT,        _ALL),
    Act.APPOINT:                 (_NONE,        _NONE,        _ALL),
    Act.IMPORT_ROSTER:           (_NONE,        _NONE,        _ALL),
    Act.ANSWER_OFFICIALLY:       (_NONE,        _NONE,        _ALL),
    Act.GIVE_AWARDS:             (_NONE,        _NONE,        _ALL),
    Act.SEE_FAILURES:            (_NONE,        _NONE,        _ALL),
    Act.RETRY_MESSAGES:          (_NONE,        _NONE,        _ALL),
    Act.DOUBT_FINDING:           (_OWN,         _OWN,         _OWN),
    Act.SEE_DOUBTED_FINDINGS:    (_NONE,        _NONE,        _ALL),
    Act.CLOSE_DOUBTED_FINDINGS:  (_NONE,        _NONE,        _ALL),
    Act.SEE_PHONE:               (_OWN,         _UNIT,        _NONE),  # others see 138****5678
    Act.GIVE_BINDING_CODE:       (_OWN,         _OWN,         _ALL),
}
# fmt: on

_ALLOWED = Decision(allowed=True)
_NO_UNIT = Decision(allowed=False, reason="还不知道您在哪个单位，请先告诉我您所在的县市和学校。")
_OTHER_UNIT = Decision(allowed=False, reason="您只能处理本单位的案例，其他单位的请联系该单位的协调员。")
_OTHER_PEOPLE = Decision(allowed=False, reason="您只能给本单位的人群发，别的群发也看不到。")
_LEFT = Decision(allowed=False, reason="名单里登记您已离开，这里不能再为您办理。如果有误，请联系管理员更正名单。")
_OTHER_PERSON = Decision(allowed=False, reason="您只能处理自己的案例，别人的案例请由本人或单位协调员处理。")


def may(actor: Actor, act: Act, target_unit: str | None = None, target_person: int | None = None) -> Decision:
    """Whether the actor may do this now.

    `target_unit` is the id of the unit and `target_person` the person_id of the owner of what is touched; None means
    the actor's own. So None never widens a right: an actor without a unit may do nothing that concerns a unit."""
    reach = reach_of(actor.role, act)
    if actor.left and RIGHTS[act][0] is not Reach.ALL:
        return _LEFT
    if reach is Reach.NONE:
        roles = frozenset(role for role in _COLUMNS if reach_of(role, act) is not Reach.NONE)
        return Decision(
            allowed=False, reason=f"这一步须由{_roles(roles)}来做，您现在的身份是{ROLE_NAMES[actor.role]}。"
        )
    if reach is Reach.ALL:
        return _ALLOWED
    if reach is not Reach.UNIT and target_person not in {None, actor.person_id}:
        return _OTHER_PERSON
    return _ALLOWED if reach is Reach.OWN else _own_unit(actor, target_unit)


def may_broadcast(actor: Actor, unit_id: str | None) -> Decision:
    """Whether the actor may write to the people of this unit, or with None to those of every unit, and read how such a
    broadcast went. None is not the actor's own unit here: it asks for the right to all."""
    if unit_id is None and reach_of(actor.role, Act.BROADCAST) is Reach.UNIT:
        return _OTHER_PEOPLE
    decision = may(actor, Act.BROADCAST, unit_id)
    return _OTHER_PEOPLE if decision is _OTHER_UNIT else decision


def reach_of(role: Role, act: Act) -> Reach:
    """Whose things somebody of this role may touch with this act."""
    return RIGHTS[act][_COLUMNS.index(role)]


def may_submit(actor: Actor, category: Category) -> Decision:
    """Whether the actor's role may submit cases of this category, for the own unit (一、遴选内容)."""
    submit = may(actor, Act.SUBMIT_CASE)
    if not submit.allowed or actor.role.value in category.submitters:
        return submit
    roles = frozenset(Role(name) for name in category.submitters)
    reason = f"{category.code} 类（{category.group}）由{_roles(roles)}提交，您可以请本单位协调员代交。"
    return Decision(allowed=False, reason=reason)


def _own_unit(actor: Actor, target_unit: str | None) -> Decision:
    if actor.unit_id is None:
        return _NO_UNIT
    return _ALLOWED if target_unit in {None, actor.unit_id} else _OTHER_UNIT


def _roles(roles: frozenset[Role]) -> str:
    return "或".join(ROLE_NAMES[role] for role in Role if role in roles)
