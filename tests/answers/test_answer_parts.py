"""The small parts: written numbers, days, patterns, slips of the keyboard, search."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.dates import may_state_days, stated_days
from answers.index import Index, sentences_of
from answers.lexicon import lexicon
from answers.numerals import number
from answers.patterns import Catalogue, best, compiled
from answers.question import understood
from answers.spelling import Speller
from domain.notice_loader import load_notice

NOTICE = load_notice(Path(__file__).parents[2] / "notices/enshi-2023-05")
NOTHING = frozenset()
ASKED = [ask for asks in lexicon().aspects.values() for ask in asks]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3500", 3500),
        ("三千五", 3500),
        ("两千八百", 2800),
        ("3千8百", 3800),
        ("3.2千", 3200),
        ("2万", 20000),
        ("一万二", 12000),
        ("十五", 15),
        ("二十", 20),
        ("一千零五", 1005),
        ("百", 100),
        ("两", 2),
    ],
)
def test_written_numbers_are_read(written, value):
    assert number(written) == value


@pytest.mark.parametrize("written", ["", "很多", "3只", "-"])
def test_what_is_no_number_is_none(written):
    assert number(written) is None


@given(st.integers(min_value=0, max_value=9_999_999))
def test_plain_figures_are_read_as_they_stand(value):
    assert number(str(value)) == value


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("5月18号交", [date(2023, 5, 18)]),
        ("五月二十一号", [date(2023, 5, 21)]),
        ("5.20之前", [date(2023, 5, 20)]),
        ("19号发", [date(2023, 5, 19)]),
        ("2024年5月1日", [date(2024, 5, 1)]),
        ("6月交", [date(2023, 6, 1)]),
        ("文号是2023 15号", []),
        ("5月45号", []),
        ("2月29号", []),
        ("分辨率1080", []),
    ],
)
def test_days_are_found(text, days):
    assert list(stated_days(text, 2023, 5)) == days


@given(st.text("0１五二十月号日底节六一本下个.-/到前交 案例", max_size=12))
def test_no_day_is_stated_where_none_may_be(text: str) -> None:
    assert may_state_days(text) or not stated_days(text, 2023, 5)


@pytest.mark.parametrize(
    ("pattern", "text", "hits"),
    [
        ("支撑材料|佐证 哪些", "佐证要哪些", True),
        ("支撑材料|佐证 哪些", "哪些材料", False),
        ("插图 !图书", "插图几张", True),
        ("插图 !图书", "图书里的插图", False),
    ],
)
def test_patterns_want_and_bar(pattern, text, hits):
    assert (compiled(pattern).hit(text, NOTHING) is not None) is hits


@pytest.mark.parametrize("pattern", ["", "!图", "|"])
def test_a_pattern_that_wants_nothing_is_refused(pattern):
    with pytest.raises(ValueError, match="模式"):
        compiled(pattern)


@pytest.mark.parametrize(
    ("pieces", "mended"),
    [(["支", "称", "材料"], "支撑材料"), (["盖", "张"], "盖章"), (["只", "称"], "只称"), (["材料"], "材料")],
)
def test_slips_that_sound_right_are_mended(pieces, mended):
    speller = Speller({"支撑", "盖章"}, {"材料"}.__contains__, lambda _: list(pieces))
    assert speller.mended("".join(pieces)) == mended


@pytest.mark.parametrize(
    ("pieces", "mended"),
    [
        (["慨", "述"], "概述"),
        (["分辩率"], "分辨率"),
        (["慨", "叹"], "慨叹"),
        (["评完", "是"], "评完是"),
        (["完", "是"], "完是"),
    ],
)
def test_slips_that_look_right_are_mended_but_words_by_themselves_stay(pieces, mended):
    known = {"概述", "分辨率", "完事"}
    speller = Speller(known, {"分辩率", "慨叹"}.__contains__, lambda _: list(pieces), ("概慨",), frozenset("是"))
    assert speller.mended("".join(pieces)) == mended


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("a1报2个、a2报1个、b1和b2各2个、c类5个", {"A1": 2, "A2": 1, "B1": 2, "B2": 2, "C": 5}),
        ("a1 1 a2 1 b1 2 b2 2 c 5,汇总表", {"A1": 1, "A2": 1, "B1": 2, "B2": 2, "C": 5}),
        ("b2只凑到1个能过吗", {"B2": 1}),
        ("报6个c类可以吗", {"C": 6}),
        ("a1里讲的三个创新", {}),
        ("c类写了1200字", {}),
    ],
)
def test_stated_cases_are_counted_by_category(text, counts):
    assert dict(understood(text, NOTICE, lexicon()).counts) == counts


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a/b类的字数", ("A1", "A2", "B1", "B2")),
        ("区域案例", ("A1", "A2")),
        ("网络学习空间", ("C",)),
        ("b2写什么", ("B2",)),
        ("pdf可以吗", ()),
        ("abc", ()),
    ],
)
def test_categories_are_recognised(text, codes):
    assert understood(text, NOTICE, lexicon()).categories == codes


def test_search_finds_the_sentence_of_a_clause_word_for_word():
    index = Index(sentences_of(NOTICE), lexicon().stop)
    found = index.search("网络安全责任制考核")[0].sentence
    assert found.clause == "5.2"
    assert found.text in NOTICE.clause("5.2").text
    assert index.search("") == ()


@given(
    st.lists(st.sampled_from([word for ask in ASKED for group in ask.wanted for word in group]), max_size=8),
    st.text(alphabet="的吗,字 a类", max_size=4),
)
def test_a_catalogue_finds_what_trying_each_pattern_finds(words, between):
    text, light = between.join(words), lexicon().light
    aspects = list(lexicon().aspects.items())
    tried = [(name, best(asks, text, light)) for name, asks in aspects]
    found = Catalogue(aspects, lambda aspect: aspect[1]).hits(text, light)
    assert [(aspect[0], hit) for aspect, hit in found] == [(name, hit) for name, hit in tried if hit is not None]
