"""The video has to be an MP4 file by its content. A file of another format that was only renamed is told apart.

A MOV file under the name .mp4 plays nearly everywhere; whether it is accepted is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts, FileKind
from validators.report import Status
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject

_ADVICE = "请用剪辑软件或格式转换软件导出为 MP4（H.264 编码），只改扩展名不行。"


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """One fault when the container is another one."""
    demand, video = context.category.video, facts.video
    if demand is None or video is None or "mp4" not in demand.formats or facts.kind is FileKind.MP4:
        return
    if facts.kind is FileKind.MOV and facts.name.casefold().endswith(".mp4"):
        message = "文件名是 .mp4，里面其实是 MOV 格式，要求 MP4。"
        yield Fault(
            message, "一般能播放，请人工确认；稳妥的做法是重新导出为 MP4。", "MP4", "MOV", status=Status.UNCHECKED
        )
        return
    found = "MOV" if facts.kind is FileKind.MOV else (video.container or "其他格式")
    yield Fault(f"视频是 {found} 格式，要求 MP4。", _ADVICE, "MP4", found)


RULE = Rule("V02", "video.container", "视频格式", Subject.VIDEO, NoParams, check, documentation=__doc__)
