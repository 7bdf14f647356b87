"""Ways in that are easily forgotten: quoted files, files without a name, what the app hears, and each way to arrive
not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from installation import TEACHER, Installation
from sqlalchemy import func, select
from word_files import case_document

from store.schema.campaign import Case, Material
from store.schema.mail import Fetch

MP4_HEAD = b"\0\0\0\x18ftypisom\0\0\2\0isommp41\0\0\0\x08mdat"


def count(service: Installation, table: type) -> int:
    with service.services.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_quoted_in_a_group_is_not_fetched_and_the_way_is_told(service: Installation) -> None:
    platform = service.platform
    group = platform.settings.groups[0].chatid
    platform.send_file(TEACHER, "案例.docx", case_document(words=3600), group=group)  # the platform keeps it back
    shown = platform.chat(TEACHER, group=group)[0]
    platform.say(TEACHER, "帮我看看这个", group=group, quote=shown)
    service.wait(lambda: service.settled() and service.outgoing_ended())

    answer = platform.chat(TEACHER, group=group)[-1].text
    assert "单聊" in answer
    assert "没有存下" in answer
    assert "收到" not in answer
    assert (count(service, Fetch), count(service, Material)) == (0, 0)
    assert service.violations() == []


def test_a_file_quoted_alone_is_taken_as_if_sent(service: Installation) -> None:
    platform = service.platform
    platform.knobs.set("media_url", "status", 404)
    platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    assert "重新发送" in service.answer(TEACHER)
    platform.say(TEACHER, "就是这个", quote=platform.chat(TEACHER)[0])
    text = service.answer(TEACHER)
    assert "回执" in text
    assert "第一次发来" in text
    assert count(service, Material) == 1


def test_two_files_without_a_name_are_two_cases(service: Installation) -> None:
    service.platform.pace.disposition = "none"
    for title in ("智慧课堂案例", "网络空间案例"):
        service.platform.send_file(TEACHER, "x", case_document(words=3600, title=title))
        assert f"《{title}》" in service.answer(TEACHER)
    assert count(service, Case) == 2


def test_a_media_id_is_not_shown_as_the_name_of_a_film(service: Installation) -> None:
    record = service.platform.send_video(TEACHER, "课堂实录.mp4", MP4_HEAD, channel="app")
    text = service.answer(TEACHER, "app")
    assert "《未命名文件" in text
    assert ".mp4》" in text
    assert record.acknowledged


def test_speech_in_the_app_is_told_where_it_is_heard(service: Installation) -> None:
    service.platform.send_voice(TEACHER, channel="app")
    text = service.answer(TEACHER, "app")
    assert "智能机器人" in text
    assert "打字" in text


@pytest.mark.parametrize(
    ("fault", "value", "told"),
    [("status", 404, "取不到"), ("truncate", 0, "不完整"), ("status", 503, "自动重试")],
    ids=["expired", "half", "away"],
)
def test_each_way_not_to_arrive_has_its_sentence(
    service: Installation, monkeypatch: pytest.MonkeyPatch, fault: str, value: float, told: str
) -> None:
    monkeypatch.setattr("bot.deciding._AIBOT_MEDIA_FOR", timedelta(seconds=2))  # in truth 4 minutes 45
    service.platform.knobs.set("media_url", fault, value, times=99)
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    text = service.answer(TEACHER)
    assert told in text
    assert "没有存下" in text
    assert "重新发送" in text


def test_an_oversized_file_has_its_sentence(service: Installation) -> None:
    service.platform.pace.bot_file_limit = 200 << 20
    service.platform.send_file(TEACHER, "课堂实录.mp4", bytes((100 << 20) + 64))
    text = service.answer(TEACHER)
    assert "超过 100 MB" in text
    assert "没有存下" in text


@pytest.mark.parametrize("errcode", [40007, 45033, 48002])
def test_the_app_says_so_when_its_media_cannot_be_had(
    service: Installation, monkeypatch: pytest.MonkeyPatch, errcode: int
) -> None:
    """Also where trying goes on for long, it ends while sending again still keeps the first arrival."""
    monkeypatch.setattr("bot.deciding._APP_MEDIA_FOR", timedelta(seconds=3))
    monkeypatch.setattr("bot.wecom.app_media._PATIENCE_S", 2.0)
    service.platform.knobs.set("media/get", "errcode", errcode, times=99)
    service.platform.send_video(TEACHER, "课堂实录.mp4", MP4_HEAD, channel="app")
    assert "重新发送" in service.answer(TEACHER, "app")
    service.platform.knobs.clear()
    service.platform.send_video(TEACHER, "课堂实录.mp4", MP4_HEAD, channel="app")
    service.wait(lambda: "没有传完" in service.last(TEACHER, "app"))
