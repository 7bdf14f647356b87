"""Builds what a handler may know about one message."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from bot.keeping import keep
from bot.services import Services
from domain.chat_json import incoming_from_json
from handlers.contract import Attachment, Context, LostFile
from store import people
from store.schema.mail import Inbox


def open_context(
    services: Services,
    session: Session,
    row: Inbox,
    attachments: tuple[Attachment, ...] = (),
    lost_files: tuple[LostFile, ...] = (),
) -> Context:
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
        attachments=attachments,
        lost_files=lost_files,
        keep=partial(keep, services, session),
    )
