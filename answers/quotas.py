"""How many cases a unit reports, and how many prizes there are: told, and judged against stated numbers."""

from __future__ import annotations

import re

from answers.lexicon import Lexicon
from answers.numerals import NUMBER, shown
from answers.question import Question
from answers.reply import Draft
from domain.notice import Notice, Quota, UnitKind
from domain.policy import split_awards

_ALL_UNITS = re.compile(rf"{NUMBER}个县|各县市(?:一共|加)|县市加起来|全州|所有县|全部县")
_PERCENT = 100
_VERDICT_SHARE = ("奖", "获奖率", "得奖率")


def _quotas(question: Question, notice: Notice) -> tuple[Quota, ...]:
    quotas = tuple(item for item in notice.quotas if item.unit_kind is UnitKind.COUNTY and item.minimum is not None)
    named = tuple(item for item in quotas if item.category in question.categories)
    return named or quotas


def _listed(quotas: tuple[Quota, ...]) -> str:
    """The minimums as people say them: A1、A2 至少各 1 个，C 至少 5 个."""
    groups: dict[int, list[str]] = {}
    for quota in quotas:
        groups.setdefault(quota.minimum or 0, []).append(quota.category)
    return "，".join(
        f"{'、'.join(codes)} 至少{'各' if len(codes) > 1 else ''} {minimum} 个" for minimum, codes in groups.items()
    )


def _counties(notice: Notice) -> int:
    return sum(unit.kind is UnitKind.COUNTY for unit in notice.units)


def _names(question: Question, notice: Notice) -> str:
    named = [notice.unit(unit).name for unit in question.units if notice.unit(unit).kind is UnitKind.COUNTY]
    return "、".join(named) or "每县市"


def tell_quota(question: Question, notice: Notice, _: Lexicon) -> Draft:
    """The minimums of the categories asked about; with their sum, and the sum over all units, where that is asked."""
    quotas = _quotas(question, notice)
    clauses = tuple(dict.fromkeys(quota.clause for quota in quotas))
    each = sum(quota.minimum or 0 for quota in quotas)
    count = _counties(notice)
    if _ALL_UNITS.search(question.text):
        text = f"{count} 个县市按最低数一共 {each * count} 个：每县市至少 {each} 个（{_listed(quotas)}）。"
        return Draft(text, clauses, "quota")
    total = f"，合计至少 {each} 个" if len(quotas) > 1 else ""
    return Draft(f"{_names(question, notice)}{_listed(quotas)}{total}。这是最低数，多报不限。", clauses, "quota")


