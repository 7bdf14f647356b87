"""Downloading what was sent to the self-built app, by media id (`media/get`, protocol 5.3).

Large media come only in pieces (`Range`), and an error comes as JSON with status 200.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import AbstractContextManager
from pathlib import PurePath
from typing import Protocol

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
from bot.wecom.errors import ApiError, ErrorKind
from bot.wecom.file_name import disposition_name

RANGE_BYTES = 20 * 1024 * 1024
_PARTIAL = 206
_PATIENCE_S = 300.0
_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})", re.ASCII)


class MediaSource(Protocol):
    """What is needed of the API client."""

    def open_media(self, media_id: str, first: int, last: int) -> AbstractContextManager[urllib3.BaseHTTPResponse]:
        """Ask for the bytes `first` to `last` of a temporary media. Raises ApiError, also for WeCom's JSON errors."""
        ...


def fetch_app_media(
    media_id: str,
    source: MediaSource,
    destination: Destination,
    *,
    told_name: str | None = None,
    deadline: float | None = None,
    limits: MediaLimits | None = None,
    stop: threading.Event | None = None,
) -> FetchedMedia:
    """Download a temporary media of the app into `destination`.

    `told_name`, the name in the message, goes before the one of the download; that is often the media id, which is no
    name at all. `deadline` is in
    monotonic seconds (without: 5 minutes). After a busy answer or a broken connection the download goes on where it
    stopped; an invalid or expired media id is EXPIRED. Raises MediaError for the file, ApiError for settings.
    """
    limits = limits or MediaLimits()
    plain = PlainFile(destination, limits.max_bytes)
    tries = Retrying(limits, time.monotonic() + _PATIENCE_S if deadline is None else deadline, stop)
    while True:
        tries.check()
        try:
            return _fetch_ranges(media_id, source, plain, tries, told_name)
        except MediaError as error:
            tries.pause_or_raise(error)
        except ApiError as error:
            if error.kind in {ErrorKind.CONFIG, ErrorKind.TOKEN}:
                raise
            fault = MediaFault.UNAVAILABLE if error.kind is ErrorKind.RETRY else MediaFault.EXPIRED
            tries.pause_or_raise(MediaError(fault, str(error)))


def _fetch_ranges(
    media_id: str, source: MediaSource, plain: PlainFile, tries: Retrying, told_name: str | None
) -> FetchedMedia:
    while True:
        with source.open_media(media_id, plain.size, plain.size + RANGE_BYTES - 1) as response:
            total = _copy_range(response, plain, tries)
            if plain.size >= total:
                name = disposition_name(response.headers.get("Content-Disposition"))
                names = (told_name, None if name and PurePath(name).stem == media_id else name)
                return plain.finished(names, response.headers.get("Content-Type"))


def _copy_range(response: urllib3.BaseHTTPResponse, plain: PlainFile, tries: Retrying) -> int:
    """Append one answer to the file; the size of the whole media. A server without ranges (200) sends everything from
    the start, so what is there already is skipped."""
    announced = announced_size(response)
    skip, until, total = plain.size, announced, announced
    if response.status == _PARTIAL:
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != plain.size or int(match[2]) < plain.size:
            raise MediaError(MediaFault.UNAVAILABLE, "another range than asked for")
        skip, until, total = 0, int(match[2]) + 1, int(match[3])
    if total is not None and total > plain.max_bytes:
        raise MediaError(MediaFault.TOO_LARGE)
    while piece := read_piece(response, tries):
        plain.write(piece[skip:])
        skip = max(0, skip - len(piece))
    if until is not None and plain.size != until:
        raise MediaError(MediaFault.TRUNCATED, f"{plain.size} bytes")
    return plain.size if total is None else total
