"""What a question supposes: which stances its words take, and which look alike and take none."""

from __future__ import annotations

import pytest

from answers.lexicon import lexicon
from answers.suppositions import Stance, stances_of

TAKEN = [
    ("一个县只准报一个", Stance.AT_MOST),
    ("支撑材料顶多交五样", Stance.AT_MOST),
    ("交多了要打回来", Stance.AT_MOST),
    ("没有背景音乐就直接淘汰", Stance.REQUIRED),
    ("每个视频都要加字幕", Stance.REQUIRED),
    ("卡死4000字,多一个少一个都不行", Stance.EXACTLY),
    ("创新那块不想写了", Stance.LEFT_OUT),
    ("字幕懒得加", Stance.LEFT_OUT),
    ("一个例子都没放", Stance.LEFT_OUT),
    ("自己拟个提纲", Stance.OWN_WAY),
    ("报了就发证书,人人有份", Stance.EVERYBODY),
    ("不准用别的主题", Stance.FORBIDDEN),
    ("听说要交两份", Stance.CLAIMED),
]
NOT_TAKEN = [
    ("要不要盖章", Stance.LEFT_OUT),
    ("模板里没漏什么吧", Stance.LEFT_OUT),
    ("必须得自己写吗", Stance.OWN_WAY),
    ("超不超", Stance.AT_MOST),
    ("六个主题限于哪些", Stance.AT_MOST),
    ("我自己写的案例", Stance.OWN_WAY),
    ("有没有证书", Stance.EVERYBODY),
]


@pytest.mark.parametrize(("text", "stance"), TAKEN)
def test_words_take_a_stance(text, stance):
    assert stance in stances_of(text, lexicon().supposes)


@pytest.mark.parametrize(("text", "stance"), NOT_TAKEN)
def test_what_is_left_open_supposes_nothing(text, stance):
    assert stance not in stances_of(text, lexicon().supposes)


def test_the_language_data_speak_of_every_stance():
    assert {name for name, _ in lexicon().supposes} == {str(stance) for stance in Stance}
