"""Pack: the materials of a unit's report as one ZIP, streamed into the store; then whoever reported gets it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import BinaryIO

import structlog
from sqlalchemy.orm import Session

from bot.answering import tell_others
from bot.metrics import FAILED
from bot.nudge import Waiting
from bot.services import Services
from documents.report_package import write_package
from domain.chat import OutgoingFile, Reply
from domain.report_content import ReportContent
from handlers.casework import packages as texts
from store import packages
from store.blobs import StoredBlob
from store.schema.reports import UnitReport
from validators.json_codec import from_json

_log = structlog.get_logger(__name__)


def pack_one(services: Services, report_id: int) -> None:
    """Make this report's package if it is due and nobody else is at it. Never raises for what may pass."""
    owner = uuid.uuid4().hex
    with services.database.begin() as session:
        lease = services.leases.length(packages.LEASE)
        row = packages.claim(session, report_id, owner, services.clock.real(), lease)
    if row is None:
        return
    with services.leases.renewing(partial(_renew, services, report_id, owner)):
        try:
            _pack(services, row, owner)
        except Exception:
            FAILED.labels(step="pack").inc()
            _log.exception("packing failed", report=report_id, attempt=row.attempts)
            _failed(services, row, owner)


def _renew(services: Services, report_id: int, owner: str, session: Session, now: datetime) -> None:
    packages.renew(session, report_id, owner, now + services.leases.length(packages.LEASE))


def _pack(services: Services, row: UnitReport, owner: str) -> None:
    content = from_json(ReportContent, row.content)
    at = row.arrived_at.astimezone(services.notice.timezone)
    with services.blobs.receive() as writer:
        write_package(writer, services.notice, content, partial(open_blob, services), at)
    made = writer.stored
    if made is None:
        raise RuntimeError("a package was written without being stored")
    unit = services.notice.unit(row.unit_id).name
    file = OutgoingFile(texts.package_name(unit, row.edition), made.sha256, made.size)
    said = texts.made(unit, row.edition, len(content.sheet.rows), len(content.files), file)
    _end(services, row, owner, made, said)


def _end(services: Services, row: UnitReport, owner: str, made: StoredBlob, said: Reply) -> None:
    with services.database.begin() as session:
        if not packages.finish(session, row.id, owner, made, services.clock.real()):
            return
        sends = _tell(services, session, row, said, "packed")
    services.nudge(Waiting(sends=sends))


def _failed(services: Services, row: UnitReport, owner: str) -> None:
    sends: tuple[int, ...] = ()
    with services.database.begin() as session:
        if packages.put_back(session, row, owner, services.clock.real()):
            said = texts.failed(services.notice.unit(row.unit_id).name)
            sends = _tell(services, session, row, said, "not_packed")
    services.nudge(Waiting(sends=sends))


def _tell(services: Services, session: Session, row: UnitReport, said: Reply, what: str) -> tuple[int, ...]:
    told = Reply(said.text, said.choices, said.files, to=row.person_id, cause=f"{what}:{row.unit_id}:{row.edition}")
    return tell_others(services, session, [told], services.clock.now())


@contextmanager
def open_blob(services: Services, sha256: str) -> Iterator[BinaryIO]:
    """The bytes of a stored file, for a package. Raises FileNotFoundError, BlobsAwayError."""
    with services.blobs.open_local(sha256) as path, path.open("rb") as file:
        yield file
