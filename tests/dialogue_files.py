"""Files that people send in the dialogues, made when they are needed, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache

from docx.shared import Cm
from word_files import add_heading, add_title, new_document

from validators.facts import FileFacts, FileKind, Trouble, VideoFacts

_SENTENCE = "学校依托智慧教育平台开展教学，教师按数据调整课堂安排，学生在空间里完成作业并互相评价。"
_HEADINGS = (
    "一、案例概述",
    "二、案例实施与成效",
    "（一）实施背景",
    "（二）实施方案",
    "（三）实施效果",
    "三、案例特点与创新",
)
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


@cache
def case_docx(
    title: str,
    words: int,
    *,
    sections: bool = True,
    picture: bool = False,
    modified: datetime | None = None,
    font: str = "仿宋",
) -> bytes:
    """A case of about `words` 字 on the template: main title, basic-information table, sections."""
    document = new_document(font)
    if modified is not None:
        document.core_properties.modified = modified
    add_title(document, title)
    if sections:
        values = {"案例名称": title, "实施单位": "某中学", "实施时间": "一年", "关键词": "平台", "相关网址": "无"}
        table = document.add_table(rows=0, cols=2)
        for name, value in values.items():
            cells = table.add_row().cells
            cells[0].text, cells[1].text = name, value
    headings = _HEADINGS if sections else ("开头",)
    filled = [heading for heading in headings if not heading.startswith("二、")]
    times = max(1, words // len(_SENTENCE) // len(filled))
    for heading in headings:
        add_heading(document, heading)
        for _ in range(times if heading in filled else 0):
            document.add_paragraph(_SENTENCE)
    if picture:
        document.add_picture(io.BytesIO(_PNG), width=Cm(8))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_control(case: bytes) -> bytes:
    """The case with an ActiveX control, as text copied from a web page brings along."""
    stream = io.BytesIO(case)
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("word/activeX/activeX1.xml", "<a/>")
    return stream.getvalue()


def old_doc() -> bytes:
    """The beginning of an OLE file, as old .doc files are."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def pdf() -> bytes:
    """A small PDF."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@cache
def archive(text: str = "一") -> bytes:
    """A ZIP with a text in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr(zipfile.ZipInfo("a.txt"), text)
    return stream.getvalue()


@cache
def zip_of_cases() -> bytes:
    """What a coordinator packs on Windows and a Mac: names in GBK, folders, system files, a ZIP in the ZIP."""
    return zip_as_gbk(
        {
            "利川市案例/B1_利川市都亭小学_赵敏/智慧课堂案例.docx": case_docx("都亭的智慧课堂", 4100),
            "利川市案例/B1_利川市都亭小学_赵敏/证书.png": _PNG,
            "利川市案例/B2-谋道镇长坪小学-孙悦-作业设计.docx": case_docx("长坪的作业设计", 2000),
            "利川市案例/空间故事.docx": case_docx("我们的空间故事", 4100, picture=True),
            "利川市案例/说明.txt": "说明".encode(),
            "利川市案例/更多.zip": b"PK\x03\x04",
            "__MACOSX/利川市案例/._说明.txt": b"x",
            "利川市案例/.DS_Store": b"x",
            "../../etc/坏名字.docx": b"no document",
        }
    )


