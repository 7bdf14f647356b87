"""Names of copies are ours, whatever the original was called."""

from __future__ import annotations

import pytest

from documents.naming import copy_name


@pytest.mark.parametrize(
    ("original", "name"),
    [
        ("智慧课堂案例.docx", "智慧课堂案例（批注版）.docx"),
        ("无扩展名", "无扩展名（批注版）.docx"),
        ("v1.2版.DOCX", "v1.2版（批注版）.docx"),
        ("../../etc/passwd", "passwd（批注版）.docx"),
        ("C:\\用户\\a.docx", "a（批注版）.docx"),
        ('a:b*c?"<d>|.docx', "a_b_c___d__（批注版）.docx"),
        ("\u202excod.exe\x00\n.docx", "xcod.exe（批注版）.docx"),
        ("~$锁.docx", "锁（批注版）.docx"),
        (".docx", "未命名（批注版）.docx"),
        ("..", "未命名（批注版）.docx"),
        ("", "未命名（批注版）.docx"),
        ("\ud800.docx", "未命名（批注版）.docx"),
    ],
)
def test_only_a_name_is_left(original, name):
    assert copy_name(original, "批注版") == name


def test_a_long_name_still_fits():
    name = copy_name("长" * 300 + ".docx", "自动排版版", 12)
    assert len(name.encode()) < 255
    assert name.endswith("长（自动排版版 12）.docx")
