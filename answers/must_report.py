"""The verdict on who must report, and on those who need not: whether they may."""

from __future__ import annotations

import re

from answers.question import Question
from answers.reply import Draft
from answers.suppositions import Stance
from domain.notice import Notice

_LISTED = (
    r"(?:省级|国家级|数字校园|整省|的|什么|那[种些个]?|这[种些个]?|,|、|和|或|也|又)*"
    r"(?:示范校|示范学校|试点学?校|重点学?校|试点|必报)"
)
_OUTSIDE = re.compile(
    rf"(?:不是|不属于|不算|不在|没评上|没当上|够不上|非|除了|没入选){_LISTED}"
    rf"|{_LISTED}[^,。;?]{{0,6}}(?:不沾|不是|没份|轮不到|没评上|没有?我们)"
)
_REPORTS = re.compile(r"报|参加|参评|参与|申报|交|写|够格|资格")
_ALL = re.compile(r"(?:每个?|每一?所|每位|所有|全部|全体|各)(?:的|个)?(?:学校|老师|教师|中小学|校)|各校|人人|个个|全员")
_ALL_MAY = re.compile(rf"(?:{_ALL.pattern})[^,。;?]{{0,3}}(?:可以|能)(?:报|参加|参评|参与|申报)")
_ONLY_LISTED = re.compile(rf"(?:必须|只有|非要|只能|得|限)(?:是)?{_LISTED}[^,。;?]{{0,4}}(?:才|可以|能)")
_OPEN = frozenset({"how", "when", "where", "many", "why", "which"})


def judge_must_report(question: Question, notice: Notice) -> Draft | None:
    """The verdict on reporting by a school that is not on the list, or on everybody having to report; None when neither
    is spoken of."""
    text = question.text
    if not notice.must_report or question.acts & _OPEN or not _REPORTS.search(text) or not question.wants_verdict:
        return None
    only = _ONLY_LISTED.search(text) is not None
    may_all = Stance.REQUIRED not in question.acts and _ALL_MAY.search(text) is not None
    outside = only or may_all or _OUTSIDE.search(text) is not None
    everybody = question.claims and Stance.REQUIRED in question.acts and _ALL.search(text) is not None
    if not (outside or everybody):
        return None
    codes = tuple(dict.fromkeys(code for item in notice.must_report for code in item.categories))
    subjects = "、".join(f"{notice.category(code).subject}（{code}）" for code in codes)
    listed = "、".join(item.name for item in notice.must_report)
    clauses = tuple(
        dict.fromkeys(
            (*(item.clause for item in notice.must_report), *(notice.category(code).clause for code in codes))
        )
    )
    if everybody:
        told = f"不是。必报的只有{listed}，其他{subjects}可以报，不是必须。"
    else:
        refused = only or (question.claims and question.acts & {Stance.FORBIDDEN, Stance.ONLY})
        told = f"{'不是。' if refused else '可以报。'}必报的是{listed}，其他学校也可以报：学校案例面向{subjects}。"
    return Draft(told, clauses, "must-report", verdict=True)
