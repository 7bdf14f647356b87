"""What was answered to an act from a page: shown on the page that follows, and again when the form is sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.chat import Choice
from store.schema.mail import Inbox
from store.schema.web import WebAnswer

# As long as a session may last: what somebody did before they went to another unit is not shown there.
SHOWN_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Answered:
    """The text and what it offers to do next."""

    text: str
    choices: tuple[Choice, ...]


def keep(session: Session, inbox_id: int, answered: Answered) -> None:
    """Keep it with the row of the act."""
    choices = [{"label": choice.label, "says": choice.says} for choice in answered.choices]
    session.add(WebAnswer(inbox_id=inbox_id, text=answered.text, choices={"choices": choices}))


def of(session: Session, inbox_id: int, lane: str, now: datetime) -> Answered | None:
    """What this act was answered with, if it was an act of the person of this lane, not long before `now` (real)."""
    query = select(WebAnswer).join(Inbox, Inbox.id == WebAnswer.inbox_id)
    row = session.scalar(
        query.where(WebAnswer.inbox_id == inbox_id, Inbox.lane == lane, Inbox.received_at > now - SHOWN_FOR)
    )
    if row is None:
        return None
    return Answered(row.text, tuple(Choice(each["label"], each["says"]) for each in row.choices["choices"]))
