"""What was kept for a day only goes, with every byte that no other row refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, delete, exists, select, update
from sqlalchemy.orm import Session

from store.schema.campaign import Blob
from store.schema.copies import FileCopy
from store.schema.intake import Batch, BatchItem, Precheck
from store.schema.mail import Fetch, FetchState, Inbox, InboxState
from store.schema.root import Base

_ENDED = (InboxState.DONE, InboxState.DEAD)


def over(session: Session, now: datetime) -> tuple[list[int], list[int]]:
    """The prechecks and the batches whose day has ended by `now` (campaign time)."""
    prechecks = session.scalars(select(Precheck.id).where(Precheck.until <= now).order_by(Precheck.id))
    batches = session.scalars(select(Batch.id).where(Batch.until <= now).order_by(Batch.id))
    return list(prechecks), list(batches)


def forget_precheck(session: Session, precheck_id: int) -> list[str]:
    """Delete it, and the rows of its bytes; returns the hashes whose bytes nobody refers to any more."""
    gone = session.get(Precheck, precheck_id)
    if gone is None:
        return []
    session.delete(gone)
    session.flush()
    return _let_go(session, [gone.sha256])


def forget_batch(session: Session, batch_id: int) -> list[str]:
    """The same of a ZIP that was listed: its files, and the ZIP itself."""
    batch = session.get(Batch, batch_id)
    if batch is None:
        return []
    query = select(BatchItem).where(BatchItem.batch_id == batch_id)
    items = list(session.scalars(query))
    hashes = [item.sha256 for item in items if item.sha256]
    zipped = select(Fetch.sha256).where(Fetch.inbox_id == batch.inbox_id, Fetch.position == batch.position)
    hashes += [sha256 for sha256 in session.scalars(zipped) if sha256]
    for item in items:
        session.delete(item)
    session.flush()
    session.delete(batch)
    session.flush()
    return _let_go(session, hashes)


def _let_go(session: Session, hashes: Iterable[str]) -> list[str]:
    gone: list[str] = []
    for sha256 in sorted(set(hashes)):
        copies = list(session.scalars(select(FileCopy.copy_sha256).where(FileCopy.sha256 == sha256)))
        if not _is_wanted(session, sha256):
            session.execute(delete(FileCopy).where(FileCopy.sha256 == sha256))
            gone += _drop(session, sha256)
            for copy in copies:
                gone += _drop(session, copy) if copy is not None else []
    return gone


def _is_wanted(session: Session, sha256: str) -> bool:
    """Whether a case, another file of the kind, or a message that is still to be handled needs these bytes."""
    unread = select(Fetch.id).join(Inbox, Inbox.id == Fetch.inbox_id)
    unread = unread.where(Fetch.sha256 == sha256, Inbox.state.not_in(_ENDED))
    kept = (select(column).where(column == sha256) for column in _referring() if column.table.name != "file_copy")
    return any(_found(session, query) for query in (unread, *kept))


def _drop(session: Session, sha256: str) -> list[str]:
    """Delete the blob's row unless some row refers to it: the database itself would refuse."""
    if any(_found(session, select(column).where(column == sha256)) for column in _referring()):
        return []
    forgotten = update(Fetch).where(Fetch.sha256 == sha256).values(state=FetchState.FORGOTTEN, sha256=None)
    session.execute(forgotten.execution_options(synchronize_session=False))
    session.execute(delete(Blob).where(Blob.sha256 == sha256).execution_options(synchronize_session=False))
    return [sha256]


def _referring() -> Iterator[Column[str]]:
    """Every column of every table that holds the hash of a blob."""
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table.name == Blob.__tablename__:
                yield key.parent


def _found(session: Session, query: Select[Any]) -> bool:
    return bool(session.scalar(select(exists(query))))
