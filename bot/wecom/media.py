"""Downloading what was sent to the AI bot: encrypted, from an address that lives 5 minutes (protocol 2.2).

Memory use does not depend on the size of the file: it is decrypted block by block into the caller's file.
"""

from __future__ import annotations

import threading

import urllib3

from bot.wecom.download import (
    Destination,
    FetchedMedia,
    MediaError,
    MediaFault,
    MediaLimits,
    PlainFile,
    Retrying,
    announced_size,
    read_piece,
)
from bot.wecom.envelope import EnvelopeError, cipher, strip_padding
from bot.wecom.file_name import disposition_name
from bot.wecom.outbound import UnreachableError, UrlPolicy, UrlRefusedError, get_following

__all__ = ["FetchedMedia", "MediaError", "MediaFault", "MediaLimits", "fetch_aibot_media"]

_PAD_BYTES = 32
_AES_BLOCK = 16
_RETRYABLE_4XX = frozenset({408, 425, 429})
_OK = 200
_SERVER_ERROR = 500


def fetch_aibot_media(
    url: str,
    key: bytes,
    destination: Destination,
    *,
    deadline: float,
    policy: UrlPolicy,
    limits: MediaLimits | None = None,
    stop: threading.Event | None = None,
) -> FetchedMedia:
    """Download `url` and decrypt it into `destination`.

    `key` is the bot's decoded AES key. `deadline` is in monotonic seconds: the end of the address's 5 minutes. Server
    errors and time-outs are tried again until then, and so are truncated bodies as long as nothing was written or the
    destination is `Restartable`; `stop` ends it early. After an error the destination's content is worthless. Raises
    MediaError, and whatever the destination raises.
    """
    limits = limits or MediaLimits()
    plain = PlainFile(destination, limits.max_bytes)
    tries = Retrying(limits, deadline, stop)
    while True:
        tries.check()
        try:
            return _fetch_encrypted(url, key, plain, policy, tries)
        except MediaError as error:
            if not (error.retryable and plain.emptied()):
                raise
            tries.pause_or_raise(error)


def _fetch_encrypted(url: str, key: bytes, plain: PlainFile, policy: UrlPolicy, tries: Retrying) -> FetchedMedia:
    try:
        response = get_following(url, policy, tries.timeouts(), attempt=tries.attempt)
    except UrlRefusedError as error:
        raise MediaError(MediaFault.REFUSED, str(error)) from None
    except UnreachableError as error:
        raise MediaError(MediaFault.UNAVAILABLE, str(error)) from None
    try:
        _check_status(response.status)
        announced = announced_size(response)
        if announced is not None and announced > plain.max_bytes + _PAD_BYTES:
            raise MediaError(MediaFault.TOO_LARGE)
        _decrypt_into(response, key, plain, announced, tries)
        name = disposition_name(response.headers.get("Content-Disposition"))
        return plain.finished((name,), response.headers.get("Content-Type"))
    finally:
        response.close()


def _check_status(status: int) -> None:
    if status == _OK:
        return
    if status >= _SERVER_ERROR or status in _RETRYABLE_4XX:
        raise MediaError(MediaFault.UNAVAILABLE, f"HTTP {status}")
    raise MediaError(MediaFault.EXPIRED, f"HTTP {status}")


def _decrypt_into(
    response: urllib3.BaseHTTPResponse, key: bytes, plain: PlainFile, announced: int | None, tries: Retrying
) -> None:
    """Decrypt block by block, holding back the last 32 bytes, which hold the padding."""
    decryptor = cipher(key).decryptor()
    held, seen = b"", 0
    while piece := read_piece(response, tries):
        seen += len(piece)
        held += decryptor.update(piece)
        plain.write(held[:-_PAD_BYTES])
        held = held[-_PAD_BYTES:]
    if not seen or seen % _AES_BLOCK or (announced is not None and seen != announced):
        raise MediaError(MediaFault.TRUNCATED, f"{seen} bytes")
    try:
        plain.write(strip_padding(held + decryptor.finalize()))
    except EnvelopeError:
        # A whole body that does not decrypt will not do so next time; one of unknown length may have been cut.
        fault = MediaFault.BROKEN if announced is not None else MediaFault.TRUNCATED
        raise MediaError(fault, "wrong padding") from None
