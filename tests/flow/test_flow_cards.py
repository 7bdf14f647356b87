"""Cards with buttons on both channels: the same act as the numbered reply, once, and only for whom the card was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from installation import COORDINATOR, OUTSIDER, PEOPLE, TEACHER, Installation
from word_files import case_document

from simulator.platform import Person, PlatformSettings, Shown
from simulator.server import SimulatorServer

QUESTION = "字数多少"
NEWCOMER = Person("newcomer", "新来的 教师", "建始县")


@pytest.fixture
def sim() -> Iterator[SimulatorServer]:
    """The platform of all tests and somebody nobody has told us about."""
    with SimulatorServer(PlatformSettings(people=(*PEOPLE, NEWCOMER))) as server:
        server.platform.pace.refresh_every = 0.1
        yield server


def cards(service: Installation, userid: str, channel: str) -> list[Shown]:
    return [each for each in service.platform.chat(userid, channel) if each.card and each.author != "person"]


def asked(service: Installation, channel: str) -> Shown:
    """Ask a question; the card under its answer."""
    service.platform.say(TEACHER, QUESTION, channel=channel)
    service.wait(lambda: service.settled() and service.outgoing_ended() and cards(service, TEACHER, channel))
    return cards(service, TEACHER, channel)[-1]


def said(service: Installation, userid: str, channel: str) -> list[str]:
    found = service.platform.chat(userid, channel)
    return [each.text for each in found if each.author not in {"person", "platform"} and not each.card]


def press(service: Installation, userid: str, key: str, card: Shown, channel: str) -> None:
    service.platform.press(userid, key, card.card["task_id"], channel=channel)
    service.wait(lambda: service.settled() and service.outgoing_ended())


@pytest.mark.parametrize("channel", ["bot", "app"])
def test_a_press_is_the_numbered_reply_once(service: Installation, channel: str) -> None:
    card = asked(service, channel)
    labels = [button["text"] for button in card.card["button_list"]]
    assert labels[0] == "看原文"
    assert "〔1〕看原文" in said(service, TEACHER, channel)[-1]  # the text twin

    press(service, TEACHER, "1", card, channel)
    answers = said(service, TEACHER, channel)
    assert "3500--5000字" in answers[-1]
    changed = service.platform.chats.find(lambda each: each.number == card.number)[0].card
    assert "已选：看原文" in (changed.get("replaced"), changed["button_list"][0]["text"])

    for key in ("1", "0"):  # pressed twice before the card had changed; the changed card's own button
        press(service, TEACHER, key, card, channel)
    assert said(service, TEACHER, channel) == answers
    press(service, TEACHER, "2", card, channel)
    assert "已经选过“看原文”" in said(service, TEACHER, channel)[-1]
    assert service.violations() == []


@pytest.mark.parametrize("channel", ["bot", "app"])
def test_a_press_of_somebody_else_does_nothing(service: Installation, channel: str) -> None:
    card = asked(service, channel)
    other = OUTSIDER if channel == "bot" else "es-teacher-1"
    press(service, other, "1", card, channel)
    assert said(service, other, channel) == [
        "这张卡片不是发给您的，按了没有作用。您要做什么，请直接打字告诉我，例如“我的案例”。"
    ]
    press(service, TEACHER, "1", card, channel)
    assert "3500--5000字" in said(service, TEACHER, channel)[-1]
    assert service.violations() == []


def test_a_forged_key_asks_for_nothing(service: Installation) -> None:
    card = asked(service, "bot")
    for key in ("确定撤回 B1-7K2QM9XD-4", "7", "-1", "١", "99999999999", ""):
        press(service, TEACHER, key, card, "bot")
        assert "按了没有作用" in said(service, TEACHER, "bot")[-1], key
    assert service.violations() == []


def test_a_repeated_event_acts_once_and_changes_the_card_again(service: Installation) -> None:
    card = asked(service, "app")
    record = service.platform.press(TEACHER, "1", card.card["task_id"])
    again = service.platform.redeliver(record)
    service.wait(lambda: service.settled() and service.outgoing_ended())
    assert len([text for text in said(service, TEACHER, "app") if "3500--5000字" in text]) == 1
    assert again.acknowledged
    assert service.violations() == []


@pytest.mark.parametrize("channel", ["bot", "app"])
def test_an_option_of_a_list_is_chosen_once(service: Installation, channel: str) -> None:
    """More choices than a card has buttons: the counties that somebody unknown may belong to."""
    service.platform.send_file(NEWCOMER.userid, "案例.docx", case_document(words=3600))
    assert "类别" in service.answer(NEWCOMER.userid)
    service.platform.say(NEWCOMER.userid, "B1", channel=channel)
    service.wait(lambda: service.settled() and any(map(options, cards(service, NEWCOMER.userid, channel))))
    card = cards(service, NEWCOMER.userid, channel)[-1]
    third = options(card)[2]["text"]
    assert 6 < len(options(card)) <= 10

    def choose(**selected: list[str]) -> None:
        service.platform.press(NEWCOMER.userid, "choice", card.card["task_id"], selected, channel=channel)
        service.wait(lambda: service.settled() and service.outgoing_ended())

    for forged in ({"choice": ["11"]}, {"choice": []}, {"other": ["3"]}, {"choice": ["1", "3"]}):
        choose(**forged)
        assert "按了没有作用" in said(service, NEWCOMER.userid, channel)[-1]
    choose(choice=["3"])
    choose(choice=["3"])
    texts = said(service, NEWCOMER.userid, channel)
    assert len([text for text in texts if f"记下了：{third}" in text]) == 1
    changed = service.platform.chats.find(lambda each: each.number == card.number)[0].card
    assert f"已选：{third}" in (changed.get("replaced"), changed.get("sub_title_text"))
    assert service.violations() == []


def options(card: Shown) -> list[dict[str, str]]:
    return list(card.card.get("button_selection", {}).get("option_list", []))


def test_a_card_for_somebody_else_follows_its_text_at_once(service: Installation) -> None:
    """Also when the text takes long: nothing waits for the next minute."""
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    assert "类别" in service.answer(TEACHER)
    service.platform.knobs.set("message/send", "delay", 1)
    service.platform.say(TEACHER, "B1")
    service.wait(lambda: cards(service, COORDINATOR, "app"), timeout=15)
    told = said(service, COORDINATOR, "app")[-1]
    assert "等您推荐" in told
    assert "检查没有发现必须改的地方" in told
    (card,) = cards(service, COORDINATOR, "app")
    title, whose, verdict = card.card["sub_title_text"].splitlines()[:3]
    assert title in told
    assert whose.startswith("B1　")
    assert verdict.startswith("✅ 检查没有发现必须改的地方")
