"""Real short films, coded on the spot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av


def film(
    path: Path,
    *,
    size: tuple[int, int] = (1920, 1080),
    codec: str = "libx264",
    form: str | None = None,
    frames: int = 12,
    aspect: tuple[int, int] | None = None,
    sound: bool = False,
    picture: bool = True,
    fast_start: bool = False,
) -> Path:
    """A film of `frames` frames at 12 a second."""
    options = {"movflags": "faststart"} if fast_start else {}
    with av.open(str(path), "w", format=form, options=options) as target:
        video = _video_stream(target, size, codec, aspect) if picture else None
        audio = target.add_stream("aac", rate=44100) if sound else None
        if video is not None:
            for number in range(frames):
                for packet in video.encode(_grey(size, number * 15 % 255)):
                    target.mux(packet)
            for packet in video.encode(None):
                target.mux(packet)
        if audio is not None:
            _add_silence(target, audio)
    return path


def turned(data: bytes) -> bytes:
    """The same MP4 with the mark that players turn its picture by a quarter."""
    upright = bytes.fromhex("00010000" + "00" * 12 + "00010000" + "00" * 12 + "40000000")
    quarter = bytes.fromhex("00000000" + "00010000" + "00" * 4 + "ffff0000" + "00" * 16 + "40000000")
    place = data.index(upright, data.index(b"tkhd"))
    return data[:place] + quarter + data[place + len(upright) :]


def _video_stream(target, size, codec, aspect):
    stream = target.add_stream(codec, rate=12)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    if aspect is not None:
        stream.codec_context.sample_aspect_ratio = Fraction(*aspect)
    if codec == "libx264":
        stream.options = {"preset": "ultrafast"}
    return stream


def _add_silence(target, audio):
    frame = av.AudioFrame(format="fltp", layout="stereo", samples=44100)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate = 44100
    for packet in [*audio.encode(frame), *audio.encode(None)]:
        target.mux(packet)


def _grey(size, shade):
    frame = av.VideoFrame(*size, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes([shade]) * plane.buffer_size)
    return frame
