"""The file has to be of a kind the notice accepts for the category: Word (.docx), and for some categories MP4 video.

What counts is the content, not the extension: a .doc, PDF, web page or OpenDocument file that was only renamed is told
by its own name, with the way to turn it into a .docx. Word templates (.dotx) are not cases. A "Strict Open XML" file is
a Word file that cannot be read here: it counts as not checked, never as wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts, FileKind
from validators.report import Status
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject

_FORMAT_OF = {
    FileKind.DOCX: "docx",
    FileKind.DOCM: "docx",
    FileKind.STRICT_DOCX: "docx",
    FileKind.MP4: "mp4",
    FileKind.MOV: "mp4",
    FileKind.OTHER_VIDEO: "mp4",
}
_SHOWN = {"docx": "Word 文档（.docx）", "mp4": "MP4 视频（.mp4）"}
# Files whose kind could not be told, or which are the right kind but broken, are the business of file.readable.
_LEFT_TO_READABLE = frozenset({FileKind.BROKEN_ZIP, FileKind.EMPTY, FileKind.ENCRYPTED})
_TEMPLATES = frozenset({FileKind.DOTX, FileKind.DOTM})


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """One fault when the kind is not accepted."""
    accepted = accepted_formats(context)
    if facts.kind in _LEFT_TO_READABLE or not facts.certain:
        return
    expected = "或".join(_SHOWN.get(form, form) for form in accepted)
    if facts.kind is FileKind.STRICT_DOCX:
        yield Fault(facts.trouble, "", expected, facts.kind.value, status=Status.UNCHECKED)
    elif _FORMAT_OF.get(facts.kind) not in accepted:
        message, advice = _explain(facts, expected)
        yield Fault(message, advice, expected, facts.kind.value)


def accepted_formats(context: Context) -> tuple[str, ...]:
    """The formats the notice accepts for the category, text first."""
    demands = (context.category.text, context.category.video)
    return tuple(form for demand in demands if demand is not None for form in demand.formats)


def _explain(facts: FileFacts, expected: str) -> tuple[str, str]:
    if facts.kind in _TEMPLATES:
        return "这是 Word 模板文件（.dotx），不是文档。", "请用 Word 打开后“另存为 .docx”再发给我。"
    if facts.video is not None or facts.kind in {FileKind.MP4, FileKind.MOV, FileKind.OTHER_VIDEO}:
        return f"这是视频文件，这一类要交的是{expected}。", "请先发案例的 Word 文件；视频可以作为支撑材料再补交。"
    if facts.word is not None:
        return f"这是 Word 文档，这一类要交的是{expected}。", "请改发要求的格式。"
    found, _, advice = facts.trouble.partition("。")
    return f"{found}。", advice


RULE = Rule("F01", "file.kind", "文件类型", Subject.FILE, NoParams, check, documentation=__doc__)
