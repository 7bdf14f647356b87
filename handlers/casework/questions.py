"""What the bot has to ask before a case can go on: category, unit, school. One question at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.card import MOST_OPTIONS
from domain.chat import Choice, Reply
from domain.demands import Category
from domain.notice import Notice, Unit, UnitKind
from domain.roles import Actor, Role
from handlers.casework.report_text import split
from handlers.contract import Context
from store import people
from store.schema.campaign import Asked, Case, Person
from validators.report import Report, Verdict

NO_CATEGORY_YET = "已收下《{title}》，还没有提交：不知道报哪一类"
ASK_CATEGORY = "请选这个案例报哪一类，选好才能提交。也可以回复“类别 {code}”。"
READING = "按 {codes}：{outcome}"
READING_PASS = "✅ 没有必须改的地方"  # noqa: S105 - a sentence, not a secret
READING_UNCHECKED = "⚠️ 没有发现必须改的地方，有几项请人工确认"
READING_FAIL = "❌ {must} 处必须改（{first}{more}）"
MORE = "，等"
ASK_UNIT = "还不知道您在哪个{county}。案例要交给您所在单位的协调员，请点选，或直接回复名称{others}。"
ASK_DIRECT = "（{group}请回复学校全称）"
NO_UNIT_ON_ROSTER = "名单里没有登记您的单位，请联系管理员补上，登记后再发一次就会提交。"
ASK_SCHOOL = "请再告诉我您的学校全称，例如“学校 某某小学”。汇总表里的“所在单位”要用。"
LATER = Choice("以后再说", "学校以后再说")
BIND_INSTEAD = "单位已在名单里登记过的，请发“绑定”。"
SCHOOL_LIKE = re.compile(r".*(?:校|学|中|园|小|院|班|点|站|中心|基地|校区|部)(?:[（(].*[）)])?")
_MOST_UNITS = 12
_MOST_SCHOOLS = 8


def submittable(notice: Notice, actor: Actor) -> tuple[Category, ...]:
    """The categories that somebody of this role submits, in the notice's order."""
    return tuple(category for category in notice.categories if actor.role.value in category.submitters)


def offered_for(notice: Notice, owner: Actor, case: Case) -> tuple[Category, ...]:
    """The categories this case may be of: its owner's, and for one sent for somebody else a teacher's."""
    return for_teachers(notice) if case.contact is not None else submittable(notice, owner)


def for_teachers(notice: Notice) -> tuple[Category, ...]:
    """The categories that teachers submit: only in these is a case sent for a school or teacher."""
    return tuple(category for category in notice.categories if Role.TEACHER.value in category.submitters)


def category_choices(categories: Sequence[Category], receipt: str) -> tuple[Choice, ...]:
    """One choice a category, naming the case it is for."""
    return tuple(Choice(f"{each.code} {each.name}", f"类别 {each.code} {receipt}") for each in categories)


def reading_lines(reports: Sequence[Report]) -> list[str]:
    """One line for each different outcome: categories that demand the same share a line."""
    groups: dict[tuple[object, ...], list[Report]] = {}
    for report in reports:
        groups.setdefault((report.verdict, tuple(f.message for f in report.findings)), []).append(report)
    return [
        READING.format(codes="、".join(report.category or "" for report in alike), outcome=_outcome(alike[0]))
        for alike in groups.values()
    ]


def ask_category(categories: Sequence[Category], case: Case) -> Reply:
    """The question which of these categories the case is for."""
    return Reply(ASK_CATEGORY.format(code=categories[0].code), category_choices(categories, case.receipt))


def ask_unit(ctx: Context, person: Person) -> Reply:
    """The question for the unit, remembered so that a bare name is understood as its answer."""
    if person.role != Role.TEACHER:  # who looks after a unit is written down by the bureau, never told by oneself
        return Reply(NO_UNIT_ON_ROSTER)
    people.ask(person, Asked.UNIT)
    notice = ctx.notice
    others = [ASK_DIRECT.format(group=name) for name in _group_names(notice, UnitKind.DIRECT_SCHOOL)]
    text = ASK_UNIT.format(county="".join(_group_names(notice, UnitKind.COUNTY)), others="".join(others))
    if people.is_stray(ctx.session, person):
        text += BIND_INSTEAD
    return Reply(text, tuple(Choice(unit.name, f"我在{unit.name}") for unit in _offered_units(notice)))


def ask_school(ctx: Context, person: Person) -> Reply:
    """The question for the school, remembered like the other; the schools of the unit that are known are offered."""
    people.ask(person, Asked.SCHOOL)
    must = [school.name for kind in ctx.notice.must_report for school in kind.schools if school.unit == person.unit_id]
    known = people.schools_of(ctx.session, person.unit_id or "", _MOST_SCHOOLS)
    names = [name for name in dict.fromkeys((*must, *known)) if SCHOOL_LIKE.fullmatch(name)]
    return Reply(ASK_SCHOOL, (*(Choice(name, f"学校 {name}") for name in names[:_MOST_SCHOOLS]), LATER))


def _offered_units(notice: Notice) -> tuple[Unit, ...]:
    """All units, if a card can show them; else those that are not schools: their names are many, and well known."""
    counties = tuple(unit for unit in notice.units if unit.kind is UnitKind.COUNTY)
    return notice.units if len(notice.units) <= MOST_OPTIONS else counties[:_MOST_UNITS]


def _group_names(notice: Notice, kind: UnitKind) -> list[str]:
    """What the notice calls the units of this kind."""
    return [group.name for group in notice.unit_groups if group.kind is kind]


def _outcome(report: Report) -> str:
    must, _, _ = split(report)
    if report.verdict is Verdict.FAIL:
        more = MORE if len(must) > 1 else ""
        return READING_FAIL.format(must=len(must), first=must[0].message.rstrip("。"), more=more)
    return READING_UNCHECKED if report.verdict is Verdict.UNCHECKED else READING_PASS
