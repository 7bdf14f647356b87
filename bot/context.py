"""Builds what a handler may know about one message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bot.keeping import keep
from bot.services import Services
from domain.chat import ChatType
from domain.chat_json import incoming_from_json
from domain.roles import Actor
from handlers.contract import Attachment, Context, LostFile, Suggestion, UploadLink
from store import people
from store.glance import Glance
from store.schema.mail import Inbox


@dataclass(frozen=True, slots=True)
class Brought:
    """What was done for a message before its transaction: its files, read, and what the language model made of it."""

    attachments: tuple[Attachment, ...] = ()
    lost_files: tuple[LostFile, ...] = ()
    suggestion: Suggestion | None = None


_NOTHING = Brought()


def open_context(services: Services, session: Session, row: Inbox, brought: Brought = _NOTHING) -> Context:
    """The world of this stored message, inside the open transaction."""
    incoming = incoming_from_json(row.message)
    actor = people.actor_for(session, incoming.channel, incoming.sender)
    in_group = incoming.chat is ChatType.GROUP
    return make_context(services, session, actor, row.campaign_at, inbox_id=row.id, brought=brought, in_group=in_group)


def make_context(
    services: Services,
    session: Session,
    actor: Actor,
    arrived_at: datetime,
    *,
    inbox_id: int = 0,
    brought: Brought = _NOTHING,
    in_group: bool = False,
    seen: Glance | None = None,
) -> Context:
    """The world of a message of this person. Without `inbox_id` it has no row yet: fit for an inline handler. What was
    `seen` is not read again.

    The notice has the deadline of the person's unit, in a group everybody's."""
    known = services.engines.known(session, None if in_group else actor.unit_id, seen)
    return Context(
        notice=known.notice,
        engine=known.engine,
        deadlines=known.deadlines,
        session=session,
        actor=actor,
        now=services.clock.now(),
        arrived_at=arrived_at,
        inbox_id=inbox_id,
        randomness=services.randomness,
        public_url=services.settings.public_url,
        attachments=brought.attachments,
        lost_files=brought.lost_files,
        keep=partial(keep, services, session),
        suggestion=brought.suggestion,
        upload_link=partial(_upload_link, services, actor),
        spoken=seen.spoken if seen is not None else None,
    )


def _upload_link(services: Services, actor: Actor) -> UploadLink | None:
    desk = services.desk
    if desk is None:
        return None
    ticket = desk.tickets.make(actor.person_id, services.clock.real(), services.randomness)
    until = services.clock.campaign(ticket.until)
    return UploadLink(desk.tickets.address(ticket), until, desk.most_bytes)
