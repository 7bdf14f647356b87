"""The choices of an answer lead to pages, never to an act, and nowhere that stands in other people's words."""

from __future__ import annotations

import pytest

from bot.console.doors import doors_of
from domain.chat import Choice
from domain.receipt import RANDOM_BYTES, new_receipt
from domain.roles import Actor, Role

RECEIPT = new_receipt("B1", bytes(RANDOM_BYTES))
COORDINATOR, TEACHER = Actor(1, Role.COORDINATOR, "lichuan"), Actor(2, Role.TEACHER, "lichuan")


@pytest.mark.parametrize(
    ("says", "address"),
    [
        ("进度", "/console/board"),
        ("待推荐", "/console/cases?step=waiting"),
        (f"撤回推荐 {RECEIPT}", f"/console/cases/{RECEIPT}/unrecommend"),
        (f"看详情 {RECEIPT.lower()}", f"/console/cases/{RECEIPT}"),
        (f"类别 B2 {RECEIPT}", f"/console/cases/{RECEIPT}/category"),
        ("确认上报 3 个 ABCD", "/console/summary/report"),
        ("我在利川市", ""),
        (f"推荐 {RECEIPT} 推荐", ""),
        (f"退回 {RECEIPT} 原因：/console/logout", ""),
        ("推荐 ../logout", ""),
        ("https://evil.example", ""),
        ("", ""),
    ],
)
def test_a_choice_leads_to_its_page_or_nowhere(says: str, address: str) -> None:
    found = doors_of([Choice("按钮", says)], COORDINATOR)
    assert [door.address for door in found] == ([address] if address else [])


def test_each_page_once_and_none_that_the_person_may_not_open() -> None:
    choices = [Choice(code, f"类别 {code} {RECEIPT}") for code in ("B1", "B2")]
    choices += [Choice("进度", "进度"), Choice("我的案例", "我的案例")]
    assert [door.label for door in doors_of(choices, TEACHER)] == ["选类别", "我的案例"]
