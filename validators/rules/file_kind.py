"""The file has to be of a kind the notice accepts for the category: Word (.docx), and for some categories MP4 video.

What counts is the content, not the extension: a .doc, PDF, web page or OpenDocument file that was only renamed is told
by its own name, with the way to turn it into a .docx. Word templates (.dotx) are not cases. A "Strict Open XML" file is
a Word file that cannot be read here: it counts as not checked, never as wrong. An accepted file whose name ends
otherwise than its content would have it (a Word file called .mp4) opens nowhere: that is advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from domain.notice import Severity
from validators.facts import FileFacts, FileKind
from validators.report import Status
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject
from validators.rules.formats import FORMAT_NAMES, FORMAT_OF, KIND_NAMES, accepted_formats, is_refused

_TEMPLATES = frozenset({FileKind.DOTX, FileKind.DOTM})
_VIDEOS = frozenset({FileKind.MP4, FileKind.MOV, FileKind.OTHER_VIDEO})
_ENDINGS = {FileKind.DOCX: (".docx",), FileKind.MP4: (".mp4", ".m4v")}
_OR_VIDEO = "要交视频的话，请发 MP4（.mp4）文件。"
_NAME_SHOWN = 40


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """At most one fault: the kind is not accepted, or the name hides that it is."""
    if not facts.certain:
        return
    accepted = accepted_formats(context)
    expected = "或".join(FORMAT_NAMES.get(form, form) for form in accepted)
    if facts.kind is FileKind.STRICT_DOCX:
        message, advice = _in_two(facts.trouble)
        yield Fault(message, advice, expected, KIND_NAMES[facts.kind], status=Status.UNCHECKED)
    elif is_refused(facts.kind, context):
        message, advice = _explain(facts, expected)
        if "mp4" in accepted and "MP4" not in advice:
            advice += _OR_VIDEO
        yield Fault(message, advice, expected, KIND_NAMES[facts.kind])
    elif facts.readable:
        yield from _misnamed(facts)


def _misnamed(facts: FileFacts) -> Iterator[Fault]:
    endings = _ENDINGS.get(facts.kind, ())
    name = facts.name.strip()
    if not name or not endings or name.casefold().endswith(endings):
        return
    kind = FORMAT_NAMES[FORMAT_OF[facts.kind]]
    ending = PurePosixPath(name).suffix[:_NAME_SHOWN]
    found = f"文件名以 {ending} 结尾" if ending else "文件名没有扩展名"
    yield Fault(
        f"{found}，里面其实是 {kind}，别人双击可能打不开。",
        f"请把文件名改成以 {endings[0]} 结尾，再发给我；内容不用改。",
        f"文件名以 {endings[0]} 结尾",
        found,
        severity=Severity.WARNING,
    )


def _explain(facts: FileFacts, expected: str) -> tuple[str, str]:
    if facts.kind in _TEMPLATES:
        return "这是 Word 模板文件（.dotx），不是文档。", "请用 Word 打开后“另存为 .docx”再发给我。"
    if facts.video is not None or facts.kind in _VIDEOS:
        return f"这是视频文件，这一类要交的是{expected}。", "请先发案例的 Word 文件；视频可以作为支撑材料再补交。"
    if facts.word is not None:
        return f"这是 Word 文档，这一类要交的是{expected}。", "请改发要求的格式。"
    return _in_two(facts.trouble)


def _in_two(trouble: str) -> tuple[str, str]:
    found, _, advice = trouble.partition("。")
    return f"{found}。", advice


RULE = Rule("F01", "file.kind", "文件类型", Subject.FILE, NoParams, check, documentation=__doc__)
