"""Names in Content-Disposition headers, as servers and people write them, become safe names."""

from __future__ import annotations

import io

import pytest

from bot.wecom.download import UNNAMED, FetchedMedia, PlainFile
from bot.wecom.file_name import disposition_name

NAMES = [
    (b'attachment; filename="a.docx"', "a.docx"),
    ('attachment; filename="数字校园　建设案例.docx"'.encode(), "数字校园　建设案例.docx"),
    ('attachment; filename="数字校园.docx"'.encode("gbk"), "数字校园.docx"),
    ('attachment; filename="乗積.docx"'.encode("gb18030"), "乗積.docx"),
    (b"attachment; filename*=UTF-8''%E6%A1%88%E4%BE%8B.docx", "案例.docx"),
    (b"attachment; filename=\"x.docx\"; filename*=utf-8'zh'%E6%A1%88%E4%BE%8B.docx", "案例.docx"),
    (b"attachment; filename*=GBK''%B0%B8%C0%FD.docx; filename=\"x.docx\"", "案例.docx"),
    (b"attachment; filename*=UTF-8''%FF%FE; filename=\"x.docx\"", "x.docx"),
    (b'attachment; filename="%E6%A1%88%E4%BE%8B.docx"', "案例.docx"),
    (b'attachment; filename="100%25.docx"', "100%25.docx"),
    (b"attachment; filename=a b.docx", "a b.docx"),
    (b'attachment; FileName="a\\"b\\\\c;d.docx"', "c;d.docx"),
    ('attachment; filename="😀案例👩‍🏫.docx"'.encode(), "😀案例👩‍🏫.docx"),
    ('attachment; filename="a\u202excod.exe"'.encode(), "axcod.exe"),
    (b'attachment; filename="../../etc/passwd"', "passwd"),
    (b'attachment; filename="C:\\dir\\a.docx"', "a.docx"),
    (b'attachment; filename="a\x01\x7fb.docx"', "ab.docx"),
    (b'attachment; filename="  a.docx. "', "a.docx"),
    (b'attachment; filename=".."', UNNAMED + ".pdf"),
    (b'attachment; filename=""', UNNAMED + ".pdf"),
    ('attachment; filename="\u200b\u202e"'.encode(), UNNAMED + ".pdf"),
    (b'attachment; filename=".docx"', UNNAMED + ".pdf"),
    ('attachment; filename="\u3164\u2800.docx"'.encode(), UNNAMED + ".pdf"),
    ('attachment; filename="a\u115f\uffffb.docx"'.encode(), "ab.docx"),
    ("attachment; filename=\"案例.docx\"; filename*=UTF-8''".encode(), "案例.docx"),
    (b"attachment; filename*=UTF-8''%B0%B8%C0%FD.docx", "案例.docx"),
    (b"attachment; filename*=UTF-8''%B0%B8%C0%FD.docx; filename=\"x.docx\"", "x.docx"),
    (b"attachment; filename*=UTF-8''%E6%A1%88 %E4%BE%8B.docx; size=3", "案 例.docx"),
    (b"attachment; filename*=%E6%A1%88%E4%BE%8B.docx", "案例.docx"),
    (b"attachment; filename*=\"UTF-8''%E6%A1%88%E4%BE%8B.docx\"", "案例.docx"),
    (b"attachment; filename*=UTF-8''..%2Fa%00%0D%0Ab.docx", "a  b.docx"),
    (b"attachment; filename*=x-unknown''a.docx", "a.docx"),
    (b'attachment; note="; filename=wrong.docx"; filename="a.docx"; filename="b.docx"', "a.docx"),
    (b"attachment; filename=\"a; filename*=UTF-8''b.docx\"", "a; filename*=UTF-8''b.docx"),
    (b'attachment; filename="a.docx', "a.docx"),
    (b'attachment; filename="=?UTF-8?B?5qGI5L6LLmRvY3g=?="', "案例.docx"),
    (b'attachment; filename="=?GBK?Q?=B0=B8=C0=FD.docx?="', "案例.docx"),
    (b'attachment; filename="=?nonsense?B?5qGI?="', "=?nonsense?B?5qGI?="),
    (b'attachment; filename="=?UTF-8?B?!!!?="', UNNAMED + ".pdf"),
    (b"attachment", UNNAMED + ".pdf"),
    (b"", UNNAMED + ".pdf"),
]


def finished(disposition: bytes, content: bytes = b"%PDF-1.7") -> FetchedMedia:
    """A download with this header, as HTTP libraries give it."""
    file = PlainFile(io.BytesIO(), 1000)
    file.write(content)
    return file.finished((disposition_name(disposition.decode("latin-1")),), None)


@pytest.mark.parametrize(("disposition", "name"), NAMES)
def test_names_become_safe(disposition: bytes, name: str) -> None:
    fetched = finished(disposition)
    assert fetched.name == name
    assert fetched.named is not name.startswith(UNNAMED)


def test_long_names_keep_their_suffix() -> None:
    assert finished(f'attachment; filename="{"案" * 500}.docx"'.encode()).name == "案" * 83 + ".docx"
    assert len(finished(f'attachment; filename="{"a" * 100}.{"b" * 300}"'.encode()).name) == 255
    assert len(finished(b"attachment; filename*=UTF-8''" + b"%F0%9F%98%80" * 400 + b".docx").name.encode()) <= 255


def test_a_header_of_any_length_is_read_at_once() -> None:
    for piece in (b'"', b"\\", b"; filename=", b'a="', b"=?u?b?", b"'"):
        finished(b'attachment; filename="' + piece * 20_000)
