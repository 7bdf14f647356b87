"""The package of a report: names that Windows takes, the right bytes, opened by zipfile, unzip and 7-Zip."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from documents.report_package import INDEX, SUMS, SpoiltFileError, entries, package_blocks, write_package
from documents.windows_names import Folder, windows_name
from domain.notice import Notice
from domain.notice_loader import load_notice
from domain.report_content import ReportContent, ReportedFile
from domain.summary import SummaryRow, SummarySheet

PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"
AT = datetime(2023, 5, 18, 10, 0)  # noqa: DTZ001 - local, as a ZIP shows it
BYTES = {"正文": b"PK word", "视频": bytes(range(256)) * 9000, "图": b"\x89PNG", "空": b""}
HASHES = {hashlib.sha256(data).hexdigest(): data for data in BYTES.values()}
FORBIDDEN = set('<>:"/\\|?*')
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def file(receipt: str, what: str, name: str, *, number: int = 1, supporting: bool = False) -> ReportedFile:
    data = BYTES[what]
    return ReportedFile(receipt, supporting, number, name, hashlib.sha256(data).hexdigest(), len(data))


ROWS = (
    SummaryRow(1, "A1-1", "A1", "智慧课堂：“三个课堂”/应用?", "张老师", "利川市教育局", "13800000000"),
    SummaryRow(2, "B1-2", "B1", "CON", "李老师", "某中学", ""),
    SummaryRow(3, "B1-3", "B1", "很长的题目" * 40 + "...", "王老师", "某小学", ""),
    SummaryRow(4, "C-4", "C", "我们的空间故事", "赵老师", "某小学", ""),
)
FILES = (
    file("A1-1", "正文", "案例.docx"),
    file("A1-1", "图", "照片.PNG", number=1, supporting=True),
    file("A1-1", "空", "照片.png", number=2, supporting=True),
    file("A1-1", "图", "../../etc/passwd", number=3, supporting=True),
    file("B1-2", "正文", "nul.docx"),
    file("B1-3", "正文", "长" * 300 + ".docx"),
    file("C-4", "视频", "空间故事\u202e4pm.mp4. "),
)
CONTENT = ReportContent(SummarySheet("利川市", "李主任", "", ROWS), FILES)


@pytest.fixture(scope="module")
def notice() -> Notice:
    return load_notice(PACK)


@contextmanager
def stored(sha256: str) -> Iterator[BinaryIO]:
    yield io.BytesIO(HASHES[sha256])


class Once:
    """Takes bytes like a socket: nobody can go back in it or ask where it is."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, block: bytes) -> None:
        self.data += block


@pytest.fixture(scope="module")
def package(notice: Notice) -> bytes:
    sink = Once()
    write_package(sink, notice, CONTENT, stored, AT)
    return bytes(sink.data)


