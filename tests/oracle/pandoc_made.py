"""Files by pandoc, from Markdown: with its own reference document and with one whose styles were dressed."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from case_text import INFO, ROLES, after, before
from docx import Document
from docx.oxml.ns import qn
from python_docx_made import ALIGNMENTS, dress, saved

DRESSED = {
    "Title": "title",
    "Subtitle": "subtitle",
    "Heading 1": "h1",
    "Heading 2": "h2",
    "Body Text": "body",
    "First Paragraph": "body",
    "Compact": "cell",
}


def available() -> bool:
    return shutil.which("pandoc") is not None


def markdown(*, table: bool = True, fancy: bool = False) -> str:
    title, subtitle = before()
    lines = [f"---\ntitle: {title.text}\nsubtitle: {subtitle.text}\n---"]
    if table:
        lines.append("| 项目 | 内容 |\n|---|---|\n" + "\n".join(f"| {name} | {text} |" for name, text in INFO))
    lines += [{"h1": "# ", "h2": "## "}.get(block.role, "") + block.text for block in after()]
    if fancy:
        lines += [
            "1. 第一条办法\n2. 第二条办法\n\n- 并列的一点\n- 并列的另一点",
            "> 引用的一段话，来自一位教师。",
            "正文里有**重点**、*强调*、`code与代码`和[链接文字](https://example.org)。[^1]",
            "[^1]: 脚注说明了数据的来源。",
            '::: {custom-style="特别段落"}\n自定样式里的一段。\n:::',
            '句中有[自定的字]{custom-style="特别文字"}。',
        ]
    return "\n\n".join(lines)


def dressed_reference(plain: bytes) -> bytes:
    """pandoc's own reference document with the roles' looks in its styles."""
    document = Document(io.BytesIO(plain))
    by_name = {style.element.find(qn("w:name")).get(qn("w:val")): style for style in document.styles}
    for name, role in DRESSED.items():
        font, points, alignment = ROLES[role]
        style: Any = by_name[name]
        dress(style.element.get_or_add_rPr(), font, points)
        style.paragraph_format.alignment = ALIGNMENTS[alignment]
    return saved(document)


def _run(folder: Path, text: str, *options: str) -> bytes:
    target = folder / "out.docx"
    command = ["pandoc", "-f", "markdown", *options, "-o", str(target)]
    subprocess.run(command, input=text.encode(), check=True)
    return target.read_bytes()


def made(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each."""
    plain = subprocess.run(
        ["pandoc", "--print-default-data-file", "reference.docx"], check=True, capture_output=True
    ).stdout
    reference = folder / "reference.docx"
    reference.write_bytes(dressed_reference(plain))
    own = ("--reference-doc", str(reference))
    yield "plain", _run(folder, markdown())
    yield "dressed", _run(folder, markdown(), *own)
    yield "dressed-fancy", _run(folder, markdown(fancy=True), *own)
    yield "plain-fancy", _run(folder, markdown(table=False, fancy=True))
    yield "dressed-contents", _run(folder, markdown(), *own, "--toc", "--number-sections")
    yield "dressed-no-table", _run(folder, markdown(table=False), *own)
