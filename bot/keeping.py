"""Keeps the bytes of a file that a handler hands out: in the blob store, recorded in the open transaction."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from bot.services import Services
from bot.wecom.file_name import safe_name
from domain.chat import OutgoingFile
from store import blobs
from store.schema.campaign import Blob

_UNNAMED = "文件"


def keep(services: Services, session: Session, name: str, content: bytes) -> OutgoingFile:
    """Store `content` unless the same bytes are stored already. Raises StorageFullError, BlobsAwayError."""
    sha256 = hashlib.sha256(content).hexdigest()
    if session.get(Blob, sha256) is None:
        with services.blobs.receive() as writer:
            writer.write(content)
        if writer.stored is None:
            raise RuntimeError("a file was kept without being stored")
        blobs.record(session, writer.stored, services.clock.real())
    return OutgoingFile(safe_name(name, _UNNAMED), sha256, len(content))
