"""Who may do what, as one readable table. Asked at the action itself, in chat, console, export and job alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.notice import Category
from domain.roles import Actor, Role


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
    TICK_ROUTE = "tick_route"
    BROADCAST = "broadcast"
    CHANGE_DEADLINE = "change_deadline"
    APPOINT = "appoint"
    IMPORT_ROSTER = "import_roster"
    ANSWER_OFFICIALLY = "answer_officially"
    GIVE_AWARDS = "give_awards"
    SEE_FAILURES = "see_failures"
    RETRY_MESSAGES = "retry_messages"
    DOUBT_FINDING = "doubt_finding"
    SEE_DOUBTED_FINDINGS = "see_doubted_findings"
    CLOSE_DOUBTED_FINDINGS = "close_doubted_findings"


class Scope(StrEnum):
    """Whose things an act may touch. UNIT binds everybody but the admin to the own unit."""

    ANY = "any"
    OWN = "own"
    OWN_UNIT = "own_unit"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is allowed and, when it is not, why: a sentence to show. The reason is empty when allowed."""

    allowed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    roles: frozenset[Role]
    scope: Scope


_ALL = frozenset(Role)
_WORKERS = frozenset({Role.TEACHER, Role.COORDINATOR})
_COORDINATOR = frozenset({Role.COORDINATOR})
_STAFF = frozenset({Role.COORDINATOR, Role.ADMIN})
_ADMIN = frozenset({Role.ADMIN})

# The unit's own acts (推荐, 上报, 汇总表) stay with its coordinator: they carry the unit's seal, not the bureau's.
_TABLE: dict[Act, _Rule] = {
    Act.ASK: _Rule(_ALL, Scope.ANY),
    Act.PRECHECK: _Rule(_ALL, Scope.ANY),
    Act.SUBMIT_CASE: _Rule(_WORKERS, Scope.OWN),
    Act.SUBMIT_FOR_UNIT: _Rule(_COORDINATOR, Scope.OWN_UNIT),
    Act.WITHDRAW_CASE: _Rule(_WORKERS, Scope.OWN),
    Act.SEE_OWN_CASES: _Rule(_ALL, Scope.OWN),
    Act.SEE_UNIT_CASES: _Rule(_STAFF, Scope.UNIT),
    Act.SEE_ALL: _Rule(_ADMIN, Scope.ANY),
    Act.RECOMMEND: _Rule(_COORDINATOR, Scope.OWN_UNIT),
    Act.RETURN_CASE: _Rule(_COORDINATOR, Scope.OWN_UNIT),
    Act.MAKE_SUMMARY: _Rule(_STAFF, Scope.UNIT),
    Act.REPORT_UNIT: _Rule(_COORDINATOR, Scope.OWN_UNIT),
    Act.TICK_ROUTE: _Rule(_COORDINATOR, Scope.OWN_UNIT),
    Act.BROADCAST: _Rule(_ADMIN, Scope.ANY),
    Act.CHANGE_DEADLINE: _Rule(_ADMIN, Scope.ANY),
    Act.APPOINT: _Rule(_ADMIN, Scope.ANY),
    Act.IMPORT_ROSTER: _Rule(_ADMIN, Scope.ANY),
    Act.ANSWER_OFFICIALLY: _Rule(_ADMIN, Scope.ANY),
    Act.GIVE_AWARDS: _Rule(_ADMIN, Scope.ANY),
    Act.SEE_FAILURES: _Rule(_ADMIN, Scope.ANY),
    Act.RETRY_MESSAGES: _Rule(_ADMIN, Scope.ANY),
    Act.DOUBT_FINDING: _Rule(_ALL, Scope.OWN),
    Act.SEE_DOUBTED_FINDINGS: _Rule(_ADMIN, Scope.ANY),
    Act.CLOSE_DOUBTED_FINDINGS: _Rule(_ADMIN, Scope.ANY),
}

_ROLE_NAMES = {Role.TEACHER: "教师", Role.COORDINATOR: "协调员", Role.ADMIN: "管理员"}
_ALLOWED = Decision(allowed=True)
_NO_UNIT = Decision(allowed=False, reason="还不知道您在哪个单位，请先告诉我您所在的县市和学校。")
_OTHER_UNIT = Decision(allowed=False, reason="您只能处理本单位的案例，其他单位的请联系该单位的协调员。")
_OTHER_PERSON = Decision(allowed=False, reason="您只能处理自己的案例，别人的案例请由本人或单位协调员处理。")


def may(actor: Actor, act: Act, target_unit: str | None = None, target_person: int | None = None) -> Decision:
    """Whether the actor may do this now.

    `target_unit` is the id of the unit and `target_person` the person_id of the owner of what is touched; None means
    the actor's own. So None never widens a right: an actor without a unit may do nothing that concerns a unit."""
    rule = _TABLE[act]
    if actor.role not in rule.roles:
        return Decision(
            allowed=False, reason=f"这一步须由{_roles(rule.roles)}来做，您现在的身份是{_ROLE_NAMES[actor.role]}。"
        )
    if rule.scope is Scope.ANY:
        return _ALLOWED
    if rule.scope is Scope.OWN:
        return _own(actor, act, target_unit, target_person)
    if rule.scope is Scope.UNIT and actor.role is Role.ADMIN:
        return _ALLOWED
    return _own_unit(actor, target_unit)


def may_submit(actor: Actor, category: Category) -> Decision:
    """Whether the actor's role may submit cases of this category, for the own unit (一、遴选内容)."""
    submit = may(actor, Act.SUBMIT_CASE)
    if not submit.allowed or actor.role.value in category.submitters:
        return submit
    roles = frozenset(Role(name) for name in category.submitters)
    reason = f"{category.code} 类（{category.group}）由{_roles(roles)}提交，您可以请本单位协调员代交。"
    return Decision(allowed=False, reason=reason)


def _own(actor: Actor, act: Act, target_unit: str | None, target_person: int | None) -> Decision:
    if target_person is not None and target_person != actor.person_id:
        return _OTHER_PERSON
    if act is not Act.SUBMIT_CASE:
        return _ALLOWED
    return _own_unit(actor, target_unit)


def _own_unit(actor: Actor, target_unit: str | None) -> Decision:
    if actor.unit_id is None:
        return _NO_UNIT
    return _ALLOWED if target_unit in {None, actor.unit_id} else _OTHER_UNIT


def _roles(roles: frozenset[Role]) -> str:
    return "或".join(_ROLE_NAMES[role] for role in Role if role in roles)
