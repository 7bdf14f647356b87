"""How people write: numbered replies and receipt numbers, in any width and dress."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.receipt import RANDOM_BYTES, new_receipt
from handlers.said import mistyped_receipt_in, number_in, one_line, plain, receipt_in, without_receipt

RECEIPT = new_receipt("B1", b"12345")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("〔1〕", 1),
        ("１", 1),
        ("①", 1),
        ("[2]", 2),
        ("（3）", 3),
        ("【4】", 4),
        ("回复1", 1),
        ("回复 〔12〕", 12),
        ("选2", 2),
        ("第3个", 3),
        ("1.", 1),
        ("2。", 2),
        (" 8 ", 8),
        ("", None),
        ("一", None),
        ("1个", 1),
        ("100", None),
        ("3200字", None),
        ("1 2", None),
        ("1️⃣", 1),
        ("3\ufe0f", 3),
        ("第一个", 1),
        ("选第二项", 2),
        ("我选三", 3),
        ("选择 第十个", 10),
        ("第一", 1),
        ("一个", None),
        ("第一稿", None),
        ("二类", None),
        ("B1", None),
        ("5月20日", None),
        ("-1", None),
        ("1.5", None),
    ],
)
def test_numbered_replies(text: str, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        RECEIPT,
        f"回执 {RECEIPT}",
        f"回执：{RECEIPT}。",
        f"看全部检查项 {RECEIPT}",
        f"类别 B1 {RECEIPT}",
        f"回执{RECEIPT.lower()}到哪了",
        RECEIPT.replace("-", ""),
        RECEIPT.replace("-", " "),
        RECEIPT.replace("-", "—"),
        "".join(chr(ord(sign) + 0xFEE0) for sign in RECEIPT),
    ],
)
def test_receipt_is_found_as_people_write_it(text: str) -> None:
    assert receipt_in(text) == RECEIPT


@pytest.mark.parametrize("text", ["", "B1", "类别 B1", "回执", RECEIPT[:-1] + ("0" if RECEIPT[-1] != "0" else "1")])
def test_what_is_no_receipt_is_none(text: str) -> None:
    assert receipt_in(text) is None


def test_the_rest_of_a_sentence_stays() -> None:
    assert without_receipt(f"类别 b1 回执 {RECEIPT}") == "类别 B1"
    assert without_receipt("仍然提交！") == "仍然提交"


@given(
    random=st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES),
    category=st.sampled_from([None, "A1", "B2", "C"]),
    before=st.sampled_from(["", "回执 ", "看全部检查项 ", "类别 C "]),
)
def test_every_receipt_is_found_behind_every_command(random: bytes, category: str | None, before: str) -> None:
    receipt = new_receipt(category, random)
    assert receipt_in(before + receipt) == receipt


@given(text=st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    number_in(text)
    assert receipt_in(text) is None or without_receipt(text) != plain(text)


@given(text=st.text(max_size=100))
def test_names_become_storable(text: str) -> None:
    line = one_line(text)
    assert line == one_line(line)
    assert line.isprintable()
    line.encode()


WRONG = f"{RECEIPT[:-1]}{'A' if RECEIPT[-1] != 'A' else 'B'}"
PREFIXES = ("A1", "B1", "C", "N", "R", "T")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"撤回 {WRONG}", WRONG),
        (f"查一下{WRONG.lower()}好吗", WRONG),
        (WRONG.replace("-", "—"), WRONG.replace("-", "—")),
        (WRONG.replace("-", ""), WRONG.replace("-", "")),
        (RECEIPT[:-2], RECEIPT[:-2]),
        (RECEIPT[:-1], RECEIPT[:-1]),
        (RECEIPT[:4] + RECEIPT[5:], RECEIPT[:4] + RECEIPT[5:]),
        (f"{RECEIPT} 和 {WRONG}", None),
        ("B1", None),
        ("B1类要3500-5000字吗", None),
        ("C类视频1920x1080-25帧行吗", None),
        ("我的电话 0718-8234567", None),
        ("13800000000", None),
        ("ABCD-2345", None),
        ("TECHNOLOGY", None),
        ("B120230506", None),
        ("2023-05-20", None),
        ("看原文 4.1", None),
    ],
)
def test_what_can_only_be_meant_for_a_receipt_number_is_found(text: str, written: str | None) -> None:
    assert mistyped_receipt_in(text, PREFIXES) == written
