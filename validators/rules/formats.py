"""What kinds of file a category accepts, and how kinds are called in Chinese."""

from __future__ import annotations

from validators.facts import FileKind
from validators.rules.contract import Context

FORMAT_OF = {
    FileKind.DOCX: "docx",
    FileKind.DOCM: "docx",
    FileKind.STRICT_DOCX: "docx",
    FileKind.MP4: "mp4",
    FileKind.MOV: "mp4",
    FileKind.OTHER_VIDEO: "mp4",
}
FORMAT_NAMES = {"docx": "Word 文档（.docx）", "mp4": "MP4 视频（.mp4）"}
KIND_NAMES: dict[FileKind, str] = {
    FileKind.DOCX: "Word 文档",
    FileKind.DOCM: "含宏的 Word 文档（.docm）",
    FileKind.DOTX: "Word 模板（.dotx）",
    FileKind.DOTM: "含宏的 Word 模板（.dotm）",
    FileKind.STRICT_DOCX: "Strict Open XML 格式的 Word 文档",
    FileKind.ENCRYPTED: "加密的文件",
    FileKind.DOC: "旧版 Word 文档（.doc）",
    FileKind.OLE_OTHER: "旧版 Office 文件",
    FileKind.EXCEL: "Excel 表格",
    FileKind.POWERPOINT: "PPT 演示文稿",
    FileKind.ODT: "OpenDocument 文档（.odt）",
    FileKind.ODF_OTHER: "OpenDocument 文件",
    FileKind.RTF: "RTF 文件",
    FileKind.HTML: "网页文件",
    FileKind.MHTML: "网页归档文件",
    FileKind.WORD_XML: "Word 的 XML 文件",
    FileKind.XML: "XML 文件",
    FileKind.PDF: "PDF 文件",
    FileKind.ZIP: "压缩包",
    FileKind.BROKEN_ZIP: "不完整的压缩结构",
    FileKind.ARCHIVE: "压缩包",
    FileKind.IMAGE: "图片",
    FileKind.MP4: "MP4 视频",
    FileKind.MOV: "MOV 视频",
    FileKind.OTHER_VIDEO: "其他格式的视频",
    FileKind.AUDIO: "音频文件",
    FileKind.TEXT: "文本文件",
    FileKind.LOCK_FILE: "Word 的临时文件",
    FileKind.EMPTY: "空文件",
    FileKind.UNKNOWN: "认不出的文件",
}
# Files whose kind could not be told, or which are the right kind but broken, say nothing about what was meant.
_TELLS_NOTHING = frozenset({FileKind.BROKEN_ZIP, FileKind.EMPTY, FileKind.ENCRYPTED})


def accepted_formats(context: Context) -> tuple[str, ...]:
    """The formats the notice accepts for the category, text first."""
    demands = (context.category.text, context.category.video)
    return tuple(form for demand in demands if demand is not None for form in demand.formats)


def is_refused(kind: FileKind, context: Context) -> bool:
    """Whether this kind is certainly another one than the category accepts."""
    return kind not in _TELLS_NOTHING and FORMAT_OF.get(kind) not in accepted_formats(context)
