"""Paths in a ZIP as coordinators write them: which category, school and teacher they tell."""

from __future__ import annotations

import pytest

from handlers.casework.deputing import Whose, whose_said
from handlers.casework.matching import Told, told_by

CODES = ["B1", "B2", "C"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("B1_利川市都亭小学_赵敏/智慧课堂.docx", Told("B1", "利川市都亭小学", "赵敏")),
        ("案例/b2-谋道镇长坪小学-孙悦-作业设计.docx", Told("B2", "谋道镇长坪小学", "孙悦")),
        ("C类/思源实验学校/冉明老师.mp4", Told("C", "思源实验学校", "冉明")),
        ("利川一中（B1）智慧课堂.docx", Told("B1", "利川一中", None)),
        ("终稿.docx", Told(None, None, None)),
        ("ABC1/案例B12.docx", Told(None, None, None)),
        ("欧阳娜的空间.docx", Told(None, None, None)),
        ("老城学堂/欧阳娜.docx", Told(None, "老城学堂", "欧阳娜")),
    ],
)
def test_a_path_tells_what_stands_in_it(path: str, told: Told) -> None:
    assert told_by(path, CODES, {"利川一中", "老城学堂"}, {"欧阳娜"}) == told


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ("利川一中 张三", Whose("利川一中", "张三")),
        ("张三 利川一中", Whose("利川一中", "张三")),
        ("利川市民族中学，李四老师，138 0000 1234", None),
        ("利川市民族中学，李四老师，13800001234", Whose("利川市民族中学", "李四", "13800001234")),
        ("思源实验学校", Whose("思源实验学校", None)),
        ("张三", Whose(None, "张三")),
        ("我们 大家 一起", None),
        ("", None),
    ],
)
def test_for_whom_is_told_in_any_order(said: str, whose: Whose | None) -> None:
    assert whose_said(said) == whose
