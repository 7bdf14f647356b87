"""How far a check is, in the words of the readers' own stages."""

from __future__ import annotations

import io

import pytest
from word_builder import docx, paragraph

from bot.stages import COPYING, show_stage
from validators.reading.file import read_file


@pytest.mark.parametrize(
    ("stage", "shown"),
    [
        ("文件", "文件"),
        ("正文", "2/5 正文"),
        (COPYING, "5/5 批注版和自动排版版"),
        ("画面", "2/2 画面"),
        ("新的", "新的"),
    ],
)
def test_stages_are_numbered(stage, shown):
    assert show_stage(stage) == shown


def test_every_stage_of_the_reader_has_its_number():
    stages = []
    read_file(io.BytesIO(docx(paragraph("文"))), "a.docx", stages.append)
    assert [show_stage(stage)[:3] for stage in stages[1:]] == ["2/5", "3/5", "4/5"]
