"""Every rule against its cases in tests/cases/rules: a file or facts in, exactly these findings out."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from reading_of import facts_of
from sketch import word_file

from domain.notice import RuleUse, Severity
from domain.notice_loader import load_notice
from validators import RULES, judge
from validators.facts import FileFacts, FileKind, Trouble, VideoFacts

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "tests" / "cases" / "rules"
FILM = VideoFacts("MPEG-4", "isom", 1920, 1080, False, 65.0, "AVC", 25.0, False, True, True, 0, 1, False)


@cache
def _notice():
    return load_notice(ROOT / "notices" / "enshi-2023-05")


def _cases():
    for path in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        for case in data["case"]:
            yield pytest.param(data["rule"], case, id=f"{data['rule']}: {case['name']}")


def _facts(case: dict) -> FileFacts:
    name = case.get("file", "案例.docx")
    if "text" in case:
        facts = facts_of(word_file(case["text"]), name)
        return replace(facts, kind=FileKind(case.get("kind", facts.kind)))
    film = replace(FILM, **case["video"]) if "video" in case else None
    trouble = Trouble(case.get("trouble_kind", "none"))
    readable = trouble is Trouble.NONE
    return FileFacts(name, 9, "0" * 64, FileKind(case["kind"]), readable, trouble, case.get("trouble", ""), None, film)


def _shown(finding, wanted: dict) -> dict:
    place = finding.where and finding.where.paragraph
    shown = {"severity": finding.severity.value, "status": finding.status.value, "message": finding.message}
    more = {key: getattr(finding, key) for key in ("advice", "found") if key in wanted}
    return {**shown, **more, "paragraph": place} if place else {**shown, **more}


@pytest.mark.parametrize(("rule", "case"), list(_cases()))
def test_rule_case(rule, case):
    category = case.get("category", "B1")
    use = RuleUse(rule, (category,), Severity(case.get("severity", "error")), "2.1", case.get("params", {}))
    notice = replace(_notice(), rules=(use,))
    report = judge(_facts(case), notice.category(category), notice)
    wanted = case.get("findings", [])
    padded = wanted + [{}] * len(report.findings)
    assert [_shown(finding, each) for finding, each in zip(report.findings, padded, strict=False)] == wanted
    for finding in report.findings:
        assert (finding.name, finding.clause) == (rule, "2.1")
        assert finding.expected
    assert len(report.checked) == (0 if case.get("not_applied") else 1)


def test_every_rule_has_a_case_that_passes_and_one_that_does_not():
    for rule in RULES:
        cases = tomllib.loads((FOLDER / f"{rule.name}.toml").read_text("utf-8"))["case"]
        assert any(case.get("findings") for case in cases), rule.name
        assert any(not case.get("findings") and not case.get("not_applied") for case in cases), rule.name
