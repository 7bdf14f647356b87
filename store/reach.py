"""Under which id the app can reach somebody we know only by the id a channel gave."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.schema.campaign import Identity, Person


def app_userid(session: Session, external_id: str) -> str | None:
    """The app member's userid of this sender, or None if the person is not known to the app.

    An id the app knows is that member; any other is looked up among the ids of the AI bot.
    """
    external = external_id.lower()
    member = session.scalar(select(Person.app_userid).where(Person.app_userid == external))
    if member is not None:
        return member
    return session.scalar(
        select(Person.app_userid)
        .join(Identity, Identity.person_id == Person.id)
        .where(Identity.external_id == external)
    )
