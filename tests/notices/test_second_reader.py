"""The pack is read back against the notice: nothing printed there is missing, nothing quoted differs."""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from domain.notice import Clause, Notice
from domain.notice_loader import load_notice
from domain.wording import last_minute, show_day_year

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "notices" / "enshi-2023-05"
READING = tomllib.loads((ROOT / "tests" / "cases" / "notice" / "second_reader.toml").read_text(encoding="utf-8"))

# SHA-256 of the notice as issued, without white space and markup, and how many characters that is.
NOTICE_CHARACTERS = 3227
NOTICE_DIGEST = "22e6c66d638b43701ab440d8831fe242f4820ee4b09e1315b32eca7268a7ed95"

PRINTED = re.compile(
    r"https?://[\w./]+"
    r"|\d+@[\w.]+"
    r"|\d+(?:P\b)?"
    r"|[A-C]\d?(?=类|、|\s|至|每|$)"
    r"|《[^》]*》"
    r"|“[^”]*”"
    r"|[二三]号"
    r"|[一二三](?=、?[二三]?、?三?等奖)"
)
STEP = re.compile(r"(?P<name>\w+)(?:\[(?P<key>[^\]]+)\])?")


@pytest.fixture(scope="module")
def notice() -> Notice:
    return load_notice(PACK)


def value_at(notice: Notice, path: str) -> str:
    """What stands at a path such as categories[B1].text.min_words, as text; the end of a stage as its last day."""
    here: object = notice
    owner: object = notice
    for step in re.findall(r"\w+(?:\[[^\]]+\])?", path):
        found = STEP.fullmatch(step)
        owner, here = here, getattr(here, found["name"])
        if found["key"]:
            here = next(item for item in here if found["key"] in keys_of(item))
    if isinstance(here, datetime):
        day = last_minute(owner, notice.timezone) if path.endswith("closes_at") else here
        return show_day_year(day, notice.timezone)
    return "\n".join(str(item) for item in here) if isinstance(here, tuple) else str(here)


def keys_of(item: object) -> set[str]:
    return {str(getattr(item, name, "")) for name in ("id", "code", "name", "kind", "title", "category")}


def stands_in(token: str, text: str) -> bool:
    """Whether the token stands there on its own, with or without its quotation marks: 5 is not in 2015."""
    token = token.strip("“”")
    lead = r"(?<!\d)" if token[0].isdigit() else ""
    tail = r"(?!\d)" if token[-1].isdigit() else ""
    return re.search(lead + re.escape(token) + tail, text) is not None


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_clauses_together_are_the_notice(notice):
    whole = "".join(squeezed(clause.text) for clause in notice.clauses)
    assert len(whole) == NOTICE_CHARACTERS
    assert hashlib.sha256(whole.encode()).hexdigest() == NOTICE_DIGEST


def test_every_printed_number_and_name_is_accounted_for(notice):
    printed = {clause.id: PRINTED.findall(clause.text) for clause in notice.clauses}
    read = {entry["id"]: [token for token, _ in entry["read"]] for entry in READING["clause"]}
    assert read == {clause_id: tokens for clause_id, tokens in printed.items() if tokens}


@pytest.mark.parametrize(
    ("clause", "token", "path"),
    [
        (entry["id"], token, path)
        for entry in READING["clause"]
        for token, path in entry["read"]
        if not path.startswith("skip: ")
    ],
)
def test_the_pack_holds_what_is_printed(notice, clause, token, path):
    assert stands_in(token, value_at(notice, path)), f"{token} of clause {clause} is not at {path}"


@pytest.mark.parametrize(("path", "clause"), READING["verbatim"]["quotes"])
def test_what_the_pack_quotes_is_printed(notice, path, clause):
    text = squeezed(notice.clause(clause).text)
    for line in value_at(notice, path).splitlines():
        assert squeezed(line) in text


def test_example_topics_are_the_printed_ones(notice):
    topics = notice.category("C").topics
    assert [topic.clause for topic in topics] == ["1.2.3.1", "1.2.3.2", "1.2.3.3", "1.2.3.4", "1.2.3.5"]
    for topic in topics:
        assert squeezed(topic.text) in squeezed(notice.clause(topic.clause).text)


def test_all_categories_of_one_clause_have_the_same_demands(notice):
    demands = [notice.category(code).text for code in ("A1", "A2", "B1", "B2")]
    assert all(demand == demands[0] for demand in demands)
    assert all(notice.category(code).supporting_files for code in ("A1", "A2", "B1", "B2"))


def test_every_clause_is_cited_by_its_own_words(notice):
    headings: list[Clause] = [clause for clause in notice.clauses if clause.text == clause.label]
    assert [clause.label for clause in headings] == ["一、遴选内容", "二、材料要求", "四、遴选流程", "五、活动要求"]
    assert notice.clause("2.1").label == "二、材料要求 1"
    assert notice.clause("3").label == "三、案例限额"
