"""代交: for whom a coordinator sends a case, as they say it, and who owns the case then."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from domain.contact import Contact, normalise_name, normalise_phone
from handlers.casework.intake import Looked, keep_reports, receive
from handlers.casework.questions import for_teachers
from handlers.contract import Context
from handlers.said import one_line
from store import contacts, particulars
from store.cases import Became, Received
from store.schema.campaign import Case, Person

SCHOOL_LIKE = re.compile(r".*(?:校|学|中|园|小|院|班|点|站|中心|基地|校区|部|局|馆|处|办)(?:[（(].*[）)])?")
SCHOOL_LENGTH = range(2, 41)
_PARTS = re.compile(r"[\s,，、;；/]+|的(?=\S{1,4}(?:老师)?$)")
_TITLES = re.compile(r"(?:老师|教师|校长|主任|同志)$")


@dataclass(frozen=True, slots=True)
class Whose:
    """For whom a case is sent. `name` and `phone` may be unknown, the school too when the name is known."""

    school: str | None
    name: str | None
    phone: str | None = None

    @property
    def shown(self) -> str:
        """School and name on one line."""
        return "　".join(part for part in (self.school, self.name) if part)


def whose_said(text: str) -> Whose | None:
    """The school and the name in words such as 利川一中 张三 13800000000, in any order; None when neither is there."""
    school = name = phone = None
    for part in (each for each in _PARTS.split(text) if each):
        number = normalise_phone(part)
        called = normalise_name(_TITLES.sub("", part))
        if number is not None:
            phone = phone or number
        elif school is None and len(part) in SCHOOL_LENGTH and SCHOOL_LIKE.fullmatch(part):
            school = one_line(part)
        elif name is None and called is not None:
            name = called
        else:
            return None
    return None if school is None and name is None else Whose(school, name, phone)


def known_owner(ctx: Context, whose: Whose) -> Person | None:
    """The teacher of the coordinator's unit who is meant, if the service knows exactly one."""
    if ctx.actor.unit_id is None or whose.name is None:
        return None
    return particulars.teacher_named(ctx.session, ctx.actor.unit_id, whose.name, whose.school)


def note_contact(ctx: Context, case: Case, whose: Whose) -> None:
    """Who answers for a case whose owner is not the one it is of."""
    if case.contact is not None and whose.name is not None:
        contact = Contact(whose.name, whose.phone)
        contacts.set_for_case(ctx.session, case.id, contact, actor_id=ctx.actor.person_id, now=ctx.now)


def receive_for(
    ctx: Context,
    looked: Looked,
    whose: Whose,
    *,
    position: int,
    category: str | None = None,
    inbox_id: int | None = None,
    arrived_at: datetime | None = None,
    existing: Case | None = None,
) -> Received:
    """Make the file a material of a case of that school or teacher, whoever it is owned by; its checks are kept.

    `existing` is the unit's case that the file is a new version of."""
    owner = known_owner(ctx, whose)
    contact = None if owner else whose.name or ""
    offered = (ctx.notice.category(category),) if category else for_teachers(ctx.notice)
    received = receive(
        ctx,
        looked,
        looked.read_as(offered),
        position=position,
        owner_id=existing.owner_id if existing else owner.id if owner else None,
        school=existing.school
        if existing
        else whose.school or (owner.school if owner else None) or looked.school or None,
        contact=existing.contact if existing else contact,
        inbox_id=inbox_id,
        arrived_at=arrived_at,
    )
    if received.became is Became.NEW_CASE:
        note_contact(ctx, received.case, whose)
    if received.became is not Became.DECIDED:
        keep_reports(ctx, received, looked)
    return received
