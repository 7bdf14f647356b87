"""What of the messages to one person has to go out before what."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Update, bindparam, exists, func, or_, update
from sqlalchemy.orm import aliased

from store.schema.mail import Outbox, OutboxKind, OutboxState

UNFINISHED = (OutboxState.QUEUED, OutboxState.SENDING)
_ANY_PART = "%:p___"


def part_key(key: str, number: int) -> str:
    """The key of a further part of the text with this key."""
    return f"{key}:p{number:03d}"


def claiming(*is_due: ColumnElement[bool]) -> Update:
    """Take the message `outbox` for `owner` until `until`, if `is_due` and nothing that goes before it is unfinished.

    Of one answer texts go first, then files and cards, in the order they were put. What a person is told without
    having asked goes as it comes, but no part of a text before an earlier one, no file or card before its text."""
    earlier = aliased(Outbox)
    text_first = (earlier.kind == OutboxKind.TEXT) & (Outbox.kind != OutboxKind.TEXT)
    in_turn = (earlier.id < Outbox.id) & or_(earlier.kind == OutboxKind.TEXT, Outbox.kind != OutboxKind.TEXT)
    same_answer = (earlier.inbox_id == Outbox.inbox_id) & or_(text_first, in_turn)
    told = earlier.inbox_id.is_(None) & Outbox.inbox_id.is_(None) & (earlier.id < Outbox.id)
    stem = func.substr(Outbox.key, 1, func.length(Outbox.key) - len(part_key("", 1)))
    same_text = Outbox.key.like(_ANY_PART) & (func.substr(earlier.key, 1, func.length(stem)) == stem)
    same_text &= earlier.kind == OutboxKind.TEXT
    blocked = exists().where(
        earlier.lane == Outbox.lane,
        or_(same_answer, told & or_(Outbox.kind != OutboxKind.TEXT, same_text)),
        earlier.state.in_(UNFINISHED),
    )
    mine = update(Outbox).where(Outbox.id == bindparam("outbox"), Outbox.state == OutboxState.QUEUED)
    return mine.where(or_(*is_due), ~blocked).values(
        state=OutboxState.SENDING,
        attempts=Outbox.attempts + 1,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
    )
