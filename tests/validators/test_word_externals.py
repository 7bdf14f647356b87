"""What a file takes from outside itself, and what changes it still carries."""

from __future__ import annotations

import pytest
from reading_of import word_of
from word_builder import docx, paragraph, part, relationship, run

LINKS = {
    "a picture on a server": ("image", "http://198.51.100.7/a.png", "链接的图片"),
    "a picture on a disk": ("image", "file:///D:/a.png", "链接的图片"),
    "a picture beside the file": ("image", "a.png", "链接的图片"),
    "an object on a disk": ("oleObject", "file:///C:\\a.xlsx", "链接的对象"),
    "a template on a share": ("attachedTemplate", "file:///\\\\server\\a.dotm", "附加的模板"),
    "a template on this disk": ("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm", ""),
    "a web page": ("hyperlink", "https://www.example.edu.cn/", ""),
    "a mail address": ("hyperlink", "mailto:a@example.edu.cn", ""),
    "a link to a share": ("hyperlink", "\\\\server\\a.docx", "指向共享文件夹的链接"),
    "a link to a disk": ("hyperlink", "file:///C:\\a.docx", ""),
    "something else on a server": ("subDoc", "http://198.51.100.7/a", "外部内容"),
}


@pytest.mark.parametrize(("kind", "target", "what"), LINKS.values(), ids=LINKS)
def test_links(kind, target, what):
    found = word_of(docx(paragraph("字"), links=(relationship("rId9", kind, target, external=True),))).externals
    assert [item.what for item in found] == ([what] if what else [])


def _field(code: str) -> str:
    marks = [f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "separate", "end")]
    half = len(code) // 2
    pieces = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in (code[:half], code[half:]))
    return paragraph(runs=marks[0] + pieces + marks[1] + run("字") + marks[2])


FIELDS = {
    'INCLUDEPICTURE "http://198.51.100.7/a.png" \\* MERGEFORMAT': ["域引用的图片"],
    'INCLUDEPICTURE "C:\\\\Temp\\\\a.png" \\* MERGEFORMATINET': [],
    "DDEAUTO c:\\\\a.exe b": ["动态数据链接（DDE）"],
    "HYPERLINK http://198.51.100.7/": [],
    "PAGE": [],
}


@pytest.mark.parametrize(("code", "what"), FIELDS.items(), ids=FIELDS)
def test_field_codes(code, what):
    assert [item.what for item in word_of(docx(_field(code))).externals] == what


CHANGES = {
    "text": "<w:ins w:id='1'><w:r><w:t>新</w:t></w:r></w:ins><w:del w:id='2'/>",
    "look": run("字", "<w:b/><w:rPrChange w:id='1'><w:rPr/></w:rPrChange>")
    + run("字", "<w:i/><w:rPrChange w:id='2'><w:rPr/></w:rPrChange>"),
}
REFERENCE = "<w:r><w:footnoteReference w:id='5'/></w:r>"
DELETED = paragraph(runs="<w:del w:id='3'/>")


@pytest.mark.parametrize("runs", CHANGES.values(), ids=CHANGES)
def test_changes_of_text_and_look_are_counted(runs):
    assert word_of(docx(paragraph(runs=runs))).tracked_changes == 2


def test_changes_in_notes_are_counted():
    notes = part("footnotes", f"<w:footnote w:id='5'>{DELETED}</w:footnote>")
    assert word_of(docx(paragraph(runs=REFERENCE), extra={"footnotes": notes})).tracked_changes == 1
