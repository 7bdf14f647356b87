"""Whether several things that are handed in are due on the same day."""

from __future__ import annotations

import re

from answers.dates import last_day, show
from answers.question import Question
from answers.reply import Draft
from domain.notice import Notice

_SAME = re.compile(
    r"同一?个?(?:天|日|时间|期限|截止)|一个(?:时间|日期|日子|截止|期限)|(?:时间|日期|截止|期限)[^,。;?]{0,3}(?:一样|相同|统一|一致)"
    r"|同时(?:交|报|截止)|一起截止|一天(?:交|报|截止)"
)
_OTHER_DAYS = re.compile(r"分开|不同|不是(?:同|一)|不一样|各是各|两个(?:时间|日期)")
_HANDED_IN = ("平台", "邮箱", "汇总表", "材料|案例|电子版|作品", "初选")
_LEAST = 2


def judge_same_day(question: Question, notice: Notice) -> Draft | None:
    """The verdict on whether what goes different ways is due on one day; None where that is not asked, or the ways
    stand in clauses of different stages."""
    text = question.text
    if not (_SAME.search(text) or ("when" in question.acts and _OTHER_DAYS.search(text))):
        return None
    if sum(re.search(words, text) is not None for words in _HANDED_IN) < _LEAST:
        return None
    stage = notice.intake_stage
    if not notice.routes or any(route.clause != stage.clause for route in notice.routes):
        return None
    due = show(last_day(stage, notice.timezone), notice.timezone)
    head = "不是。" if _OTHER_DAYS.search(text) and not _SAME.search(text) else "是的，"
    told = "、".join(f"{route.subject}发到{route.target}" for route in notice.routes)
    return Draft(f"{head}都在 {due} 前：{told}。", (stage.clause,), "deadline", verdict=True)