def zip_as_gbk(files: Mapping[str, bytes]) -> bytes:
    """A ZIP with these files whose names are in GBK without saying so, as Windows writes them."""
    stream, names = io.BytesIO(), {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, (name, content) in enumerate(files.items()):
            raw = name.encode("gbk")
            names[f"{number:02d}".encode() + b"#" * (len(raw) - 2)] = raw
            packed.writestr(zipfile.ZipInfo(f"{number:02d}" + "#" * (len(raw) - 2)), content, zipfile.ZIP_DEFLATED)
    data = stream.getvalue()
    for stand_in, raw in names.items():
        data = data.replace(stand_in, raw)
    return data


def broken_docx() -> bytes:
    """A Word file that was cut in half."""
    whole = case_docx("断了的文件", 500)
    return whole[: len(whole) // 2]


def _csv(*lines: str) -> bytes:
    return "\r\n".join(("姓名,userid,角色,单位,学校,电话", *lines)).encode("gb18030")


@cache
def table_by_hand(*rows: tuple[str, ...]) -> bytes:
    """A summary table as somebody types it: a title, a head line, a table."""
    document = new_document("宋体")
    document.add_paragraph("县市推报案例汇总表")
    document.add_paragraph("县市/州直属学校（盖章）：利川市      县市联系人：李主任")
    table = document.add_table(rows=0, cols=6)
    for row in (("序号", "案例类型", "案 例 名 称", "联系人", "所在单位", "联系电话"), *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "good": lambda: case_docx("智慧课堂案例", 4100),
    "good-with-picture": lambda: case_docx("我们的空间故事", 4100, picture=True),
    "in-another-font": lambda: case_docx("智慧课堂案例", 4100, picture=True, font="宋体"),
    "with-a-control": lambda: with_control(case_docx("智慧课堂案例", 4100, picture=True)),
    "of-no-category": lambda: case_docx("校本研修新样态", 4100, picture=True, font="宋体"),
    "short": lambda: case_docx("智慧课堂案例", 2400),
    "short-saved-again": lambda: case_docx("智慧课堂案例", 2400, modified=datetime(2023, 5, 6, 1, 0, tzinfo=UTC)),
    "good-saved-again": lambda: case_docx("智慧课堂案例", 4100, modified=datetime(2023, 5, 7, 1, 0, tzinfo=UTC)),
    "better": lambda: case_docx("智慧课堂案例", 4300, modified=datetime(2023, 5, 8, 1, 0, tzinfo=UTC)),
    "older": lambda: case_docx("智慧课堂案例", 3900, modified=datetime(2023, 5, 1, 2, 30, tzinfo=UTC)),
    "much-too-long": lambda: case_docx("智慧课堂案例", 8000),
    "plain-with-picture": lambda: case_docx("空间里的班会课", 2000, sections=False, picture=True),
    "other": lambda: case_docx("数据驱动的作业设计", 4000),
    "lesson-plan": lambda: case_docx("一份教案", 900, sections=False),
    "table-by-hand": lambda: table_by_hand(
        ("1", "B1类", "智慧课堂 案例", "王老师", "利川市某中学", ""),
        ("3", "C", "不认识的案例", "钱老师", "某校", "13800000000"),
        ("", "", "", "", "", ""),
    ),
    "table-all-right": lambda: table_by_hand(("1", "B1", "智慧课堂案例", "王老师", "利川市某中学", "")),
    "table-empty": lambda: table_by_hand(("", "", "", "", "", "")),
    "picture": lambda: _PNG,
    "picture-2": lambda: _PNG + b"2",
    "doc": old_doc,
    "pdf": pdf,
    "zip": archive,
    "archive": lambda: archive("二"),
    "cases-zip": zip_of_cases,
    "broken": broken_docx,
    "empty": lambda: b"",
    "over-20-mb": lambda: bytes((20 << 20) + 1),
    "video": lambda: b"video",
    "small-video": lambda: b"small video",
    "endless": lambda: b"endless",
    "roster": lambda: _csv("张三,Zhang,教师,利川市,某小学,13800000000", "李四,li,协调员,利川,,", "王五,boss,管理员,,,"),
    "roster-moved": lambda: _csv("张三,zhang,协调员,恩施市,,13900001234", "王五,boss,管理员,,,"),
    "roster-faulty": lambda: _csv("张三,zhang,校长,利川市,,1", ",li,协调员,武汉市,,", "王五,LI,教师,利川市,,"),
    "roster-without-admin": lambda: _csv("张三,zhang,教师,利川市,,", "王五,boss,教师,利川市,,"),
    "prizes": "姓名,奖项\r\n张三,一等奖\r\n".encode,
}


def _video(width: int, height: int) -> VideoFacts:
    return VideoFacts(
        container="MPEG-4",
        brand="isom",
        width=width,
        height=height,
        rotated=False,
        duration_s=180.0,
        codec="AVC",
        frame_rate=25.0,
        interlaced=False,
        has_picture=True,
        has_audio=True,
        subtitles=1,
        video_tracks=1,
        truncated=False,
    )


def told_facts(file: str, name: str, size: int, sha256: str) -> FileFacts | None:
    """What a reader would say of files that are too big or too slow to be made here; None for all others."""
    if file == "endless":
        trouble = "这份文件检查了很久也没有结果，请人工确认。"
        return FileFacts(name, size, sha256, FileKind.DOCX, False, Trouble.TIMEOUT, trouble)
    sides = {"video": (1920, 1080), "small-video": (1280, 720)}.get(file)
    if sides is None:
        return None
    return FileFacts(name, size, sha256, FileKind.MP4, True, Trouble.NONE, "", video=_video(*sides))
