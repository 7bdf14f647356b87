"""From replies to text: what waited for this person first, then what is said now, choices as numbered replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.chat import ChatType, Incoming, Reply, with_numbers
from store import offers, outbox


def say(session: Session, incoming: Incoming, replies: Sequence[Reply], now: datetime) -> str:
    """Join the replies. In a single chat, texts that could not reach the person before come first and count as shown.

    Nothing is held back in a group, and nothing personal is said there.
    """
    parts = [with_numbers(reply) for reply in replies]
    if parts and incoming.chat is ChatType.SINGLE:
        parts = [*outbox.show_held(session, incoming.lane, now), *parts]
    return "\n\n".join(part for part in parts if part)


def remember_choices(session: Session, incoming: Incoming, replies: Sequence[Reply], now: datetime) -> None:
    """Keep what the last reply offered, so that "1" can be understood. A reply without choices withdraws old ones.

    What is offered in a group is for everybody there: it says nothing about what this person will mean alone.
    """
    if replies and incoming.chat is ChatType.SINGLE:
        offers.remember(session, incoming.lane, replies[-1].choices, now)
