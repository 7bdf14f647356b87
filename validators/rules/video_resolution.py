"""The picture has to have at least the notice's resolution, as shown: pixel shape and rotation taken into account.

An upright film is measured the same way, its long side against the long side. Encoders cut a few pixels: a small
tolerance is allowed. When only one side reaches the demand (a cropped wide-screen film, a 4:3 picture) a person
decides.

Parameters: `long_side`, `short_side` (default: the category's own), `tolerance` in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from validators.facts import FileFacts
from validators.report import Status
from validators.rules.bounds import Range
from validators.rules.contract import Context, Fault, Rule, Subject


@dataclass(frozen=True, slots=True)
class Params:
    """Sides in pixels; None takes the category's own."""

    long_side: Annotated[int | None, Range(1)] = None
    short_side: Annotated[int | None, Range(1)] = None
    tolerance: Annotated[int, Range(0, 64)] = 8


def check(facts: FileFacts, params: Params, context: Context) -> Iterator[Fault]:
    """At most one fault."""
    demand, video = context.category.video, facts.video
    if video is None or demand is None or not video.has_picture:
        return
    long_side = demand.min_long_side if params.long_side is None else params.long_side
    short_side = demand.min_short_side if params.short_side is None else params.short_side
    sides = max(video.width, video.height), min(video.width, video.height)
    enough = sides[0] >= long_side - params.tolerance, sides[1] >= short_side - params.tolerance
    wanted = f"不低于 {demand.resolution or f'{short_side}P'}（{long_side}×{short_side}）"
    found = f"{video.width}×{video.height}"
    if all(enough):
        return
    if any(enough):
        message = f"分辨率 {found}，要求{wanted}，只有一边达到。"
        yield Fault(message, "可能是裁切过的宽银幕或 4:3 画面，请人工确认。", wanted, found, status=Status.UNCHECKED)
    else:
        advice = "请用原始素材按要求的分辨率重新导出；把小画面放大并不能变清晰。"
        yield Fault(f"分辨率 {found}，要求{wanted}。", advice, wanted, found)


def measured(facts: FileFacts) -> str:
    """The size as it is shown among what was checked."""
    return f"{facts.video.width}×{facts.video.height}" if facts.video and facts.video.has_picture else ""


RULE = Rule("V03", "video.resolution", "分辨率", Subject.VIDEO, Params, check, measured, documentation=__doc__)
