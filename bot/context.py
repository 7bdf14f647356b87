"""Builds what a handler may know about one message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bot.keeping import keep
from bot.services import Services
from domain.chat_json import incoming_from_json
from domain.roles import Actor
from handlers.contract import Attachment, Context, LostFile, Suggestion
from store import people
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
    return make_context(services, session, actor, row.campaign_at, inbox_id=row.id, brought=brought)


def make_context(
    services: Services,
    session: Session,
    actor: Actor,
    arrived_at: datetime,
    *,
    inbox_id: int = 0,
    brought: Brought = _NOTHING,
) -> Context:
    """The world of a message of this person. Without `inbox_id` it has no row yet: fit for an inline handler."""
    return Context(
        notice=services.notice,
        engine=services.engines.current(session),
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
    )
