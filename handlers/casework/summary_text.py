"""The summary table in words: what is in it, and what a person should look at before it is signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.notice import Notice
from domain.summary import Doubt, SummaryDoubt, SummarySheet

_MOST = 8
_TEXTS: Mapping[Doubt, str] = {
    Doubt.NO_CASES: "⚠️ {about}还没有已推荐的案例",
    Doubt.MISSING: "⚠️ 还没有达到最低数：{about}",
    Doubt.SCHOOL_WITHOUT: "⚠️ 必报学校未报：{about}",
    Doubt.NO_HEAD_PHONE: "⚠️ 表头没有联系电话",
    Doubt.NO_CONTACT: "⚠️ 没有联系人：第 {about} 行",
    Doubt.NO_PHONE: "⚠️ 没有联系电话：第 {about} 行",
    Doubt.SAME_TITLE: "⚠️ 案例名称相同：第 {about} 行",
}
_MORE = "{shown} 等 {count} 处"


def doubt_lines(doubts: Sequence[SummaryDoubt]) -> list[str]:
    """One line a doubt, the first places named."""
    return [_TEXTS[each.doubt].format(about=_about(each)) for each in doubts]


def count_line(notice: Notice, sheet: SummarySheet) -> str:
    """How many of each category: A1 1、B1 2."""
    counts = {each.code: 0 for each in notice.categories}
    for row in sheet.rows:
        counts[row.category] = counts.get(row.category, 0) + 1
    return "、".join(f"{code} {count}" for code, count in counts.items() if count)


def _about(doubt: SummaryDoubt) -> str:
    between = " 行；第 " if doubt.doubt is Doubt.SAME_TITLE else "、"
    if len(doubt.about) <= _MOST:
        return between.join(doubt.about)
    return _MORE.format(shown=between.join(doubt.about[:_MOST]), count=len(doubt.about))
