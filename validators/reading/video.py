"""A video as facts: the top-level boxes are walked first (a cut shows there), then MediaInfo reads the tracks."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from pymediainfo import MediaInfo

from validators.facts import FileKind, VideoFacts
from validators.reading.trouble import damaged

_BOXED = frozenset({FileKind.MP4, FileKind.MOV})
_MAX_BOXES = 100_000
_HEADER = struct.Struct(">I4s")
_QUARTER_TURNS = (90, 270)


@dataclass(frozen=True, slots=True)
class Boxes:
    """What the top level of an MP4 or MOV file shows."""

    brand: str
    has_index: bool
    complete: bool


def walk_boxes(file: IO[bytes]) -> Boxes:
    """Walk the top-level boxes by their sizes; no content is loaded."""
    file.seek(0, 2)
    size = file.tell()
    brand, kinds, complete, place = "", set(), True, 0
    for _ in range(_MAX_BOXES):
        if place == size:
            break
        file.seek(place)
        head = file.read(24)
        length, kind, skipped = _box(head, size - place)
        if length < skipped or place + length > size:
            complete = False
            kinds.add(kind)
            break
        if kind == b"ftyp" and not brand:
            brand = head[8:12].decode("ascii", "replace").strip()
        kinds.add(kind)
        place += length
    return Boxes(brand, b"moov" in kinds and (complete or kind != b"moov"), complete)


def _box(head: bytes, left: int) -> tuple[int, bytes, int]:
    """Length, kind and header length of the box that begins with `head`; a length of 0 means up to the end."""
    if len(head) < _HEADER.size:
        return 0, b"", _HEADER.size
    length, kind = _HEADER.unpack_from(head)
    if length == 1 and len(head) >= 16:  # noqa: PLR2004  a 64-bit length follows the kind
        return struct.unpack_from(">Q", head, 8)[0], kind, 16
    return length or left, kind, _HEADER.size


def can_read_videos(library: str | None = None) -> bool:
    """Whether MediaInfo loads on this machine: the one its wheel brings, or that of the file `library`."""
    return bool(MediaInfo.can_parse(library))


def read_video(file: IO[bytes], kind: FileKind) -> VideoFacts:
    """The metadata of a video. Raises UnreadableError when no track can be found at all."""
    boxes = walk_boxes(file) if kind in _BOXED else Boxes("", has_index=True, complete=True)
    if not boxes.has_index:
        raise damaged("视频文件不完整，缺少播放所需的索引")
    file.seek(0)
    tracks = MediaInfo.parse(file).tracks
    general = next(_of(tracks, "General"), None)
    pictures = list(_of(tracks, "Video"))
    main = next((track for track in pictures if track.default == "Yes"), pictures[0] if pictures else None)
    container = getattr(general, "format", None) or ""
    if general is None or (main is None and not container):
        raise damaged("视频文件读不出来")
    width, height, rotated = _shown_size(main)
    return VideoFacts(
        container=container[:50],
        brand=boxes.brand,
        width=width,
        height=height,
        rotated=rotated,
        duration_s=round(_number(main, "duration") / 1000, 3),
        codec=str(getattr(main, "format", None) or "")[:50],
        frame_rate=_number(main, "frame_rate"),
        interlaced=str(getattr(main, "scan_type", None) or "Progressive") != "Progressive",
        has_picture=main is not None,
        has_audio=any(_of(tracks, "Audio")),
        subtitles=sum(1 for _ in _of(tracks, "Text")),
        video_tracks=len(pictures),
        truncated=not boxes.complete or getattr(general, "istruncated", None) == "Yes",
    )


def _of(tracks: list[Any], kind: str) -> Iterator[Any]:
    return (track for track in tracks if track.track_type == kind)


def _number(track: Any, name: str) -> float:
    try:
        return float(getattr(track, name, None) or 0)
    except (TypeError, ValueError):
        return 0.0


def _shown_size(track: Any) -> tuple[int, int, bool]:
    """Width and height as played: pixel aspect applied, sides swapped when the film is turned by a quarter."""
    aspect = _number(track, "pixel_aspect_ratio") or 1.0
    width, height = round(_number(track, "width") * aspect), int(_number(track, "height"))
    rotated = round(_number(track, "rotation")) % 360 in _QUARTER_TURNS
    return (height, width, True) if rotated else (width, height, False)
