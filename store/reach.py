"""Under which id somebody can be reached: the app's for a sender of any channel, a lane for a person."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.people import is_opaque
from store.schema.campaign import Identity, Person


def app_userid(session: Session, external_id: str) -> str | None:
    """The userid to push to for this sender, or None if the app cannot know the person.

    An opaque id of the AI bot leads to the member it is bound to. A plain id is worth a try even if the app has never
    heard from the person: WeCom names it in `invaliduser` when it lies outside the app's visible range.
    """
    external = external_id.lower()
    if not is_opaque(external):
        return external
    bound = select(Person.app_userid).join(Identity, Identity.person_id == Person.id)
    return session.scalar(bound.where(Identity.external_id == external))


def lane_of(session: Session, person_id: int) -> str:
    """The lane of messages to this person: the app's id where one is known, else an id of the AI bot.

    Raises LookupError for a person without any id."""
    person = session.get_one(Person, person_id)
    if person.app_userid is not None:
        return person.app_userid
    known = select(Identity.external_id).where(Identity.person_id == person_id).order_by(Identity.id)
    lane = session.scalar(known.limit(1))
    if lane is None:
        raise LookupError(f"person {person_id} has no identity")
    return lane
