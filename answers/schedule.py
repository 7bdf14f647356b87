"""Stages and the deadline: told with the time left, and judged against days a person states."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from answers.dates import first_day, last_day, show
from answers.question import Question
from answers.reply import Draft
from domain.notice import Notice, Stage
from domain.wording import show_left

_CLOSING = ("截止", "截至", "最晚", "最迟", "期限", "结束", "最后", "交完", "报完", "前交", "前报", "前完成")
_RESULT = ("结果", "公布", "通报", "评审", "评选", "遴选", "评完", "专家", "评奖", "评")
_ACTS = ("交", "报", "发", "传", "截", "前", "后", "来得及", "完", "收", "算", "补", "晚", "迟", "寄", "送", "写")
_AFTER = re.compile(r"[号日](?:之后|以后|过后|后|一过|过了)")
_SOON_DAYS = 30


def _span(stage: Stage, notice: Notice) -> str:
    last = show(last_day(stage, notice.timezone), notice.timezone)
    if not stage.opens_stated:
        return f"{last}前"
    return f"{show(first_day(stage, notice.timezone), notice.timezone)}至{last}"


def tell_deadline(question: Question, notice: Notice, now: datetime) -> Draft:
    """The deadline of reporting, how its wording is read where that is asked, and the time left when it is near."""
    stage = notice.intake_stage
    text = f"{stage.name}截止到 {show(last_day(stage, notice.timezone), notice.timezone)}"
    left = stage.closes_at - now
    if 0 <= left.days < _SOON_DAYS:
        text += f"，还有{show_left(left)}"
    elif left.days < 0:
        text += "，已经截止"
    if stage.reading and _asks_reading(question, stage, notice):
        text += f"。{stage.reading}"
    return Draft(text + "。", (stage.clause,), "deadline")


def _asks_reading(question: Question, stage: Stage, notice: Notice) -> bool:
    on_the_day = last_day(stage, notice.timezone) in question.days
    return on_the_day or any(
        word in question.text for word in ("当天", "含不含", "包括", "算不算", "那天", "当日", "几点")
    )


def tell_review(_: Question, notice: Notice, __: datetime) -> Draft:
    """When the stages after reporting take place."""
    later = [stage for stage in notice.stages if not stage.accepts]
    text = "；".join(f"{stage.name}在{_span(stage, notice)}，由{stage.actors}" for stage in later)
    return Draft(text + "。", tuple(stage.clause for stage in later), "review")


def judge_days(question: Question, notice: Notice) -> Draft | None:
    """The verdict on days stated in the question, or None when none is stated or another year is meant."""
    if not question.days or not any(word in question.text for word in (*_ACTS, *_CLOSING, *_RESULT)):
        return None
    stage = notice.intake_stage
    last = last_day(stage, notice.timezone)
    day = question.days[-1]
    if day == last and _AFTER.search(question.text):
        day += timedelta(days=1)
    later = [other for other in notice.stages if not other.accepts]
    if any(word in question.text for word in _RESULT) and not any(word in question.text for word in _CLOSING):
        return _judge_review(day, later, notice)
    claims = any(word in question.text for word in _CLOSING)
    closing = f"{stage.name}截止到 {show(last, notice.timezone)}"
    if claims and day != last and not _hands_in(question.text):
        during = next((other for other in later if _within(day, other, notice)), None)
        extra = f"，{_span(during, notice)}是{during.name}" if during else ""
        clauses = (stage.clause, during.clause) if during else (stage.clause,)
        return Draft(f"不是。{closing}{extra}。", clauses, "deadline", verdict=True)
    if day == last:
        reading = f"{stage.reading}。" if stage.reading else ""
        head = "是的，" if claims else "可以，"
        return Draft(f"{head}{closing}。{reading}", (stage.clause,), "deadline", verdict=True)
    if day < last:
        return Draft(f"来得及。{closing}，{_short(day)}在截止之前。", (stage.clause,), "deadline", verdict=True)
    return Draft(
        f"不行，来不及了。{closing}，{_stated(day, last)}已经超过。", (stage.clause,), "deadline", verdict=True
    )


def _hands_in(text: str) -> bool:
    return any(
        word in text for word in ("来得及", "来不来得及", "交行", "发行", "赶得上", "晚不晚", "再交", "才交", "才报")
    )


def _judge_review(day: date, later: list[Stage], notice: Notice) -> Draft | None:
    if not later:
        return None
    stage = later[0]
    head = "是的。" if _within(day, stage, notice) else "不是。"
    text = f"{head}{stage.name}在{_span(stage, notice)}。"
    return Draft(text, (stage.clause,), "review", verdict=True)


def _within(day: date, stage: Stage, notice: Notice) -> bool:
    return first_day(stage, notice.timezone) <= day <= last_day(stage, notice.timezone)


def _stated(day: date, last: date) -> str:
    return f"{_short(last)}之后" if day == last + timedelta(days=1) else _short(day)


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
