"""What a sender has sent that is not handled yet."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.schema.mail import Fetch, Inbox, InboxState


def has_file(session: Session, lane: str) -> bool:
    """Whether a file of this sender is on its way: it may become a case before the next message is handled."""
    query = select(Fetch.id).join(Inbox, Inbox.id == Fetch.inbox_id)
    query = query.where(Inbox.lane == lane, Inbox.state.not_in((InboxState.DONE, InboxState.DEAD)))
    return session.scalar(query.limit(1)) is not None
