"""The checker's notion of exactly one answer: whatever is doubled, missing or alone is a fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from screens import screen_faults

from bot.refreshing import STREAM_ELSEWHERE
from bot.wecom.cards import choice_card, pressed_card
from simulator.chats import Shown

BOT, APP = "bot:t", "app:t"
TITLE, LABELS = "已收下《一个案例》，还没有提交", ("B1 学校案例（学校）", "C “网络学习空间”主题应用案例")
TEXT = f"{TITLE}\n📎 案例（批注版）.docx（44 KB）由应用单独发给您。\n〔1〕{LABELS[0]}　〔2〕{LABELS[1]}"
ASKED = {BOT: 1, APP: 1}


def stream(text: str = TEXT, **more: Any) -> Shown:
    return Shown(1, BOT, "bot", "t", "markdown", text, 0.0, msgid="m1", feedback_id="f1", **more)


def card(number: int, task_id: str, **more: Any) -> Shown:
    values: dict[str, Any] = {"card": choice_card(task_id, TITLE, LABELS), "msgid": "m1", **more}
    return Shown(number, BOT, "bot", "t", "card", "", 0.0, **values)


def pushed(number: int, task_id: str) -> Shown:
    return replace(card(number, task_id), thread=APP, author="app", msgid="m2")


STREAM, CARD = stream(), card(2, "c1")
FILE = Shown(3, APP, "app", "t", "file", "案例（批注版）.docx", 0.0, attachment={"name": "案例（批注版）.docx"})
APP_TEXT = Shown(4, APP, "app", "t", "text", f"{TITLE}\n〔1〕{LABELS[0]}　〔2〕{LABELS[1]}", 0.0)
APP_CARD = pushed(5, "c2")
GOOD = (STREAM, CARD, FILE, APP_TEXT, APP_CARD)


@pytest.mark.parametrize(
    "screens",
    [
        GOOD,
        (*GOOD, stream(STREAM_ELSEWHERE)),
        (*GOOD, stream("正在处理…", expired=True)),
        (STREAM, card(2, "c1", card=pressed_card("c1", TITLE, LABELS[0])), FILE, APP_TEXT, APP_CARD),
    ],
    ids=["plain", "pointed to another way", "given up", "pressed"],
)
def test_one_answer_with_its_card_and_its_file_is_right(screens: tuple[Shown, ...]) -> None:
    assert screen_faults(screens, ASKED) == []


@pytest.mark.parametrize(
    ("screens", "fault"),
    [
        ((*GOOD, replace(STREAM, number=6)), "bot:t: 1 messages, 2 answers"),
        ((*GOOD, card(6, "c3")), "bot:t: a card without a text of its own"),
        ((*GOOD, card(6, "c1")), "card c1 was shown 2 times"),
        ((*GOOD, pushed(6, "c3")), "app:t: a card without a text of its own"),
        ((*GOOD, FILE), "app:t: 案例（批注版）.docx was announced 1 times and came 2 times"),
        ((STREAM, CARD, APP_TEXT, APP_CARD), "app:t: 案例（批注版）.docx was announced 1 times and came 0 times"),
        ((STREAM, FILE, APP_TEXT, APP_CARD), "bot:t: the stream of m1 came without its card"),
        ((STREAM, CARD, FILE, APP_CARD), "app:t: 1 messages, 0 answers"),
        ((STREAM, CARD, FILE, APP_TEXT, pushed(2, "c2")), "app:t: a card without a text of its own"),
        ((STREAM, card(2, "c1", msgid="m9"), FILE, APP_TEXT, APP_CARD), "bot:t: a card without a text of its own"),
        ((replace(STREAM, text=""), FILE, APP_TEXT, APP_CARD), "an empty answer in bot:t"),
        (
            (STREAM, card(2, "c1", card=choice_card("c1", TITLE, ("A1", "A2"))), FILE, APP_TEXT, APP_CARD),
            "bot:t: a card without a text of its own",
        ),
    ],
    ids=[
        "text twice",
        "card twice in the stream",
        "the same card twice",
        "card pushed twice",
        "file twice",
        "file lost",
        "card lost",
        "text lost, card there",
        "card before its text",
        "card of another message",
        "nothing said",
        "card says something else",
    ],
)
def test_what_is_doubled_missing_or_alone_is_a_fault(screens: tuple[Shown, ...], fault: str) -> None:
    assert any(found.startswith(fault) for found in screen_faults(screens, ASKED))
