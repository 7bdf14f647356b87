"""The video has to be complete and to have moving pictures: not cut off, not sound only, not a single frame."""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts, VideoFacts
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject

_SHORTEST_S = 0.5
_RESEND = "请在电脑上从头到尾播放一遍，确认完整后重新发送；大文件请用网页上传。"


def check(facts: FileFacts, _params: NoParams, _context: Context) -> Iterator[Fault]:
    """At most one fault, the gravest."""
    video = facts.video
    if video is None:
        return
    if video.truncated:
        yield Fault("视频文件不完整，后面的内容缺失。", _RESEND, "完整的视频", "不完整")
    elif not video.has_picture:
        yield Fault("文件里只有声音，没有画面。", "请发有画面的视频。", "有画面", "没有画面")
    elif video.duration_s < _SHORTEST_S:
        yield Fault(f"视频时长只有 {video.duration_s:.1f} 秒。", _RESEND, "能播放的视频", f"{video.duration_s:.1f} 秒")


def measured(facts: FileFacts) -> str:
    """The length as it is shown among what was checked."""
    video: VideoFacts | None = facts.video
    if video is None or not video.duration_s:
        return ""
    minutes, seconds = divmod(round(video.duration_s), 60)
    return f"{minutes}分{seconds}秒" if minutes else f"{seconds}秒"


RULE = Rule("V01", "video.readable", "视频完整", Subject.VIDEO, NoParams, check, measured, documentation=__doc__)
