"""One helpful sentence for each kind of file that is not read: what it is, and what to do about it."""

from __future__ import annotations

from validators.facts import FileKind

_SAVE_AS = "请在 Word 或 WPS 里“另存为 .docx”再发给我，原文件不会受影响。"

NOT_READ: dict[FileKind, str] = {
    FileKind.STRICT_DOCX: (
        "这份文件用的是“Strict Open XML”格式，我读不出来。请在 Word 里“另存为”时选普通的“Word 文档 (*.docx)”。"
    ),
    FileKind.ENCRYPTED: "这份文件加了打开密码，我打不开。请在 Word 或 WPS 里取消密码，保存后再发给我。",
    FileKind.DOC: f"这是旧版 .doc（或 WPS 文字 .wps）文件，我打不开。{_SAVE_AS}",
    FileKind.OLE_OTHER: f"这是旧版 Office 格式的文件，不是 .docx，我打不开。{_SAVE_AS}",
    FileKind.EXCEL: "这是 Excel 表格，不是 Word 文档。请发案例的 Word 文件（.docx）。",
    FileKind.POWERPOINT: "这是 PPT 演示文稿，不是 Word 文档。请发案例的 Word 文件（.docx）。",
    FileKind.ODT: f"这是 OpenDocument（.odt）文件，不是 Word 的 .docx。{_SAVE_AS}",
    FileKind.ODF_OTHER: "这是 OpenDocument 格式的文件，不是 Word 文档。请发案例的 Word 文件（.docx）。",
    FileKind.RTF: f"这是 RTF 文件，不是 .docx。{_SAVE_AS}",
    FileKind.HTML: f"这是网页（HTML）文件，不是 .docx。{_SAVE_AS}",
    FileKind.MHTML: f"这是网页归档（.mht）文件，不是 .docx。{_SAVE_AS}",
    FileKind.WORD_XML: f"这是 Word 的 XML 格式文件，不是 .docx。{_SAVE_AS}",
    FileKind.XML: "这是 XML 文件，不是 Word 文档。请发案例的 Word 文件（.docx）。",
    FileKind.PDF: (
        "这是 PDF 文件，我要的是 Word 文档。请发 PDF 之前的那份 .docx；如果只有 PDF，请先用 Word 或 WPS 转成 .docx。"
    ),
    FileKind.ZIP: "这是压缩包，不是 Word 文档。请解压后，把里面的 .docx 单独发给我。",
    FileKind.ARCHIVE: "这是压缩包，不是 Word 文档。请解压后，把里面的 .docx 单独发给我。",
    FileKind.IMAGE: "这是图片，不是 Word 文档。请把图片插入案例的 Word 文件，再把 .docx 发给我。",
    FileKind.AUDIO: "这是音频文件，里面没有画面。请发 Word 文档（.docx）或 MP4 视频。",
    FileKind.TEXT: "这是纯文本文件，不是 Word 文档。请把内容放进 Word，按要求排版后“另存为 .docx”再发给我。",
    FileKind.LOCK_FILE: (
        "这是 Word 打开文档时产生的临时文件（文件名以 ~$ 开头），不是文档本身。请发同名但不带 ~$ 的那个文件。"
    ),
    FileKind.EMPTY: "收到的文件是空的（0 字节），可能没有传完。请确认原文件能打开，再重新发送。",
    FileKind.UNKNOWN: "认不出这是什么文件。请发 Word 文档（.docx）或 MP4 视频。",
}
