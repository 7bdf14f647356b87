"""Fonts by name: the same, of the same design, or another."""

from __future__ import annotations

import pytest

from domain.typographic_sizes import size_words
from validators.facts import Origin, Source
from validators.fonts import Likeness, is_broken, likeness
from validators.rules.typography_words import origin
from validators.slots import Slot, slots_of

NAMES = {
    "仿宋": {
        Likeness.SAME: (
            "仿宋",
            " 仿宋 ",
            "FangSong",
            "fangsong",
            "ＦａｎｇＳｏｎｇ",
            "仿宋_GB2312",
            "仿宋＿GB2312",
            "@仿宋",
            "SimFang",
        ),
        Likeness.ALIKE: ("方正仿宋_GBK", "FZFSK--GBK1-0", "华文仿宋", "STFangsong", "汉仪仿宋简", "朱雀仿宋"),
        Likeness.OTHER: ("宋体", "新宋体", "楷体", "等线", "微软雅黑", "Times New Roman", "", "方正小标宋简体"),
    },
    "黑体": {
        Likeness.SAME: ("黑体", "SimHei", "SIMHEI"),
        Likeness.ALIKE: ("方正黑体_GBK", "方正黑体简体", "华文黑体", "STHeiti", "Adobe 黑体 Std R"),
        Likeness.OTHER: ("微软雅黑", "等线", "华文细黑", "STXihei", "思源黑体", "宋体"),
    },
    "方正小标宋简体": {
        Likeness.SAME: ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXBSJW--GB1-0"),
        Likeness.ALIKE: ("方正小标宋_GBK", "FZXiaoBiaoSong-B05", "小标宋", "方正公文小标宋"),
        Likeness.OTHER: ("华文中宋", "方正大标宋简体", "方正书宋简体", "黑体", "宋体"),
    },
    "某某手写体": {Likeness.SAME: ("某某手写体",), Likeness.OTHER: ("仿宋",)},
}
PAIRS = [(wanted, found, near) for wanted, names in NAMES.items() for near, fonts in names.items() for found in fonts]


@pytest.mark.parametrize(("wanted", "found", "near"), PAIRS)
def test_likeness(wanted, found, near):
    assert likeness(found, wanted) is near


def test_a_second_name_from_the_file_helps_an_unknown_font_only():
    names = {"?gb2312": "仿宋_GB2312", "宋体": "仿宋"}
    assert likeness("??_GB2312", "仿宋", {"??gb2312": "仿宋_GB2312"}) is Likeness.SAME
    assert likeness("宋体", "仿宋", names) is Likeness.OTHER


def test_second_names_that_lead_to_each_other_end():
    assert likeness("甲", "仿宋", {"甲": "乙", "乙": "甲"}) is Likeness.OTHER


@pytest.mark.parametrize(
    ("name", "broken"), [("??_GB2312", True), ("？小标宋", True), ("a\x01", True), ("仿宋", False)]
)
def test_damaged_names(name, broken):
    assert is_broken(name) is broken


@pytest.mark.parametrize(
    ("points", "words"),
    [(16.0, "三号(16磅)"), (10.5, "五号(10.5磅)"), (12.0, "小四(12磅)"), (21.0, "21磅"), (15.75, "15.75磅")],
)
def test_sizes_have_both_names(points, words):
    assert size_words(points) == words


def test_slots_cut_a_text():
    assert slots_of("共5张，“好”é") == (
        (Slot.ASIAN, "共"),
        (Slot.ASCII, "5"),
        (Slot.ASIAN, "张，"),
        (Slot.SHARED, "“"),
        (Slot.ASIAN, "好"),
        (Slot.SHARED, "”é"),
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source(Origin.RUN), ""),
        (Source(Origin.PARAGRAPH_STYLE, "heading 1", theme=True), "（来自样式“标题 1”的主题字体）"),
        (Source(Origin.PARAGRAPH_STYLE, "Normal"), "（来自样式“正文”）"),
        (Source(Origin.CHARACTER_STYLE, "案例强调"), "（来自字符样式“案例强调”）"),
        (Source(Origin.DEFAULTS), "（来自文档的默认格式）"),
        (Source(Origin.NOTHING, theme=True), "（没有设置，来自主题字体）"),
    ],
)
def test_where_a_font_comes_from_is_said_in_chinese(source, words):
    assert origin(source) == words