def test_it_holds_every_file_by_category_with_its_bytes(notice: Notice, package: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.testzip() is None
        for entry in entries(notice, CONTENT):
            assert opened.read(entry.path) == HASHES[entry.file.sha256]
        names = opened.namelist()
        assert all(info.flag_bits & 0x800 for info in opened.infolist() if not info.filename.isascii())
        assert {info.date_time for info in opened.infolist()} == {(2023, 5, 18, 10, 0, 0)}
    assert names[:2] == ["利川市县市推报案例汇总表.docx", INDEX]
    assert names[2] == "A1 区域案例/01 智慧课堂：“三个课堂”_应用_/案例.docx"
    assert names[3:6] == [
        f"A1 区域案例/01 智慧课堂：“三个课堂”_应用_/支撑材料/{name}"
        for name in ("照片.PNG", "照片（2）.png", "_.._etc_passwd")
    ]
    assert names[6] == "B1 学校案例/02 CON/_nul.docx"
    assert names[8] == "C “网络学习空间”主题应用案例/04 我们的空间故事/空间故事4pm.mp4"
    assert names[-1] == SUMS


def test_table_index_and_sums_tell_the_same(notice: Notice, package: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        document = Document(opened.open("利川市县市推报案例汇总表.docx"))
        titles = [row.cells[2].text for row in document.tables[0].rows][1:]
        sheet = load_workbook(opened.open(INDEX)).active
        lines = opened.read(SUMS).decode().splitlines()
        sums = dict(reversed(line.split("  ", 1)) for line in lines)
        assert {path: hashlib.sha256(opened.read(path)).hexdigest() for path in sums} == sums
        assert {*sums, SUMS} == set(opened.namelist())
    assert titles == [row.title for row in ROWS]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[7] for row in rows[1:]] == [entry.path for entry in entries(notice, CONTENT)]
    assert [(row[0], row[6], row[9], row[10]) for row in rows[1:]] == [
        (entry.number, entry.row.receipt, entry.file.size, entry.file.sha256) for entry in entries(notice, CONTENT)
    ]


@pytest.mark.parametrize("program", ["unzip", "7z"])
def test_other_programs_unpack_the_same(notice: Notice, package: bytes, tmp_path: Path, program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is missing: apt-get install unzip p7zip-full")
    (tmp_path / "材料.zip").write_bytes(package)
    folder = tmp_path / "out"
    commands = {"unzip": ["unzip", "-q", "-d", str(folder)], "7z": ["7z", "x", "-bd", f"-o{folder}"]}
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    subprocess.run([*commands[program], str(tmp_path / "材料.zip")], check=True, capture_output=True, env=environment)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == set(zipfile.ZipFile(io.BytesIO(package)).namelist())
    for entry in entries(notice, CONTENT):
        assert (folder / entry.path).read_bytes() == HASHES[entry.file.sha256]


def test_a_spoilt_file_spoils_the_package(notice: Notice) -> None:
    @contextmanager
    def other(_sha256: str) -> Iterator[BinaryIO]:
        yield io.BytesIO(b"something else")

    with pytest.raises(SpoiltFileError):
        write_package(Once(), notice, CONTENT, other, AT)


@given(st.text(max_size=300), st.integers(20, 80))
def test_any_name_becomes_one_that_windows_takes(name: str, most: int) -> None:
    made = windows_name(name, "未命名", most)
    assert made
    assert not FORBIDDEN & set(made)
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in made)
    assert made == made.strip(" .")
    assert len(made.encode("utf-16-le")) // 2 <= most + 1
    assert PurePosixPath(made).name == made
    assert made.split(".")[0].strip().casefold() not in RESERVED


@given(st.lists(st.sampled_from(["a.txt", "A.txt", "ａ.txt", "b", "a（2）.txt"]), max_size=12))
def test_no_two_names_of_a_folder_are_one_on_windows(names: list[str]) -> None:
    folder = Folder()
    taken = [unicodedata.normalize("NFKC", folder.take(name)).casefold() for name in names]
    assert len(set(taken)) == len(taken)


def test_a_film_of_any_length_is_never_whole_in_memory(notice: Notice) -> None:
    """Blocks leave as they are read: how many there are tells the length of the film, how long they are does not."""
    size, made = 64 << 20, []

    class Film(io.RawIOBase):
        left = size

        def readable(self) -> bool:
            return True

        def read(self, most: int = -1) -> bytes:
            assert 0 < most <= 4 << 20
            taken = min(most, self.left)
            self.left -= taken
            made.append(taken)
            return bytes(taken)

    @contextmanager
    def opened(_sha256: str) -> Iterator[BinaryIO]:
        yield Film()  # type: ignore[misc]

    digest = hashlib.sha256()
    for _ in range(size >> 20):
        digest.update(bytes(1 << 20))
    film = ReportedFile("C-4", False, 1, "课堂实录.mp4", digest.hexdigest(), size)
    content = ReportContent(CONTENT.sheet, (film,))
    longest, held = 0, 0
    for block in package_blocks(notice, content, opened, AT):
        longest, held = max(longest, len(block)), held + len(block)
    assert sum(made) == size
    assert longest < 3 << 20
    assert held > 0
