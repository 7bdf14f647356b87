"""What a callback has to know before anything else, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.chat import Channel, Choice, Incoming
from domain.roles import Actor, Role
from store import deadlines, offers, official, outbox, talks
from store.schema.campaign import Identity, Person
from store.schema.mail import Offer
from store.schema.questions import Talk

# Built once, and columns instead of objects: every callback asks this.
_GLANCE = (
    select(
        Person.id,
        Person.role,
        Person.unit_id,
        Person.name,
        Person.app_userid,
        Person.left_at,
        deadlines.REVISION.scalar_subquery().label("deadlines"),
        official.REVISION.scalar_subquery().label("official"),
        outbox.ANY_HELD.scalar_subquery().label("held"),
        Talk.about,
        Talk.clauses,
        Talk.at,
        Offer.choices,
        Offer.offered_at,
    )
    .join(Identity, Identity.person_id == Person.id)
    .outerjoin(Talk, Talk.thread == bindparam("thread"))
    .outerjoin(Offer, Offer.lane == bindparam("lane"))
    .where(Identity.channel == bindparam("channel"), Identity.external_id == bindparam("external"))
)


@dataclass(frozen=True, slots=True)
class Glance:
    """Who writes, how often the deadline was moved and official answers were given, whether texts wait for this
    person's next message, what was last spoken of, and which choices were last offered."""

    actor: Actor
    deadlines: int
    official: int
    held: bool
    spoken: talks.Spoken
    offered: tuple[Choice, ...]


def glance(session: Session, message: Incoming, now: datetime) -> Glance | None:
    """All this for the sender of the message; None if there is something to note about them first, see
    `people.actor_for`. `now` is campaign time."""
    asked = {
        "channel": message.channel,
        "external": message.sender.lower(),
        "lane": message.lane,
        "thread": talks.thread_of(message),
    }
    row = session.connection().execute(_GLANCE, asked).first()
    if row is None or (message.channel is Channel.APP and row.app_userid is None):
        return None
    spoken = talks.Spoken() if row.at is None else talks.spoken(row.about, row.clauses, row.at, now)
    actor = Actor(row.id, Role(row.role), row.unit_id, row.name, left=row.left_at is not None)
    offered = () if row.offered_at is None else offers.offered(row.choices, row.offered_at, now)
    return Glance(actor, row.deadlines, row.official or 0, row.held is not None, spoken, offered)
