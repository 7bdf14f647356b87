"""Questions: signed bytes in, the answer out, on both channels."""

from __future__ import annotations

import pytest
from installation import TEACHER, Installation
from sqlalchemy import func, select

from store.schema.mail import Inbox, InboxState, Outbox, Stream


@pytest.mark.parametrize("channel", ["bot", "app"])
def test_a_question_is_answered_in_the_callback_itself(service: Installation, channel: str) -> None:
    record = service.platform.say(TEACHER, "字数要求是多少", channel=channel)

    assert record.statuses == [200]
    text = service.last(TEACHER, channel)
    for expected in ("3500", "5000", "1500", "二、材料要求 1、2"):
        assert expected in text
    assert service.violations() == []


def test_what_is_spoken_is_a_question_like_any_other(service: Installation) -> None:
    service.platform.send_voice(TEACHER, "插图最多几张")
    assert "5" in service.last(TEACHER)


def test_the_welcome_says_what_the_bot_can_do(service: Installation) -> None:
    service.platform.enter_chat(TEACHER)
    assert "案例" in service.last(TEACHER)
    assert service.violations() == []


@pytest.mark.parametrize(
    "act",
    [
        lambda platform: platform.send_image(TEACHER, "照片.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64),
        lambda platform: platform.send_link(TEACHER, channel="app"),
        lambda platform: platform.send_link(TEACHER, channel="bot"),
        lambda platform: platform.send_location(TEACHER, channel="app"),
        lambda platform: platform.send_unknown(TEACHER),
        lambda platform: platform.send_unknown(TEACHER, channel="app"),
        lambda platform: platform.send_voice(TEACHER, channel="app"),
        lambda platform: platform.send_voice(TEACHER, recognised=""),
        lambda platform: platform.say(TEACHER, "　"),
    ],
    ids=["image", "link-app", "link-bot", "location", "unknown-bot", "unknown-app", "voice-app", "silence", "blank"],
)
def test_anything_else_gets_a_sentence_that_says_what_works(service: Installation, act: object) -> None:
    record = act(service.platform)  # type: ignore[operator]
    assert record.acknowledged
    text = service.answer(TEACHER, record.channel)
    assert len(text) > 10
    assert "收到" not in text  # nothing of it was stored
    assert service.violations() == []


def test_a_repeated_message_gets_the_same_answer_and_acts_once(service: Installation) -> None:
    first = service.platform.say(TEACHER, "截止到哪天")
    again = service.platform.redeliver(first)
    fresh = service.platform.redeliver(first, fresh=True)

    assert [again.statuses[-1], fresh.statuses[-1]] == [200, 200]
    assert first.reply == again.reply == fresh.reply
    with service.services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Inbox)) == 1
        assert session.scalar(select(func.count()).select_from(Outbox)) == 0
        assert session.scalar(select(Inbox.state)) == InboxState.DONE


def test_the_one_time_address_is_kept_in_one_place_only(service: Installation) -> None:
    record = service.platform.say(TEACHER, "截止到哪天")
    assert record.response_url
    with service.services.database.read() as session:
        assert record.response_url not in (session.scalar(select(Inbox.message)) or "")
        assert session.scalar(select(Stream.response_url)) == record.response_url


def test_a_group_hears_public_answers_only(service: Installation) -> None:
    group = service.platform.settings.groups[0].chatid
    service.platform.say(TEACHER, "字数要求是多少", group=group)
    service.platform.say(TEACHER, "我的案例", group=group)
    public, personal = [m.text for m in service.platform.chat(TEACHER, group=group) if m.author != "person"]
    assert "3500" in public
    assert "单聊" in personal
