"""Stages and the deadline: told with the time left, and judged against days a person states."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from answers.dates import first_day, last_day, show, stated_days
from answers.numerals import NUMBER, number
from answers.question import Question
from answers.relative_days import relative_days
from answers.reply import Draft
from domain.notice import Notice, Stage
from domain.wording import show_left

_CLOSING = (
    "截止",
    "就截",
    "截了",
    "关门",
    "截至",
    "最晚",
    "最迟",
    "期限",
    "结束",
    "最后",
    "交完",
    "报完",
    "前交",
    "前报",
    "前收",
    "收齐",
    "前完成",
    "延期",
    "推迟",
    "延到",
    "延长",
    "改到",
    "推到",
    "顺延",
    "宽限",
)
_RESULT = ("结果", "公布", "通报", "评审", "评选", "遴选", "评完", "专家", "评奖", "评")
_ACTS = (
    "交",
    "报",
    "发",
    "传",
    "截",
    "前",
    "后",
    "来得及",
    "完",
    "收",
    "算",
    "补",
    "晚",
    "迟",
    "寄",
    "送",
    "写",
    "拖",
    "赶",
    "成不成",
)
_AFTER = re.compile(
    r"[号日](?:之后|以后|过后|后|一过|过了|都过了)|(?:过了|过|错过|超过|晚于|迟于)[^,。;?]{0,6}[号日]|(?:错过|超过)"
)
_OF_NOTICE = re.compile(r"(?:通知|文件|发文|成文|落款|红头)[^,。;?]{0,8}(?:发的|印发|下发|发出|出的|发布|落款|日期)")
"""When the notice itself was issued, not what is handed in."""

_WRITTEN = re.compile(
    r"[号日月年\d](?:份|底|初|左右|前后)?(?:就|才|刚)?(?:写|做|拍|录|发表|开展|举办|获|得|评|颁|搞|办)的(?!时候|话)"
    r"|(?:实施|案例|开展|活动)(?:的)?时间(?:写|填|是|从|跨)"
)
"""When something was made or took place, not when it is handed in."""

_OF_CERTIFICATES = re.compile(r"^(?!.*(?:交|报|传|截|收)).*(?:证书|发奖|颁奖|表彰|培训|放假)")
_AHEAD_OF_LAST = re.compile(rf"(?:截止|最后)[^,。;?]{{0,3}}前({NUMBER})天")
_BEGINS = re.compile(r"(?:开始|起)(?:收|交|报|传|接收|上报)")
_ALONE = 12
"""A question so short that names a day and asks whether that will do asks about handing in."""

_CLOSED = re.compile(
    r"(?:截止|结束|到期|过期)了(?:吗|没|没有|吧|么)|(?:截止|时间|期限)[^,。;?]{0,4}(?:过了|到了|截止了)(?:吗|没)"
)
_SEGMENT = re.compile(r"[^,。;?!]+")
_HANDS = re.compile(r"交|报(?!告|名)|发(?!布|文)|传|收|来得及|赶得上|来不来得及|补|送")
_STILL = re.compile(
    r"(?:请问|老师)?(?:案例|材料)?还(?:能不能|可不可以|能|可以|让|给|来得及)(?:再)?(?:交|报|上报|报送|提交|发|送)(?:案例|材料)?(?:吗|么|了?吧)?"
    r"|(?:请问|老师)?还(?:接)?收(?:案例|材料)?(?:吗|么|了?吧)"
)
"""Asked of this very moment, without saying so."""

_ASKS = ("吗", "可以", "行", "能", "来得及", "来不来得及", "赶得上", "收", "晚", "迟")
_SOON_DAYS = 30
_NOON = 12


def span(stage: Stage, notice: Notice) -> str:
    """From when until when a stage is held, in days."""
    last = show(last_day(stage, notice.timezone), notice.timezone)
    if not stage.opens_stated:
        return f"{last}前"
    return f"{show(first_day(stage, notice.timezone), notice.timezone)}至{last}"


def until(stage: Stage, notice: Notice) -> str:
    """The last day of a stage, with the time of day where the stage does not end at midnight."""
    closes = stage.closes_at.astimezone(notice.timezone)
    clock = f"{closes:%H:%M}" if (closes.hour, closes.minute) != (0, 0) else ""
    return show(last_day(stage, notice.timezone), notice.timezone) + clock


_CLOCK = re.compile(rf"(上午|早上|中午|下午|晚上|夜里)?({NUMBER})(?:点|时|:(\d\d))(半)?")


def _after_closing(text: str, stage: Stage, notice: Notice) -> bool:
    """Whether a time of day stated in `text` is past the time at which the stage ends on its last day."""
    closes = stage.closes_at.astimezone(notice.timezone)
    match = _CLOCK.search(text)
    hour = number(match.group(2)) if match else None
    if match is None or hour is None or (closes.hour, closes.minute) == (0, 0):
        return False
    if match.group(1) in {"下午", "晚上", "夜里"} and hour < _NOON:
        hour += _NOON
    minute = int(match.group(3) or 0) + (30 if match.group(4) else 0)
    return hour * 60 + minute > closes.hour * 60 + closes.minute


def tell_deadline(question: Question, notice: Notice, now: datetime) -> Draft:
    """The deadline of reporting, how its wording is read where that is asked, and the time left when it is near."""
    stage = notice.intake_stage
    text = f"{stage.name}截止到 {until(stage, notice)}"
    left = stage.closes_at - now
    if _CLOSED.search(question.text):
        text = ("已经截止了：" if now >= stage.closes_at else "还没有截止：") + text
    if now >= stage.closes_at:
        text += "，已经截止"
    elif left.days < _SOON_DAYS:
        text += f"，还有{show_left(left)}"
    if stage.reading and _asks_reading(question, stage, notice):
        text += f"。{stage.reading}"
    return Draft(text + "。", (stage.clause,), "deadline")


def _asks_reading(question: Question, stage: Stage, notice: Notice) -> bool:
    on_the_day = last_day(stage, notice.timezone) in question.days
    return on_the_day or any(
        word in question.text for word in ("当天", "含不含", "包括", "算不算", "那天", "当日", "几点")
    )


def tell_opening(_: Question, notice: Notice, now: datetime) -> Draft:
    """When cases begin to be taken, as far as the notice says, and until when."""
    stage = notice.intake_stage
    last = show(last_day(stage, notice.timezone), notice.timezone)
    first = show(first_day(stage, notice.timezone), notice.timezone)
    begins = f"{stage.name}从{first}开始" if stage.opens_stated else "通知没有写从哪天开始收"
    state = "，已经截止" if now >= stage.closes_at else ""
    return Draft(f"{begins}，截止到 {last}{state}。", (stage.clause,), "deadline")


def tell_review(_: Question, notice: Notice, __: datetime) -> Draft:
    """When the stages after reporting take place."""
    later = [stage for stage in notice.stages if not stage.accepts]
    text = "；".join(f"{stage.name}在{span(stage, notice)}，由{stage.actors}" for stage in later)
    return Draft(text + "。", tuple(stage.clause for stage in later), "review")


def judge_days(  # noqa: C901 - one branch for each way of naming a day
    question: Question, notice: Notice, now: datetime
) -> Draft | None:
    """The verdict on days stated in the question (also 今天, 明天), or None when none is stated or another year is
    meant. After the deadline nothing is in time any more."""
    text = question.text
    days = question.days or _relative(text, notice, now)
    if not days or _about_something_else(question):
        return None
    if _BEGINS.search(text) and not notice.intake_stage.opens_stated:
        return replace(tell_opening(question, notice, now), verdict=True)
    if any(word in text for word in _RESULT):
        of_results = _judge_results(text, days, notice)
        if of_results is not None:
            return of_results.draft
    stage = notice.intake_stage
    last = last_day(stage, notice.timezone)
    day = days[-1]
    closing = f"{stage.name}截止到 {until(stage, notice)}"
    known = len(days) > 1 and "最后" not in text and days[0] == last and day != last and _HANDS.search(text) is not None
    if any(word in text for word in _CLOSING) and not (_hands_in(text) or known or _AHEAD_OF_LAST.search(text)):
        return _judge_claim(day, text, notice)
    if day >= last and question.days and _AFTER.search(text):
        told = f"不能保证收。{closing}；通知没有写截止之后还收材料。"
        return Draft(told, (stage.clause,), "deadline", verdict=True)
    if now >= stage.closes_at:
        told = f"不行，已经截止。{closing}；通知没有写截止之后还收材料。"
    elif day == last and _after_closing(text, stage, notice):
        told = f"不行，来不及了。{closing}。"
    elif day == last:
        told = f"可以，{closing}。{_reading(stage)}"
    elif day < last:
        head = "来得及" if question.days or "来" in text or "赶" in text else "可以"
        told = f"{head}。{closing}，{_short(day)}在截止之前。"
    else:
        told = f"不行，来不及了。{closing}，{_stated(day, last)}已经超过。"
    return Draft(told, (stage.clause,), "deadline", verdict=True)


@dataclass(frozen=True, slots=True)
class _OfResults:
    """What is said to days that were stated of the review: None where nothing can be."""

    draft: Draft | None


def _judge_results(text: str, days: tuple[date, ...], notice: Notice) -> _OfResults | None:
    """The verdict on days stated where results are spoken of; None when they are stated of handing in all the same."""
    later = [other for other in notice.stages if not other.accepts]
    if not any(word in text for word in _CLOSING):
        return _OfResults(_judge_review(days, later, notice))
    both = _judge_both(text, later, notice)
    if both is not None:
        return _OfResults(both)
    if not any(word in text for word in ("截", "交", "报", "收", "期限", "前")):
        return _OfResults(_judge_review(days, later, notice))
    return None


def _about_something_else(question: Question) -> bool:
    """Whether a day is named for another reason than handing in, closing or the review."""
    text = question.text
    if question.acts & {"who", "what", "how"} and not question.acts & {"may", "claim", "when"}:
        return True
    if _OF_NOTICE.search(text) or _WRITTEN.search(text) or _OF_CERTIFICATES.search(text):
        return True
    alone = len(text) <= _ALONE and "may" in question.acts
    return not alone and not any(word in text for word in (*_ACTS, *_CLOSING, *_RESULT))


def _relative(text: str, notice: Notice, now: datetime) -> tuple[date, ...]:
    """The day meant by 今天, 明天, 现在, where somebody asks whether to hand in then."""
    closing = "现在" not in text and any(word in text for word in _CLOSING)
    if not (_HANDS.search(text) or closing) or not any(word in text for word in _ASKS):
        return ()
    today = now.astimezone(notice.timezone).date()
    last = last_day(notice.intake_stage, notice.timezone)
    if _STILL.fullmatch(text.strip("?。!,")):
        return (today,)
    ahead = _AHEAD_OF_LAST.search(text)
    if ahead is not None:
        return (last - timedelta(days=int(min(number(ahead.group(1)) or 1, _SOON_DAYS))),)
    return relative_days(text, today, last)


def _reading(stage: Stage) -> str:
    return f"{stage.reading}。" if stage.reading else ""


def _judge_claim(day: date, text: str, notice: Notice) -> Draft:
    """The verdict on a day claimed to be the last."""
    stage = notice.intake_stage
    last = last_day(stage, notice.timezone)
    closing = f"{stage.name}截止到 {until(stage, notice)}"
    if day == last and not _AFTER.search(text):
        return Draft(f"是的，{closing}。{_reading(stage)}", (stage.clause,), "deadline", verdict=True)
    later = (other for other in notice.stages if not other.accepts)
    during = next((other for other in later if _within(day, other, notice)), None)
    extra = f"，{span(during, notice)}是{during.name}" if during else ""
    reading = _reading(stage) if abs((last - day).days) <= 1 else ""
    clauses = (stage.clause, during.clause) if during else (stage.clause,)
    return Draft(f"不是。{closing}{extra}。{reading}", clauses, "deadline", verdict=True)


def _judge_both(text: str, later: list[Stage], notice: Notice) -> Draft | None:
    """The verdict on days stated for the deadline and for the review in one sentence; None when it is not both."""
    stage = notice.intake_stage
    last = last_day(stage, notice.timezone)
    pieces = _SEGMENT.findall(text)
    ends = _days_beside(pieces, _CLOSING, _RESULT, last)
    reviews = _days_beside(pieces, _RESULT, _CLOSING, last)
    if not (ends and reviews):
        ends, reviews = _days_around(text, last)
    if not ends or not reviews or not later:
        return None
    right = ends[-1] == last and _are_of(reviews, later[0], notice)
    told = f"{stage.name}截止到 {until(stage, notice)}；{later[0].name}在{span(later[0], notice)}。"
    clauses = (stage.clause, later[0].clause)
    return Draft(("是的，" if right else "不是。") + told, clauses, "deadline", verdict=True)


def _days_beside(pieces: list[str], wanted: tuple[str, ...], barred: tuple[str, ...], last: date) -> tuple[date, ...]:
    """The days in the pieces of a sentence that speak of one thing and not of the other."""
    own = [
        piece for piece in pieces if any(word in piece for word in wanted) and not any(word in piece for word in barred)
    ]
    return tuple(day for piece in own for day in stated_days(piece, last.year, last.month))


def _days_around(text: str, last: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The days said of the deadline and those said of the review, where both stand in one piece."""
    closing = min(place for word in _CLOSING if (place := text.find(word)) >= 0)
    results = [place for word in _RESULT if (place := text.find(word)) >= 0]
    cut = max(closing, min(results))
    parts = stated_days(text[:cut], last.year, last.month), stated_days(text[cut:], last.year, last.month)
    return parts if closing < min(results) else (parts[1], parts[0])


