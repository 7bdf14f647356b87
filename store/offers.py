"""The choices last offered to a sender, so that a numbered reply ("1") is understood where buttons do not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.chat import Choice
from domain.names import letters_of
from store.rows import put_row
from store.schema.mail import Offer

GOOD_FOR = timedelta(hours=48)
_NO = ("不", "取消")
_NOT_ME = "不是"  # an order of its own, no refusal
_OFFER = select(Offer.choices, Offer.offered_at).where(Offer.lane == bindparam("lane"))


def remember(session: Session, lane: str, choices: tuple[Choice, ...], now: datetime) -> None:
    """From now on a number means one of these `choices`. Several processes may do this for one sender at once."""
    put_row(session, Offer, {"lane": lane, "choices": _as_json(choices), "offered_at": now})


def latest(session: Session, lane: str, now: datetime) -> tuple[Choice, ...]:
    """The choices of the latest offer, in the order of their numbers; none when it is over 48 hours old."""
    row = session.connection().execute(_OFFER, {"lane": lane}).first()
    return () if row is None else offered(row.choices, row.offered_at, now)


def offered(choices: Mapping[str, Any], offered_at: datetime, now: datetime) -> tuple[Choice, ...]:
    """What the columns of a row hold; nothing when it is over 48 hours old."""
    if now - offered_at > GOOD_FOR:
        return ()
    return tuple(Choice(label=each["label"], says=each["says"]) for each in choices["choices"])


def numbered(choices: Sequence[Choice], number: int) -> Choice | None:
    """The choice with this number (from 1), None if there is none."""
    return choices[number - 1] if 1 <= number <= len(choices) else None


def labelled(choices: Sequence[Choice], said: str) -> Choice | None:
    """The one choice whose label was written out; None as above."""
    letters = letters_of(said) if choices else ""
    found = [each for each in choices if letters_of(each.label) == letters]
    return found[0] if len(found) == 1 else None


def declining(choices: Sequence[Choice]) -> Choice | None:
    """The one choice that leaves everything as it is (不撤回, 取消); None when there is none or more than one."""
    found = [each for each in choices if each.label.startswith(_NO) and not each.label.startswith(_NOT_ME)]
    return found[0] if len(found) == 1 else None


def _as_json(choices: tuple[Choice, ...]) -> dict[str, Any]:
    return {"choices": [{"label": choice.label, "says": choice.says} for choice in choices]}
