"""Checking a Word file: the whole of it in the sandbox, against merely opening it with python-docx."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from docx import Document
from measure import compare

from domain.notice_loader import load_notice
from validators import judge
from validators.sandbox import Sandbox

ROUNDS = 15
SENTENCE = "学校利用平台开展教学应用，教师按照数据调整课堂安排，学生在空间里完成作业并互相评价。"


def document(paragraphs: int) -> bytes:
    """A Word file with so many paragraphs of 41 字."""
    made = Document()
    for _ in range(paragraphs):
        made.add_paragraph(SENTENCE)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def main() -> None:
    """Print one line for each size."""
    notice = load_notice(Path(__file__).resolve().parent.parent / "notices" / "enshi-2023-05")
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        for paragraphs in (100, 1000):
            path = Path(folder) / f"{paragraphs}.docx"
            path.write_bytes(document(paragraphs))

            def ours(path: Path = path) -> object:
                facts = sandbox.read(path, path.name)
                return judge(facts, notice.category("B1"), notice)

            def peer(path: Path = path) -> object:
                return [paragraph.text for paragraph in Document(str(path)).paragraphs]

            compare(f"read and judge, {paragraphs} paragraphs", ours, peer, "python-docx, texts only", ROUNDS)


if __name__ == "__main__":
    main()
