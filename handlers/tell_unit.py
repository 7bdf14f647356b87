"""Somebody tells where they belong: first the unit, then the school. Cases that waited for it go on."""

from __future__ import annotations

import re

from domain.chat import Incoming, Reply
from domain.notice import Notice, Unit, UnitKind
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework import questions
from handlers.casework.contact import ask_contact
from handlers.casework.going_on import go_on
from handlers.casework.unit_names import unit_named
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import cases, people
from store.moves import OPEN
from store.schema.campaign import Asked, CaseState, Person

NOTED = "记下了：{unit}。"
NOTED_SCHOOL = "记下了：{school}。汇总表里的“所在单位”就写它。"
LATER = "好的，以后要改请发“学校”加学校全称。"
FIXED = "您登记在{unit}，单位由名单决定。要改请联系本单位协调员或管理员。"
ANYTHING_ELSE = "现在可以直接把案例文件发给我，也可以问我通知里的要求。"
_ASIDE = re.compile(r"(?:我们?(?:单位)?(?:是|在|属于|来自)?|单位|县市|来自|属于|在|是)\s*[:：]?\s*")
_TAIL = re.compile(r"(?:的|的?老师|的?教师|教育局|人)+")
_SCHOOL_SAID = re.compile(r"(?:我的|我们?)?学校(?:全称|名称)?\s*(?:是|叫|为|:)?\s*(?P<name>\S.*)")
_QUESTION = re.compile(r"吗|呢|么|怎|几|哪|谁|多少|如何|是否|能不能|可以|要求|什么|案例")
_SCHOOL_LATER = "学校以后再说"
_NAME_LENGTH = range(3, 41)


def matches(message: Incoming, ctx: Context) -> bool:
    """A unit's name from somebody whose unit is not known, or after "我在"; a school's name when it was asked for."""
    said = spoken(message)
    if not said:
        return False
    if said == _SCHOOL_LATER or _school(said, ctx) is not None:
        return True
    unit, introduced = _unit(said, ctx.notice)
    return unit is not None and (introduced or ctx.actor.unit_id is None)


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Note it; nobody gains more than a teacher's rights by it."""
    decision = may(ctx.actor, Act.SEE_OWN_CASES)
    if not decision.allowed:
        return [Reply(decision.reason)]
    said = spoken(message)
    person = people.get(ctx.session, ctx.actor.person_id)
    if said == _SCHOOL_LATER:
        people.ask(person, None)
        return [_and_contact(ctx, person, LATER)]
    unit, _ = _unit(said, ctx.notice)
    if unit is not None:
        return [_note_unit(ctx, person, unit)]
    return [_note_school(ctx, person, _school(said, ctx) or said)]


def _note_unit(ctx: Context, person: Person, unit: Unit) -> Reply:
    if person.unit_id is not None and not _may_change(person):
        known = {each.id: each.name for each in ctx.notice.units}
        return Reply(FIXED.format(unit=known.get(person.unit_id, person.unit_id)))
    school = unit.name if unit.kind is UnitKind.DIRECT_SCHOOL else None
    people.set_unit_and_school(ctx.session, person, unit.id, school, ctx.now)
    people.ask(person, None if person.school else Asked.SCHOOL)  # one question at a time
    noted = NOTED.format(unit=unit.name)
    going_on = go_on(ctx, person, unit.id, seen_too=True)
    if person.school is None:
        asked = questions.ask_school(ctx, person)
        return Reply("\n".join((noted, *_texts(going_on), asked.text)), asked.choices)
    return Reply("\n".join((noted, *(_texts(going_on) or (ANYTHING_ELSE,)))))


def _note_school(ctx: Context, person: Person, school: str) -> Reply:
    people.ask(person, None)
    if person.unit_id is None:
        person.school = school
        asked = questions.ask_unit(ctx, person)
        return Reply(f"{NOTED_SCHOOL.format(school=school)}\n{asked.text}", asked.choices)
    people.set_unit_and_school(ctx.session, person, person.unit_id, school, ctx.now)
    for case in cases.of_owner(ctx.session, person.id):
        if CaseState(case.state) in OPEN and case.unit_id is not None:
            cases.set_unit(ctx.session, case, case.unit_id, school, actor_id=person.id, now=ctx.now)
    return _and_contact(ctx, person, NOTED_SCHOOL.format(school=school))


def _and_contact(ctx: Context, person: Person, text: str) -> Reply:
    """Now that the school is told, what else a submitted case needs of its owner."""
    submitted = any(case.submitted_at is not None for case in cases.of_owner(ctx.session, person.id))
    asked = ask_contact(person, ctx.now) if submitted else ""
    return Reply(f"{text}\n{asked}" if asked else text)


def _may_change(person: Person) -> bool:
    """Who told the unit may correct it; what the roster says holds."""
    return person.self_declared


def _unit(said: str, notice: Notice) -> tuple[Unit | None, bool]:
    """The unit named, and whether words such as 我在 introduced it."""
    introduced = _ASIDE.match(said)
    rest = said[introduced.end() :] if introduced else said
    unit = unit_named(rest, notice) or unit_named(_TAIL.sub("", rest), notice)
    return unit, introduced is not None and unit is not None


def _school(said: str, ctx: Context) -> str | None:
    """The school's name in the text: after the word 学校, or as the whole answer to the open question."""
    if _QUESTION.search(said):
        return None
    found = _SCHOOL_SAID.fullmatch(said)
    name = found["name"] if found else said
    if len(name) not in _NAME_LENGTH or not questions.SCHOOL_LIKE.fullmatch(name):
        return None
    asked = people.get(ctx.session, ctx.actor.person_id).asked == Asked.SCHOOL
    return name if found or asked else None


def _texts(reply: Reply | None) -> tuple[str, ...]:
    return () if reply is None else (reply.text,)


HANDLER = Handler(
    name="tell_unit",
    usage="发“我在”加县市名称，告诉我您在哪个单位",
    roles=frozenset({Role.TEACHER}),  # whoever looks after a unit has it from the roster
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