def _are_of(days: tuple[date, ...], stage: Stage, notice: Notice) -> bool:
    """Whether days stated for a stage are its own: both ends where two are stated, else any day within."""
    if len(days) > 1:
        return (days[0], days[-1]) == (first_day(stage, notice.timezone), last_day(stage, notice.timezone))
    return _within(days[0], stage, notice)


def _hands_in(text: str) -> bool:
    return any(
        word in text
        for word in (
            "来得及",
            "来不来得及",
            "交行",
            "发行",
            "赶得上",
            "晚不晚",
            "再交",
            "才交",
            "才报",
            "才写完",
            "才做完",
            "才弄完",
            "才改完",
            "才忙完",
        )
    )


def _judge_review(days: tuple[date, ...], later: list[Stage], notice: Notice) -> Draft | None:
    if not later:
        return None
    stage = later[0]
    head = "是的。" if _are_of(days, stage, notice) else "不是。"
    text = f"{head}{stage.name}在{span(stage, notice)}。"
    return Draft(text, (stage.clause,), "review", verdict=True)


def _within(day: date, stage: Stage, notice: Notice) -> bool:
    return first_day(stage, notice.timezone) <= day <= last_day(stage, notice.timezone)


def _stated(day: date, last: date) -> str:
    return f"{_short(last)}之后" if day == last + timedelta(days=1) else _short(day)


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
