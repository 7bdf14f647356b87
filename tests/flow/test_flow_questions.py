"""Open questions over the real callbacks: asked or doubted, answered by an admin, told on the way each person has."""

from __future__ import annotations

from installation import ADMIN, OUTSIDER, TEACHER, Installation
from sqlalchemy import select

from store.schema.questions import OpenQuestion, Why

QUESTION = "一等奖奖金多少"


def kept(service: Installation) -> list[tuple[str, str, str, bool]]:
    with service.services.database.read() as session:
        rows = session.scalars(select(OpenQuestion).order_by(OpenQuestion.id))
        return [(row.text, row.why, row.reasons, row.dismissed_at is not None) for row in rows]


def rated(service: Installation, userid: str) -> str:
    """The id under which the last answer of the bot may be rated."""
    return next(m.feedback_id for m in reversed(service.platform.chat(userid, "bot")) if m.feedback_id)


def test_an_official_answer_reaches_everybody_who_asked_and_is_known_from_then_on(service: Installation) -> None:
    service.platform.say(TEACHER, QUESTION)
    service.platform.say("es-teacher-1", "请问获一等奖有奖金吗", channel="app")
    service.platform.say(OUTSIDER, "一等奖奖金是多少呀")  # the app cannot reach this person
    service.platform.say(ADMIN, "待答问题")
    assert "3 人问" in service.answer(ADMIN)
    service.platform.say(ADMIN, "1")
    service.answer(ADMIN)
    service.platform.say(ADMIN, "答复 Q1：不设奖金，颁发证书。")
    assert "3 位提问的人" in service.answer(ADMIN)
    service.platform.say(ADMIN, "1")
    assert "通知了 3 人" in service.answer(ADMIN)

    service.wait(service.outgoing_ended)
    for userid in (TEACHER, "es-teacher-1"):
        assert "不设奖金，颁发证书。" in service.last(userid, "app")
    service.platform.say(OUTSIDER, "截止到哪天")
    assert "不设奖金，颁发证书。" in service.answer(OUTSIDER)
    service.platform.say(TEACHER, "一等奖的奖金有多少")
    assert "不设奖金，颁发证书。" in service.answer(TEACHER)
    assert service.violations() == []


def test_a_doubted_answer_is_kept_with_its_reasons_and_can_be_taken_back(service: Installation) -> None:
    service.platform.say(TEACHER, "字数要求是多少")
    number = rated(service, TEACHER)

    for verdict, reasons in ((1, ()), (2, (2, 3))):
        assert service.platform.feedback(TEACHER, number, verdict, reasons).statuses == [200]
    assert kept(service) == [("字数要求是多少", Why.DOUBTED, "2,3", False)]
    service.platform.feedback(TEACHER, number, 3)
    assert kept(service) == [("字数要求是多少", Why.DOUBTED, "2,3", True)]
    service.platform.feedback(TEACHER, number, 2)
    assert kept(service) == [("字数要求是多少", Why.DOUBTED, "", False)]
    service.platform.say(ADMIN, "待答问题")
    assert "1 人觉得我答得不准" in service.answer(ADMIN)
    assert service.violations() == []


def test_nobody_rates_the_answer_somebody_else_got(service: Installation) -> None:
    service.platform.say(TEACHER, "字数要求是多少")
    number = rated(service, TEACHER)

    for userid, named in (("es-teacher-1", number), (TEACHER, "no-such-stream"), (TEACHER, "")):
        assert service.platform.feedback(userid, named, 2).statuses == [200]
    assert kept(service) == []
