"""The picture should be coded in a way that every reviewer's computer can play (H.264).

Parameter: `codecs`, the codings that are fine, by MediaInfo's names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from validators.facts import FileFacts
from validators.rules.bounds import OneOf
from validators.rules.contract import Context, Fault, Rule, Subject

_COMMON_NAMES = {"HEVC": "H.265（HEVC）", "AVC": "H.264", "AV1": "AV1", "VP9": "VP9", "MPEG-4 Visual": "MPEG-4 Visual"}


@dataclass(frozen=True, slots=True)
class Params:
    """Codings that are fine."""

    codecs: Annotated[tuple[str, ...], OneOf(tuple(_COMMON_NAMES))] = ("AVC",)


def check(facts: FileFacts, params: Params, _context: Context) -> Iterator[Fault]:
    """One fault when the coding is another one."""
    video = facts.video
    if video is None or not video.codec or video.codec in params.codecs:
        return
    found = _COMMON_NAMES.get(video.codec, video.codec)
    wanted = "、".join(_COMMON_NAMES.get(codec, codec) for codec in params.codecs)
    message = f"视频编码是 {found}，部分电脑无法播放，建议 {wanted}。"
    yield Fault(message, f"请在剪辑软件里导出时把编码选为 {wanted}。", wanted, found)


RULE = Rule("V04", "video.codec", "视频编码", Subject.VIDEO, Params, check, documentation=__doc__)