def judge_counts(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The verdict on numbers of cases stated for categories, or for all together; None when none is stated."""
    quotas = {quota.category: quota for quota in _quotas(question, notice)}
    counts = {code: value for code, value in question.counts if code in quotas}
    if not counts:
        return _judge_total(question, notice)
    asked = tuple(quotas[code] for code in counts)
    clauses = tuple(dict.fromkeys(quota.clause for quota in asked))
    gaps = [(quota, (quota.minimum or 0) - counts[quota.category]) for quota in asked]
    missing = [f"{quota.category} 还差 {shown(gap)} 个" for quota, gap in gaps if gap > 0]
    if missing:
        text = f"不够。{'，'.join(missing)}（{_listed(asked)}）。"
    elif any(word in question.text for word in ("只能", "最多", "限", "必须是", "不能超")):
        text = f"不是上限。{_listed(asked)}，是最低数，多报不限。"
    else:
        text = f"够了，符合要求。{_listed(asked)}，多报不限。"
    return Draft(text, clauses, "quota", verdict=True)


def _judge_total(question: Question, notice: Notice) -> Draft | None:
    amounts = question.of("cases")
    reports = any(word in question.text for word in ("报", "交", "任务", "凑", "收"))
    if not amounts or not reports or any(word in question.text for word in ("奖", "站", "主题", "附件", "月", "支撑")):
        return None
    if _ALL_UNITS.search(question.text):
        return None
    value = amounts[0].value
    quotas = _quotas(question, notice)
    each = sum(quota.minimum or 0 for quota in quotas)
    if value < 2 and not any(mark in question.text for mark in ("够", "只", "就")):  # noqa: PLR2004 - 一个 is mostly no number
        return None
    clauses = tuple(dict.fromkeys(quota.clause for quota in quotas))
    if value < each:
        text = f"不够。每县市合计至少 {each} 个：{_listed(quotas)}，还差 {shown(each - value)} 个。"
    else:
        text = f"总数够了，但要各类都达到：{_listed(quotas)}，多报不限。"
    return Draft(text, clauses, "quota", verdict=True)


def tell_awards(question: Question, notice: Notice, _: Lexicon) -> Draft:
    """The prizes, their proportion and the share of cases that win."""
    awards = notice.awards
    ratio = ":".join(map(str, awards.parts))
    whole = sum(awards.parts)
    pieces = [f"{name}占 {part * _PERCENT // whole}%" for name, part in zip(awards.names, awards.parts, strict=True)]
    equal = [
        f"{first}和{second}一样多"
        for first, second, one, other in zip(
            awards.names, awards.names[1:], awards.parts, awards.parts[1:], strict=False
        )
        if one == other and first in question.text and second in question.text
    ]
    head = f"{equal[0]}：" if equal else ""
    text = (
        f"{head}按 {ratio} 评{'、'.join(awards.names)}（获奖案例中{'、'.join(pieces)}），"
        f"获奖率控制在 {awards.rate_percent}%。"
    )
    return Draft(text, (awards.clause,), "awards")


def judge_awards(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The prizes for a stated number of cases, or the verdict on a stated share; None when neither is stated."""
    text = question.text
    if not any(word in text for word in _VERDICT_SHARE):
        return None
    awards = notice.awards
    shares = question.of("percent")
    if shares:
        right = shares[0].value == awards.rate_percent or any(
            shares[0].value == part * _PERCENT // sum(awards.parts) for part in awards.parts
        )
        head = "是的。" if right else "不是。"
        return Draft(head + tell_awards(question, notice, words).text, (awards.clause,), "awards", verdict=True)
    more = _judge_more(question, notice)
    if more is not None:
        return more
    amounts = [item for item in question.of("cases") if item.value >= 5]  # noqa: PLR2004 - fewer cannot be divided
    if not amounts or not any(word in text for word in ("收", "报", "要是", "如果", "假如", "共", "案例", "总")):
        return None
    value = int(amounts[0].value)
    split = split_awards(awards, value)
    pieces = "、".join(f"{name} {count} 个" for name, count in zip(awards.names, split, strict=True))
    told = (
        f"{value} 个案例按获奖率 {awards.rate_percent}% 最多 {sum(split)} 个得奖，"
        f"按 {':'.join(map(str, awards.parts))} 分为{pieces}。"
    )
    return Draft(told, (awards.clause,), "awards", verdict=True)


def _judge_more(question: Question, notice: Notice) -> Draft | None:
    """Which of two prizes is given more often: 一等奖比二等奖多吧."""
    text = question.text
    awards = notice.awards
    named = sorted((text.find(name), name) for name in awards.names if name in text)
    if len(named) != 2 or "比" not in text or not any(word in text for word in ("多", "少")):  # noqa: PLR2004 - two are compared
        return None
    parts = dict(zip(awards.names, awards.parts, strict=True))
    first, second = named[0][1], named[1][1]
    more = "多" in text[named[1][0] :]
    difference = parts[first] - parts[second]
    right = difference > 0 if more else difference < 0
    relation = "一样多" if difference == 0 else ("多于" if difference > 0 else "少于")
    compared = f"{first}和{second}一样多" if difference == 0 else f"{first}{relation}{second}"
    ratio = ":".join(map(str, awards.parts))
    return Draft(
        f"{'是的' if right else '不是'}，{compared}：{'、'.join(awards.names)}按 {ratio} 评，"
        f"获奖率控制在 {awards.rate_percent}%。",
        (awards.clause,),
        "awards",
        verdict=True,
    )
