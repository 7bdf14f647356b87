"""The materials of a unit's report as one ZIP: folders by category, the summary table, index.xlsx and SHA256SUMS.txt.

It is written as a stream, so that no package is too large for memory or for a second place on the disk. Every entry is
deflated: entries that are stored plainly cannot be read from a stream whose sizes stand behind them.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from documents.summary_table import summary_table
from documents.windows_names import Folder, windows_name
from documents.workbook import add_sheet, cell, new_workbook
from domain.notice import Notice
from domain.report_content import ReportContent, ReportedFile
from domain.summary import SummaryRow

INDEX, SUMS = "index.xlsx", "SHA256SUMS.txt"
SUPPORTING = "支撑材料"
_INDEX_COLUMNS = {"序号": 6, "案例类型": 10, "案例名称": 40, "联系人": 12, "所在单位": 30, "联系电话": 16, "回执": 18}
_FILE_COLUMNS = {"文件": 60, "原文件名": 40, "大小（字节）": 14, "SHA-256": 68}
# Three folders and a name: far below the 260 signs of a path on Windows, wherever it is unpacked.
_MOST_FOLDER, _MOST_FILE = 50, 70
_CHUNK = 1024 * 1024
_LEVEL = 1  # Word files, pictures and videos hardly shrink any more
_READABLE = 0o644 << 16
_UNNAMED = "未命名"

Open = Callable[[str], AbstractContextManager[BinaryIO]]


class Sink(Protocol):
    """Takes the bytes of the package one after the other."""

    def write(self, block: bytes, /) -> object:
        """Append."""


class SpoiltFileError(RuntimeError):
    """A stored file is no longer what was reported."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A reported file and where it lies in the package."""

    path: str
    row: SummaryRow
    number: int
    file: ReportedFile


@dataclass(frozen=True, slots=True)
class _Sum:
    path: str
    sha256: str


def entries(notice: Notice, content: ReportContent) -> tuple[Entry, ...]:
    """Every reported file with its path: category / number and title / name, supporting files in a folder of theirs."""
    groups = {each.code: f"{each.code} {each.group}" for each in notice.categories}
    return tuple(
        entry
        for number, row in enumerate(content.sheet.rows, start=1)
        for entry in _of_case(groups.get(row.category, row.category), number, row, content)
    )


def write_package(target: Sink, notice: Notice, content: ReportContent, open_file: Open, at: datetime) -> None:
    """Write the ZIP. `open_file` opens the bytes of a hash, `at` is the local time of the report, shown as every
    file's date. Raises SpoiltFileError, and what `open_file` raises."""
    for block in package_blocks(notice, content, open_file, at):
        target.write(block)


def package_blocks(notice: Notice, content: ReportContent, open_file: Open, at: datetime) -> Iterator[bytes]:
    """The same, block by block, as they are asked for."""
    made = entries(notice, content)
    table = f"{windows_name(content.sheet.unit + notice.summary_table.title, _UNNAMED, _MOST_FILE)}.docx"
    sums, stream = [], _Stream()
    with zipfile.ZipFile(
        stream,  # type: ignore[call-overload]
        "w",
        zipfile.ZIP_DEFLATED,
        compresslevel=_LEVEL,
    ) as package:
        for path, data in ((table, summary_table(notice, content.sheet)), (INDEX, _index(made))):
            sums.append((yield from _write(package, stream, _info(path, at, len(data)), io.BytesIO(data))))
        for entry in made:
            with open_file(entry.file.sha256) as source:
                written = yield from _write(package, stream, _info(entry.path, at, entry.file.size), source)
            if written.sha256 != entry.file.sha256:
                raise SpoiltFileError(entry.file.sha256)
            sums.append(written)
        listed = "".join(f"{each.sha256}  {each.path}\n" for each in sums).encode()
        yield from _write(package, stream, _info(SUMS, at, len(listed)), io.BytesIO(listed))
    yield stream.take()


def _of_case(category: str, number: int, row: SummaryRow, content: ReportContent) -> Iterator[Entry]:
    top = windows_name(category, _UNNAMED, _MOST_FOLDER)
    own = windows_name(f"{number:02d} {row.title}", _UNNAMED, _MOST_FOLDER).strip(" .")
    main, supporting = Folder(), Folder()
    main.take(SUPPORTING)
    for file in content.of(row.receipt):
        name = windows_name(file.name, _UNNAMED, _MOST_FILE)
        if file.supporting:
            path = f"{top}/{own}/{SUPPORTING}/{supporting.take(name)}"
        else:
            path = f"{top}/{own}/{main.take(name)}"
        yield Entry(path, row, number, file)


def _index(made: tuple[Entry, ...]) -> bytes:
    book = new_workbook()
    sheet = add_sheet(book, "目录", _INDEX_COLUMNS | _FILE_COLUMNS)
    for entry in made:
        row, file = entry.row, entry.file
        case = (entry.number, row.category, row.title, row.contact, row.school, row.phone, row.receipt)
        sheet.append([cell(sheet, value) for value in (*case, entry.path, file.name, file.size, file.sha256)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _info(path: str, at: datetime, size: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, at.timetuple()[:6])
    info.compress_type, info.external_attr, info.file_size = zipfile.ZIP_DEFLATED, _READABLE, size
    info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public name for it
    return info


def _write(
    package: zipfile.ZipFile, stream: _Stream, info: zipfile.ZipInfo, source: BinaryIO
) -> Generator[bytes, None, _Sum]:
    digest = hashlib.sha256()
    with package.open(info, "w") as entry:
        while block := source.read(_CHUNK):
            digest.update(block)
            entry.write(block)
            if stream.size >= _CHUNK:
                yield stream.take()
    return _Sum(info.filename, digest.hexdigest())


class _Stream:
    """What zipfile wants of a file that cannot be gone back in: what it has written waits here to be taken."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self.size = 0

    def write(self, block: bytes) -> int:
        self._written.append(bytes(block))
        self.size += len(block)
        return len(block)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        """Everything written since the last time."""
        taken = b"".join(self._written)
        self._written, self.size = [], 0
        return taken
