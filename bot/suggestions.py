"""Lets the language model look at a question before it is handled, outside the transaction."""

from __future__ import annotations

from answers import Conversation
from bot.context import open_context
from bot.services import Services
from domain.chat import Channel, ChatType, Incoming
from domain.chat_json import incoming_from_json
from handlers.contract import Suggestion
from handlers.dispatch import choose, translate
from store import people
from store.schema.mail import Inbox


def may_suggest(services: Services, incoming: Incoming) -> bool:
    """Whether a model may help here: only where a stream shows meanwhile that somebody is at it."""
    return services.model is not None and incoming.channel is Channel.AIBOT and incoming.chat is ChatType.SINGLE


def suggestion_for(services: Services, row: Inbox) -> Suggestion | None:
    """What the model contributes to this message, None where it has nothing to say."""
    incoming = incoming_from_json(row.message)
    if services.model is None or not may_suggest(services, incoming):
        return None
    with services.database.read() as session:
        context = open_context(services, session, row)
        message = translate(incoming, session, context.now, row.id)
        if not choose(message, context).asks_engine:
            return None
        before = Conversation.read(context.recall(message).about)
        person = people.get(session, context.actor.person_id)
        names = (person.name, person.school)
        role = context.actor.role
        answer = context.engine.answer(message.text.strip(), role=role, now=context.now, conversation=before)
    return services.model.suggest(message.text.strip(), answer, before, services.notice, names)
