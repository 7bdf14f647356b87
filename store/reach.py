"""Under which id the app can reach somebody we know only by the id a channel gave."""

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
