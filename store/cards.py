"""Cards with buttons: what was offered to whom, and the one press that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.chat import Choice
from store.offers import GOOD_FOR
from store.rows import changed
from store.schema.mail import Card

_NEW = insert(Card)  # built once, and no object: most answers bring a card


def choices_of(card: Card) -> tuple[Choice, ...]:
    """What the card offers, in order."""
    return tuple(Choice(label=each["label"], says=each["says"]) for each in card.choices["choices"])


def add(
    session: Session,
    *,
    task_id: str,
    lane: str,
    title: str,
    choices: Sequence[Choice],
    now: datetime,
    inbox_id: int | None,
    outbox_id: int | None = None,
    brief: str = "",
) -> None:
    """Note a card for this person: with the answer to a message, or as an outgoing message of its own."""
    values = {
        "task_id": task_id,
        "lane": lane,
        "title": title,
        "brief": brief,
        "choices": {"choices": [{"label": choice.label, "says": choice.says} for choice in choices]},
        "made_at": now,
        "inbox_id": inbox_id,
        "outbox_id": outbox_id,
    }
    session.connection().execute(_NEW, values)


def find(session: Session, task_id: str) -> Card | None:
    """The card with this id, as the database has it now."""
    return session.get(Card, task_id, populate_existing=True)


def of_message(session: Session, inbox_id: int) -> Card | None:
    """The card that goes with the answer to this message."""
    return session.scalar(select(Card).where(Card.inbox_id == inbox_id, Card.outbox_id.is_(None)))


def of_outbox(session: Session, outbox_id: int) -> Card | None:
    """The card that is this outgoing message."""
    return session.scalar(select(Card).where(Card.outbox_id == outbox_id))


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed which button (number from 1) of which card; `inbox_id` is the row of this press."""

    task_id: str
    lane: str
    number: int
    inbox_id: int


def press(session: Session, pressed: Press, now: datetime) -> bool:
    """Count the press. False, and nothing happens, unless the card is this person's, at most 48 hours old, has such a
    button, and was not pressed before: of two presses at once exactly one counts."""
    card = find(session, pressed.task_id)
    if card is None or card.lane != pressed.lane or now - card.made_at > GOOD_FOR:
        return False
    if not 1 <= pressed.number <= len(choices_of(card)):
        return False
    first = changed(
        session,
        update(Card)
        .where(Card.task_id == pressed.task_id, Card.pressed_by.is_(None))
        .values(pressed=pressed.number, pressed_by=pressed.inbox_id),
    )
    session.expire(card)
    return first


def chosen_by(session: Session, task_id: str, inbox_id: int) -> Choice | None:
    """The choice that this press made; None if it did not count."""
    card = find(session, task_id)
    if card is None or card.pressed_by != inbox_id or card.pressed is None:
        return None
    return choices_of(card)[card.pressed - 1]
