"""Who answers for a case in the summary table (附件1: 联系人, 联系电话), and what people tell about themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.contact import Contact
from store import audit
from store.rows import put_row
from store.schema.campaign import Case, Person
from store.schema.people import CaseContact

_OWNERS = (
    select(Case.id, Person.name, Person.phone, CaseContact.case_id, CaseContact.name, CaseContact.phone)
    .join(Person, Person.id == Case.owner_id)
    .outerjoin(CaseContact, CaseContact.case_id == Case.id)
)
_MOST_AT_ONCE = 500


def of_cases(session: Session, case_ids: Sequence[int]) -> Mapping[int, Contact]:
    """The contact of each of these cases: its own where one was given, else its owner as they are called now.

    A phone number is stored in its one form and given whole: whoever shows it asks domain.policy whether it must be
    masked (`domain.contact.mask_phone`)."""
    found: dict[int, Contact] = {}
    for start in range(0, len(case_ids), _MOST_AT_ONCE):
        part = case_ids[start : start + _MOST_AT_ONCE]
        for case_id, name, phone, own, *given in session.execute(_OWNERS.where(Case.id.in_(part))):
            found[case_id] = Contact(name, phone) if own is None else Contact(*given)
    return found


def of_case(session: Session, case_id: int) -> Contact:
    """The contact of one case. Raises KeyError when there is no such case."""
    return of_cases(session, (case_id,))[case_id]


def of_person(person: Person) -> Contact:
    """How this person is called and reached."""
    return Contact(person.name, person.phone)


def set_for_case(session: Session, case_id: int, contact: Contact, *, actor_id: int | None, now: datetime) -> None:
    """Let somebody else than the owner answer for the case: who submits for a teacher is not who is to be called."""
    put_row(session, CaseContact, {"case_id": case_id, "name": contact.name, "phone": contact.phone})
    audit.write(session, at=now, actor_id=actor_id, act="case.contact", case_id=case_id)


def tell(session: Session, person: Person, contact: Contact, now: datetime) -> None:
    """Note what the person tells about themselves; None leaves what is known. The number itself is not audited."""
    changed = [
        name
        for name, value in (("name", contact.name), ("phone", contact.phone))
        if value is not None and value != getattr(person, name)
    ]
    person.name = contact.name or person.name
    person.phone = contact.phone or person.phone
    if changed:
        audit.write(session, at=now, actor_id=person.id, act="person.told_contact", detail={"changed": changed})
