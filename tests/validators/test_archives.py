"""ZIPs of cases: names as people wrote them, and nothing that a hostile ZIP asks for."""

from __future__ import annotations

import io
import zipfile

import pytest

from validators.reading import archive
from validators.reading.archive import unpack


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files:
            packed.writestr(name, content)
    stream.seek(0)
    return stream


def as_bytes_named(raw: bytes, content: bytes = b"x") -> io.BytesIO:
    """A ZIP whose only file has this name in bytes, without saying in which encoding."""
    stand_in = b"#" * len(raw)
    return io.BytesIO(zipped((stand_in.decode(), content)).getvalue().replace(stand_in, raw))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_are_read_as_they_were_written(encoding: str) -> None:
    listing, data = unpack(as_bytes_named("利川一中/案例.docx".encode(encoding), b"content"))
    (file,) = listing.files
    assert (file.path, file.size, data) == ("利川一中/案例.docx", 7, b"content")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("../../etc/案例.docx", "etc/案例.docx"),
        ("/案例.docx", "案例.docx"),
        ("C:\\案例\\一.docx", "案例/一.docx"),
        ("a/./b//案例.docx", "a/b/案例.docx"),
        ("案例\u202excod.exe", "案例xcod.exe"),
    ],
)
def test_no_name_leads_anywhere(written: str, shown: str) -> None:
    listing, _ = unpack(zipped((written, b"x")))
    assert [file.path for file in listing.files] == [shown]


def test_what_computers_add_is_passed_over() -> None:
    files = ("__MACOSX/._a.docx", "x/.DS_Store", "Thumbs.db", "~$案例.docx", "案例.docx")
    listing, _ = unpack(zipped(*((name, b"x") for name in files)))
    assert [file.path for file in listing.files] == ["案例.docx"]
    assert listing.passed_over == 4


def test_one_bad_file_does_not_spoil_the_others() -> None:
    stream = zipped(("a.docx", b"first" * 100), ("inner.zip", b"PK"), ("b.docx", b"second"))
    listing, data = unpack(stream)
    assert [bool(file.trouble) for file in listing.files] == [False, True, False]
    first, nested, last = listing.files
    assert nested.trouble == archive.NESTED
    assert data[first.start : first.start + first.size] == b"first" * 100
    assert data[last.start : last.start + last.size] == b"second"


def test_damaged_bytes_are_said_of_the_file_alone() -> None:
    raw = bytearray(zipped(("a.docx", b"abc" * 1000), ("b.docx", b"fine")).getvalue())
    raw[40] ^= 0xFF  # in the packed bytes of the first file
    listing, data = unpack(io.BytesIO(bytes(raw)))
    assert [file.trouble for file in listing.files] == [archive.DAMAGED, ""]
    assert data == b"fine"


def test_encrypted_files_are_named() -> None:
    raw = bytearray(zipped(("a.docx", b"abc")).getvalue())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    listing, data = unpack(io.BytesIO(bytes(raw)))
    assert [file.trouble for file in listing.files] == [archive.ENCRYPTED]
    assert data == b""


def test_a_bomb_is_not_opened() -> None:
    listing, data = unpack(zipped(("bomb.docx", bytes(40 * 1024 * 1024))))
    assert [file.trouble for file in listing.files] == [archive.BOMB]
    assert data == b""


def test_all_files_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1000)
    listing, data = unpack(zipped(("a.docx", bytes(range(200)) * 4), ("b.docx", bytes(range(200)) * 4)))
    assert [file.trouble for file in listing.files] == ["", archive.TOO_LARGE]
    assert len(data) == 800


@pytest.mark.parametrize(
    ("file", "refused"),
    [
        (io.BytesIO(b"PK\x03\x04 and no more"), archive.BROKEN),
        (zipped(), archive.NOTHING),
        (zipped(*((f"{number}.docx", b"") for number in range(101))), archive.TOO_MANY),
    ],
    ids=["broken", "empty", "too many"],
)
def test_whole_zips_that_are_refused(file: io.BytesIO, refused: str) -> None:
    assert unpack(file)[0].refused == refused
