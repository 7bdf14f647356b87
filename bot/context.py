"""Builds what a handler may know about one message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from bot.keeping import keep
from bot.services import Services
from domain.chat_json import incoming_from_json
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
    """The world of this message, inside the open transaction."""
    incoming = incoming_from_json(row.message)
    return Context(
        notice=services.notice,
        engine=services.engines.current(session),
        session=session,
        actor=people.actor_for(session, incoming.channel, incoming.sender),
        now=services.clock.now(),
        arrived_at=row.campaign_at,
        inbox_id=row.id,
        randomness=services.randomness,
        public_url=services.settings.public_url,
        attachments=brought.attachments,
        lost_files=brought.lost_files,
        keep=partial(keep, services, session),
        suggestion=brought.suggestion,
    )
