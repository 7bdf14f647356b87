"""Copies of files, each made once: what was made of which bytes by which order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from store import blobs
from store.blobs import StoredBlob
from store.rows import put_row
from store.schema.copies import FileCopy


def find(session: Session, sha256: str, kind: str, order_sha256: str) -> FileCopy | None:
    """What this order made of this file, None while nobody has tried."""
    return session.get(FileCopy, (sha256, kind, order_sha256))


def keep(
    session: Session,
    *,
    sha256: str,
    kind: str,
    order_sha256: str,
    copy: StoredBlob | None,
    refused: str,
    changes: str,
    now: datetime,
) -> None:
    """Note what was made, or why there can be no copy. Made by two processes at once, the last one stays."""
    if copy is not None:
        blobs.record(session, copy, now)
    values = {
        "sha256": sha256,
        "kind": kind,
        "order_sha256": order_sha256,
        "copy_sha256": None if copy is None else copy.sha256,
        "size": 0 if copy is None else copy.size,
        "refused": refused,
        "changes": changes,
        "made_at": now,
    }
    put_row(session, FileCopy, values)
