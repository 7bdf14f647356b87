"""From replies to text: what waited for this person first, then what is said now, choices as numbered replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import Services
from domain.chat import ChatType, Incoming, Reply, with_numbers
from store import offers, outbox, reach


def say(session: Session, incoming: Incoming, replies: Sequence[Reply], now: datetime) -> str:
    """Join the replies. In a single chat, texts that could not reach the person before come first and count as shown.

    Nothing is held back in a group, and nothing personal is said there.
    """
    parts = [with_numbers(reply) for reply in replies if reply.to is None]
    if parts and incoming.chat is ChatType.SINGLE:
        parts = [*outbox.show_held(session, incoming.lane, now), *parts]
    return "\n\n".join(part for part in parts if part)


def remember_choices(session: Session, incoming: Incoming, replies: Sequence[Reply], now: datetime) -> None:
    """Keep what the last reply offered, so that "1" can be understood. A reply without choices withdraws old ones.

    What is offered in a group is for everybody there: it says nothing about what this person will mean alone.
    """
    own = [reply for reply in replies if reply.to is None]
    if own and incoming.chat is ChatType.SINGLE:
        offers.remember(session, incoming.lane, own[-1].choices, now)


def tell_others(services: Services, session: Session, replies: Sequence[Reply], now: datetime) -> tuple[int, ...]:
    """Queue what other people than the sender are told, once for each cause; `now` is campaign time.

    Returns the ids of the messages to send."""
    queued = []
    for reply in replies:
        if reply.to is None:
            continue
        lane, key = reach.lane_of(session, reply.to), f"{reply.cause}:to:{reply.to}"
        if outbox.put(session, key=key, lane=lane, text=with_numbers(reply), now=services.clock.real()):
            offers.remember(session, lane, reply.choices, now)
            queued.append(outbox.id_of(session, key))
    return tuple(each for each in queued if each is not None)
