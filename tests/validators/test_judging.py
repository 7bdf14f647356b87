"""Binding, judging and the values that travel as JSON."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_of import facts_of
from sketch import word_file

from domain.errors import ConfigError
from domain.notice import RuleUse, Severity
from domain.notice_loader import load_notice
from validators import RULES, bind, judge, judge_all
from validators.catalogue import markdown
from validators.facts import FileFacts, FileKind, Trouble
from validators.json_codec import MalformedError, from_json, to_json
from validators.judging import apply
from validators.report import Finding, Report, Status, Verdict, Where, verdict_of, without
from validators.rules.contract import BoundRule, NoParams, Rule, Subject, where
from validators.rules.formats import KIND_NAMES

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = """
^云端课堂
#100
[图]
"""


@pytest.fixture(scope="module")
def notice():
    return load_notice(ROOT / "notices" / "enshi-2023-05")


@pytest.fixture(scope="module")
def facts():
    return facts_of(word_file(TEXT))


def _finding(severity=Severity.ERROR, status=Status.WRONG):
    return Finding("T01", "text.count", severity, status, "说明", "做法", "要求", "实际", None, "2.1")


def test_the_packs_rules_bind(notice):
    assert {bound.rule.name for bound in bind(notice)} == {use.rule for use in notice.rules}


def test_codes_and_names_are_unique_and_well_formed():
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"[A-Z]\d\d", rule.code)
        assert re.fullmatch(r"[a-z]+\.[a-z]+", rule.name)
        assert rule.documentation


def test_every_fault_in_the_rules_is_named_at_once(notice):
    def use(rule, categories=("B1",), **params):
        return RuleUse(rule, categories, Severity.ERROR, "2.1", params)

    broken = replace(
        notice,
        rules=(
            use("text.kount"),
            use("text.count", minimum=3),
            use("pictures.count", max="five"),
            use("video.codec", ("Z9",), codecs=["AVC", 3]),
            use("title.missing", ()),
            use("file.kind"),
            use("file.kind"),
        ),
    )
    with pytest.raises(ConfigError) as caught:
        bind(broken)
    said = "\n".join(caught.value.faults)
    for piece in ("text.kount", "minimum", "“five”", "Z9", "文字的列表", "不能是空列表", "写了两次"):
        assert piece in said
    assert len(caught.value.faults) == 7


def test_true_is_no_number(notice):
    use = RuleUse("pictures.count", ("B1",), Severity.ERROR, "2.1", {"max": True})
    with pytest.raises(ConfigError):
        bind(replace(notice, rules=(use,)))


def test_only_rules_of_the_category_are_applied(facts, notice):
    names = {finding.name for finding in judge(facts, notice.category("C"), notice).findings}
    assert names == {"text.count"}
    assert "template.info" in {finding.name for finding in judge(facts, notice.category("B1"), notice).findings}


def test_must_fix_comes_before_the_rest_and_success_says_what_was_checked(notice):
    facts = facts_of(word_file("^云端课堂\n#1700\n[图]\n[修订]新"))
    report = judge(facts, notice.category("C"), notice)
    assert (report.verdict, [f.name for f in report.findings]) == (Verdict.PASS, ["tracked.changes"])
    assert "字数（1705）" in report.checked
    assert "插图（1张）" in report.checked


def test_without_a_category_like_readings_are_one(facts, notice):
    readings = judge_all(facts, notice)
    assert [reading.categories for reading in readings] == [("A1", "A2", "B1", "B2"), ("C",)]
    assert all(reading.report.category is None for reading in readings)


def test_a_wrong_kind_is_told_once_for_all_categories(notice):
    (reading,) = judge_all(facts_of(b"%PDF-1.7", "a.mp4"), notice)
    (finding,) = reading.report.findings
    assert reading.categories == ("A1", "A2", "B1", "B2", "C")
    assert (finding.name, finding.clause) == ("file.kind", "2.1")
    assert "Word" in finding.expected
    assert "MP4" in finding.expected
    assert "MP4" in finding.advice


def test_a_damaged_film_has_one_finding_in_every_category(notice):
    facts = facts_of(b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\x10\0mdat", "a.mp4")
    assert not facts.readable
    names = {category.code: [f.name for f in judge(facts, category, notice).findings] for category in notice.categories}
    assert names.pop("C") == ["file.readable"]
    assert list(names.values()) == [["file.kind"]] * 4


def test_a_damaged_film_is_told_even_when_no_rule_looks_at_kinds(notice):
    facts = facts_of(b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\x10\0mdat", "a.mp4")
    lenient = replace(notice, rules=tuple(use for use in notice.rules if use.rule != "file.kind"))
    assert judge(facts, lenient.category("B1"), lenient).verdict is Verdict.FAIL


def test_damage_and_what_to_do_stand_apart(notice):
    (finding,) = judge(facts_of(word_file(TEXT)[:300]), notice.category("B1"), notice).findings
    assert finding.message.endswith("已损坏。")
    assert finding.advice.startswith("请在电脑上确认")


def test_the_heading_of_a_place_is_its_path():
    word = facts_of(
        word_file("^云端课堂\n一、案例概述\n正文。\n二、实施\n（一）背景\n甲。\n（二）过程\n三、特点\n乙。")
    ).word
    found = {p.visible: where(word, p.index).heading for p in word.paragraphs}
    assert found == {
        "云端课堂": "",
        "一、案例概述": "一、案例概述",
        "正文。": "一、案例概述",
        "二、实施": "二、实施",
        "（一）背景": "二、实施 > （一）背景",
        "甲。": "二、实施 > （一）背景",
        "（二）过程": "二、实施 > （二）过程",
        "三、特点": "三、特点",
        "乙。": "三、特点",
    }


@pytest.mark.parametrize("kind", FileKind)
def test_every_kind_has_a_chinese_name(kind):
    assert re.search(r"[一-鿿]", KIND_NAMES[kind])


def test_a_rule_that_raises_neither_passes_nor_fails_nor_stops_the_others(facts, notice):
    def explode(_facts, _params, _context):
        raise ZeroDivisionError

    broken = Rule("Z99", "zero.division", "除法", Subject.FILE, NoParams, explode, explode)
    use = RuleUse("zero.division", ("C",), Severity.ERROR, "")
    report = apply((BoundRule(broken, NoParams(), use), *bind(notice)), facts, notice.category("C"), notice)
    found = {finding.name: finding for finding in report.findings}
    assert found["zero.division"].status is Status.UNCHECKED
    assert "ZeroDivisionError" not in found["zero.division"].message
    assert "text.count" in found


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ((), Verdict.PASS),
        ((_finding(Severity.WARNING),), Verdict.PASS),
        ((_finding(Severity.WARNING, Status.UNCHECKED),), Verdict.PASS),
        ((_finding(status=Status.UNCHECKED),), Verdict.UNCHECKED),
        ((_finding(status=Status.UNCHECKED), _finding()), Verdict.FAIL),
    ],
)
def test_verdict(findings, verdict):
    assert verdict_of(findings) is verdict


def test_a_report_without_what_was_wrong_has_the_verdict_that_is_left():
    unsure, there = _finding(status=Status.UNCHECKED), replace(_finding(), where=Where(3, "", "甲"))
    report = Report("B1", Verdict.FAIL, (_finding(), there, unsure), ("字数",))
    assert without(report, []) is report
    assert without(report, [replace(_finding(), where=Where(9, "", "乙"))]) is report
    assert without(report, [_finding()]).findings == (there, unsure)
    left = without(report, [_finding(), replace(there, clause="另一条")])
    assert (left.findings, left.verdict, left.checked) == ((unsure,), Verdict.UNCHECKED, ("字数",))


def test_facts_and_reports_come_back_from_json(facts, notice):
    report = judge(facts, notice.category("B1"), notice)
    assert from_json(FileFacts, to_json(facts)) == facts
    assert from_json(Report, to_json(report)) == report


@given(st.integers(1, 9), st.text(max_size=9), st.sampled_from(Severity), st.none() | st.just("x"))
def test_findings_come_back_from_json(paragraph, text, severity, quote):
    where = None if quote is None else Where(paragraph, text, quote)
    finding = Finding("T01", "a.b", severity, Status.WRONG, text, text, text, text, where, "")
    assert from_json(Finding, to_json(finding)) == finding


def test_a_finding_stored_before_it_named_all_paragraphs_is_still_read():
    stored = to_json(_finding())
    del stored["paragraphs"]
    assert from_json(Finding, stored) == _finding()


@pytest.mark.parametrize(
    "change",
    [
        {"size": "9"},
        {"kind": "spreadsheet"},
        {"readable": 1},
        {"extra": 1},
        {"word": {}},
        {"video": []},
    ],
)
def test_json_of_another_shape_is_refused(change):
    good = to_json(FileFacts("a", 9, "0", FileKind.PDF, False, Trouble.OTHER_KIND, "x"))
    with pytest.raises(MalformedError):
        from_json(FileFacts, {**good, **change})


def test_the_page_about_the_rules_is_up_to_date(notice):
    page = ROOT / "docs" / "rules.md"
    assert page.read_text("utf-8") == markdown(notice), "write validators.catalogue.markdown(notice) to docs/rules.md"


def test_no_rule_knows_the_notice_by_heart():
    for path in (ROOT / "validators" / "rules").glob("*.py"):
        assert not re.search(r"\b(?:3500|5000|1500|1920|1080|2023|A1|B2)\b", path.read_text("utf-8")), path.name
