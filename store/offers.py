"""The choices last offered to a sender, so that a numbered reply ("1") is understood where buttons do not show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.chat import Choice
from domain.names import letters_of
from store.rows import put_row
from store.schema.mail import Offer

GOOD_FOR = timedelta(hours=48)


def remember(session: Session, lane: str, choices: tuple[Choice, ...], now: datetime) -> None:
    """From now on a number means one of these `choices`. Several processes may do this for one sender at once."""
    put_row(session, Offer, {"lane": lane, "choices": _as_json(choices), "offered_at": now})


def latest(session: Session, lane: str, now: datetime) -> tuple[Choice, ...]:
    """The choices of the latest offer, in the order of their numbers; none when it is over 48 hours old."""
    row = session.get(Offer, lane, populate_existing=True)
    if row is None or now - row.offered_at > GOOD_FOR:
        return ()
    return tuple(Choice(label=each["label"], says=each["says"]) for each in row.choices["choices"])


def recall(session: Session, lane: str, number: int, now: datetime) -> Choice | None:
    """The choice with this number (from 1) in the latest offer, None if there is none."""
    choices = latest(session, lane, now)
    return choices[number - 1] if 1 <= number <= len(choices) else None


def recall_label(session: Session, lane: str, said: str, now: datetime) -> Choice | None:
    """The choice of the latest offer whose label was written out; None as above."""
    found = [each for each in latest(session, lane, now) if letters_of(each.label) == letters_of(said)]
    return found[0] if len(found) == 1 else None


def _as_json(choices: tuple[Choice, ...]) -> dict[str, Any]:
    return {"choices": [{"label": choice.label, "says": choice.says} for choice in choices]}
