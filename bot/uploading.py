"""Brings the bytes of a handout to the platform, or finds that they are there already."""

from __future__ import annotations

import structlog

from bot import fail_points
from bot.pushes import media_kind
from bot.services import Services
from bot.wecom.errors import ApiError, ErrorKind
from store import handouts
from store.blobs import BlobsAwayError

_log = structlog.get_logger(__name__)

_AGAIN_S = 5.0


def upload(services: Services, outbox_id: int) -> tuple[str, str]:
    """The media id of the file of this outgoing message, and as what kind it was uploaded. Raises ApiError, also when
    our own storage is away."""
    with services.database.read() as session:
        handout = handouts.of_outbox(session, outbox_id)
    if handout is None:
        raise ApiError(None, "the file of this message is not known", ErrorKind.PROGRAM)
    return upload_file(services, handout)


def upload_file(services: Services, handout: handouts.StoredFile) -> tuple[str, str]:
    """The same of any stored file: it is uploaded unless the platform has it. Raises ApiError, as `upload` does."""
    if services.api is None:
        raise RuntimeError("an upload was planned without an app")
    now = services.clock.real()
    with services.database.read() as session:
        known = handouts.uploaded(session, handout, now)
    kind = media_kind(handout.name, handout.size)
    if known is not None:
        return known, kind
    fail_points.reach("before_upload")
    try:
        with services.blobs.open_local(handout.sha256) as path, path.open("rb") as file:
            media_id = services.api.upload_media(kind, handout.name, file)
    except BlobsAwayError as error:
        raise ApiError(None, str(error), ErrorKind.RETRY, _AGAIN_S) from None
    except (FileNotFoundError, ValueError) as error:
        _log.exception("a file cannot be sent", sha256=handout.sha256)
        raise ApiError(None, type(error).__name__, ErrorKind.PROGRAM) from None
    fail_points.reach("after_upload_before_note")
    with services.database.begin() as session:
        handouts.note_upload(session, handout, media_id, now)
    return media_id, kind
