"""Rosters that wait to be confirmed: what was read of the file, until the one who sent it decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.roles import Role
from domain.roster import RosterRow
from store.schema.people import RosterDraft

GOOD_FOR = timedelta(hours=48)
_NAME_LENGTH = 300


def keep(
    session: Session, *, person_id: int, inbox_id: int, name: str, rows: Sequence[RosterRow], shown: str, now: datetime
) -> RosterDraft:
    """The draft of this message, made once; `shown` is the digest of the plan that is shown for it."""
    draft = session.scalar(select(RosterDraft).where(RosterDraft.inbox_id == inbox_id))
    if draft is None:
        values = [[row.userid, row.name, row.role.value, row.unit_id, row.school, row.phone] for row in rows]
        draft = RosterDraft(person_id=person_id, inbox_id=inbox_id, name=name[:_NAME_LENGTH], rows=values, made_at=now)
        session.add(draft)
    draft.shown = shown
    session.flush()
    return draft


def find(session: Session, draft_id: int, person_id: int, now: datetime) -> RosterDraft | None:
    """The draft with this number, if this person sent it in the last 48 hours and did not drop it; locked until the
    transaction ends."""
    mine = select(RosterDraft).where(RosterDraft.id == draft_id, RosterDraft.person_id == person_id)
    draft = session.scalar(mine.with_for_update())
    if draft is None or now - draft.made_at > GOOD_FOR or not draft.shown:
        return None
    return draft


def rows_of(draft: RosterDraft) -> tuple[RosterRow, ...]:
    """The people of the draft."""
    return tuple(RosterRow(userid, name, Role(role), *rest) for userid, name, role, *rest in draft.rows)


def imported(draft: RosterDraft, now: datetime) -> None:
    """The draft is done with: its rows are forgotten, since they are the people now."""
    draft.imported_at = now
    draft.rows = []


def drop(draft: RosterDraft) -> None:
    """The draft was not wanted. Its number is not given again, so that an old button can never mean another roster."""
    draft.shown = ""
    draft.rows = []
