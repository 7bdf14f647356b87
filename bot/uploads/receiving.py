"""One PATCH: bytes from the network behind those that count, straight to the disk, in small blocks."""

from __future__ import annotations

import socket
from typing import BinaryIO, Protocol

from werkzeug.exceptions import ClientDisconnected

from bot.services import Services
from bot.uploads.desk import UploadDesk
from bot.uploads.finishing import SpentError, finish
from bot.uploads.parts import Landing, LockedError
from bot.uploads.protocol import CHECKSUM_MISMATCH, Checksum, TusError
from store import uploads
from store.blobs import StorageFullError
from store.schema.uploads import Upload, UploadState

BLOCK_BYTES = 1 << 17
# Without a byte for so long the connection counts as dead, and the lock with it: a phone that comes back must get in.
SILENCE_S = 30.0

BUSY = "同一个文件正在另一处上传，稍等片刻会自动继续。"
WRONG_OFFSET = "续传的位置不对，会自动重新对准。"
GONE = "这次上传已经取消或过期，请重新选择文件。"
SPENT = "这个链接已经用过。还要传别的文件，请在聊天里发“上传链接”。"
BROKEN = "这一段在路上损坏了，会自动重传。"
TOO_LONG = "收到的内容比文件本身还长，没有收下。请重新选择文件。"


class Body(Protocol):
    """What can be read in blocks."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, b"" at the end."""


def receive(
    services: Services, desk: UploadDesk, row: Upload, *, offset: int, body: Body, check: Checksum | None
) -> int:
    """Take the bytes; how many count now. What came before the connection broke counts, except with a checksum: then
    all of it counts or nothing. Raises TusError."""
    try:
        with desk.parts.hold(row.id) as file:
            current = _still_open(services, row)
            if current.received != offset:
                raise TusError(409, WRONG_OFFSET, {"Upload-Offset": str(current.received)})
            counted = _land(services, current, file, body, check)
            if counted == current.size:
                finish(services, current.id, counted)
    except LockedError:
        raise TusError(423, BUSY) from None
    except FileNotFoundError:
        raise TusError(410, GONE) from None
    except SpentError:
        desk.parts.remove(row.id)
        raise TusError(410, SPENT) from None
    return counted


def _still_open(services: Services, row: Upload) -> Upload:
    """The row as it is now that nobody else can write to the file."""
    with services.database.read() as session:
        current = uploads.get(session, row.id, row.ticket)
    if current is None or current.state != UploadState.OPEN:
        raise TusError(410, GONE)
    return current


def _land(services: Services, row: Upload, file: BinaryIO, body: Body, check: Checksum | None) -> int:
    def note(before: int, now: int) -> None:
        if now == row.size:
            return  # noted together with the message it becomes
        with services.database.begin() as session:
            if not uploads.advance(session, row.id, before, now):
                raise TusError(410, GONE)

    landing = Landing(file, row.received, note, check)
    try:
        while block := body.read(BLOCK_BYTES):
            if landing.offset + len(block) > row.size:
                raise TusError(413, TOO_LONG)
            landing.write(block)
    except (ClientDisconnected, OSError):
        # Whoever sent it is gone: nobody reads an answer. What is whole in itself is kept.
        landing.break_off()
        return landing.counted
    except StorageFullError as error:
        raise TusError(507, str(error)) from None
    if not landing.end():
        raise TusError(CHECKSUM_MISMATCH, BROKEN)
    return landing.counted


def limit_silence(environ: dict[str, object]) -> None:
    """Cheroot's connections have a time-out of their own; gunicorn's threads would wait for ever."""
    connection = environ.get("gunicorn.socket")
    if isinstance(connection, socket.socket):
        connection.settimeout(SILENCE_S)
