"""What somebody does on a page: written down as if it had been said, done in one transaction by the part of a handler
that it stands for, once for each form, with the same news to others as in chat."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from flask import request

from bot.answering import tell_others
from bot.context import make_context
from bot.nudge import Waiting
from bot.services import Services
from domain.chat import Channel, Incoming, MessageKind
from domain.chat_json import incoming_to_json
from handlers.contract import Deed
from handlers.dispatch import carry_out
from store import broadcasts, inbox, people, reach, reports, web_answers
from store.inbox import Arrival
from store.people import is_opaque
from store.schema.mail import InboxState
from store.web_answers import Answered

ONCE_FIELD = "once"
_ONCE_BYTES = 18
_ONCE = re.compile(r"[\w-]{20,40}")


@dataclass(frozen=True, slots=True)
class Intent:
    """Something to be done: `words` is what one would say in chat, for the record only, nobody reads it as a command;
    `deed` does it, and `handler` is the name of the handler it belongs to."""

    handler: str
    words: str
    deed: Deed


def new_once() -> str:
    """The mark of one form: what is sent with it is done once, however often it arrives."""
    return secrets.token_urlsafe(_ONCE_BYTES)


def once_of_form() -> str | None:
    """The mark of the form that was sent, None where there is none."""
    once = request.form.get(ONCE_FIELD, "")
    return once if _ONCE.fullmatch(once) else None


def act(services: Services, person_id: int, intent: Intent, once: str) -> int:
    """Do it, or find what was done when the form came before. The number under which the answer is shown.

    The role and unit are those of this moment, and the deed asks domain.policy again. Of two requests with one form the
    second waits at the unique key of the row, and finds it; two forms meet at the locks of what they would change.
    """
    received_at = services.clock.real()
    with services.database.begin() as session:
        person = people.get(session, person_id)
        lane = reach.lane_of(session, person_id)
        channel = Channel.AIBOT if is_opaque(lane) else Channel.APP
        incoming = Incoming(channel, f"page:{person_id}:{once}", MessageKind.TEXT, lane, received_at, text=intent.words)
        arrived_at = services.clock.campaign(received_at)
        arrival = Arrival(
            channel=channel,
            key=incoming.key,
            lane=incoming.lane,
            message=incoming_to_json(incoming),
            received_at=received_at,
            campaign_at=arrived_at,
            handler=intent.handler,
        )
        inbox_id = inbox.accept(session, arrival, InboxState.DONE)
        if inbox_id is None:
            return inbox.get(session, channel, incoming.key).id
        context = make_context(services, session, people.as_actor(person), arrived_at, inbox_id=inbox_id)
        replies = carry_out(intent.deed, context)
        others = tell_others(services, session, replies, context.now)
        own = [reply for reply in replies if reply.to is None]
        text = "\n\n".join(reply.text for reply in own if reply.text)
        web_answers.keep(session, inbox_id, Answered(text, own[-1].choices if own else ()))
        packages, batches = reports.made_here(session), broadcasts.begun(session)
    services.nudge(Waiting(sends=others, packages=packages, batches=batches))
    return inbox_id
