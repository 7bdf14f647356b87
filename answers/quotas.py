"""How many cases a unit reports: told, and judged against stated numbers."""

from __future__ import annotations

import re

from answers.lexicon import Lexicon
from answers.minimums import (
    county_quotas,
    direct_quotas,
    listed,
    open_ended,
    over_units,
    per_unit,
    per_unit_of,
    quotas_of,
)
from answers.naming import mentions
from answers.numerals import NUMBER, number, shown
from answers.question import Question
from answers.quota_questions import (
    ALL_UNITS,
    judge_alternatives,
    judge_compared,
    judge_instead,
    judge_left_out,
    judge_units,
    of_one_person,
    units_meant,
)
from answers.reply import Draft
from answers.suppositions import Stance
from domain.notice import Notice, Quota, UnitKind

_SEVERAL = 2
"""Numbers for so many categories are a report, whatever day is named with them."""

_WHAT_IS_LEFT = re.compile(
    r"(?:还|哪|什么)[^,。;?]{0,3}(?:差|少|缺)|(?:差|少|缺)[^,。;?]{0,2}(?:什么|哪|几|多少)|齐|全[了吗]|任务"
)
"""Who lists categories and asks this reports nothing of those left out."""

_NONE_ELSE = re.compile(r"(?:别的|其他的?|其它的?|其余的?|剩下的?)(?:类|几类|都|全|还|一个)*(?:没|未|空|为零|0个|零个)")
"""Who says so reports nothing of the others."""

_EACH_COUNTY = re.compile(r"(?:每个?|各)县市?[^,。;?]{0,3}\d?[^,。;?]{0,3}个")
_DEMANDED = re.compile(r"(?:每个?|各|一个)县市?[^,。;?]{0,5}(?:要|得|须|应)")
_FOR_EACH = re.compile(
    rf"(?:每|各|每一|每个)(?:小)?(?:类|种类?|类别|类型|样)(?:案例)?[^,。;?\d]{{0,3}}?({NUMBER})(?:个|篇|份|件)(?!字|主题)"
)
_CHOICE = re.compile(r"二选一|三选一|任选|选一[个类种]?|挑一[个类种]?|只[报交]一[类种]|随便报一[个类种]")
_OTHER_THINGS = (
    "奖",
    "站",
    "主题",
    "附件",
    "月",
    "支撑",
    "图",
    "字",
    "视频",
    "表",
    "邮件",
    "账号",
    "章",
    "打印",
    "胶装",
    "装订",
    "复印",
    "纸质",
)
"""What else is counted in 个 and 份."""

_COUNTS_PEOPLE = re.compile(r"(?:以上|以内|左右)?的?(?:人(?!写|报|交)|作者|同志|成员|署名|名字|单位|部门|专家|评委)")
_OF_COUNTY = re.compile(r"县[^,。;?]{0,4}(?:只有|才有|有|共|做|写)[^,。;?]{0,4}案例")
_MOST_COUNTED = 300
"""A larger number beside a category counts no cases."""

_OWN_MOST = re.compile(r"(?:只能|才|最多|顶多)[^,。;?]{0,6}(?:凑|做|写|弄|拿|找|搜)|凑得?出")
"""Who can bring no more speaks of what is short, not of a limit."""

_REACHED = re.compile(r"(?:满足|达到|够|过|到)了?(?:下限|限额|底线)")
_OF_ONE = re.compile(r"(?:每个|一个|每所|一所|每位|一位|每|同一个?)(?:小|中)?(?:学校?|校|老师|教师|人)(?!县)")
"""What one school or one person reports is no number of a county."""

_OF_PEOPLE = re.compile(
    r"(?:一个|一位|每个|每位|每|同一个|我|我们)(?:老师|教师|人|学校|校|单位)(?!县)[^,。;?]{0,6}(?:报|交|写|申报|推)|我(?:一个人|自己)?[^,。;?们县]{0,4}(?:报|交)"
)


def _names(question: Question, notice: Notice) -> str:
    kind = UnitKind.DIRECT_SCHOOL if question.direct and direct_quotas(notice) else UnitKind.COUNTY
    named = [notice.unit(unit).name for unit in question.units if notice.unit(unit).kind is kind]
    return "、".join(named) or per_unit_of(quotas_of(question, notice), notice)


def tell_quota(question: Question, notice: Notice, _: Lexicon) -> Draft:
    """The minimums of the categories asked about; with their sum, and the sum over all units, where that is asked."""
    quotas = _without_those_beside(question, notice)
    clauses = tuple(dict.fromkeys(quota.clause for quota in quotas))
    each = sum(quota.minimum or 0 for quota in quotas)
    units = units_meant(question, notice)
    if units is not None:
        return Draft(over_units(units, each, quotas, notice), clauses, "quota")
    floors = all(quota.minimum is not None and quota.maximum is None for quota in quotas)
    total = f"，合计至少 {each} 个" if len(quotas) > 1 and floors else ""
    note = "这是最低数，多报不限。" if floors else ""
    others = () if question.direct or question.units else _of_direct_schools(question, notice)
    beside = f"{per_unit_of(others, notice)}{listed(others)}。" if others else ""
    clauses = tuple(dict.fromkeys((*clauses, *(quota.clause for quota in others))))
    return Draft(f"{_names(question, notice)}{listed(quotas)}{total}。{note}{beside}", clauses, "quota")


def _of_direct_schools(question: Question, notice: Notice) -> tuple[Quota, ...]:
    """The numbers directly managed schools have of the same categories, where a question leaves open who is meant."""
    quotas = direct_quotas(notice)
    if any(word in question.text for word in ("至少", "最少", "最低", "不少于")):
        quotas = tuple(quota for quota in quotas if quota.minimum is not None)
    named = tuple(quota for quota in quotas if quota.category in question.categories)
    return named if question.categories else quotas


_BESIDES = re.compile(r"除[了开去掉]?(?:[a-z]\d?[、和与跟,及]?)+(?:类|案例)*(?:以外|之外|外)?")


def _without_those_beside(question: Question, notice: Notice) -> tuple[Quota, ...]:
    """The numbers asked about: of 除了c类还要几个 those of all others."""
    beside = _BESIDES.search(question.text)
    named = quotas_of(question, notice)
    others = tuple(quota for quota in county_quotas(notice) if quota not in named)
    if beside is None or not others or mentions(question.text[beside.end() :], notice):
        return named
    return others


def judge_counts(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The verdict on numbers of cases stated for categories, or for all together; None when none is stated."""
    own = bool(question.direct and direct_quotas(notice))
    if question.direct and not own and (question.counts or question.sums or question.of("cases")):
        return _of_direct(question, notice)
    judges = (
        judge_instead,
        _judge_choice,
        judge_left_out,
        judge_units,
        judge_compared,
        judge_alternatives,
        _judge_counted,
    )
    verdict = next((draft for judge in judges if (draft := judge(question, notice)) is not None), None)
    return None if verdict is not None and not own and of_one_person(question.text) else verdict


def _judge_counted(question: Question, notice: Notice) -> Draft | None:
    if not (question.counts or question.sums or question.of("cases") or _FOR_EACH.search(question.text)):
        return None
    if _OF_ONE.search(question.text) and max((value for _, value in question.counts), default=0) == 1:
        return None
    return _judge_reported(question, notice)


def _judge_reported(question: Question, notice: Notice) -> Draft | None:
    quotas = {quota.category: quota for quota in quotas_of(question, notice)}
    counts = {code: value for code, value in question.counts if code in quotas and value <= _MOST_COUNTED}
    a_day = question.days and len(counts) < _SEVERAL
    if "主题" in question.text or (a_day and not re.search(r"够|差|任务|达标|齐|只有|才有|这两样", question.text)):
        return None
    counts = counts or _each(question, notice)
    covered = all(code in counts for codes, _ in question.sums for code in codes)
    short = any((quotas[code].minimum or 0) > value for code, value in counts.items())
    together = None if counts and (covered or short) else _judge_sums(question, quotas)
    if together is not None:
        return together
    if not counts:
        return _judge_total(question, notice)
    if (len(counts) > _SEVERAL and _WHAT_IS_LEFT.search(question.text)) or _NONE_ELSE.search(question.text):
        summed = {code for codes, _ in question.sums for code in codes}
        counts |= {quota.category: 0 for quota in county_quotas(notice) if quota.category not in counts.keys() | summed}
        quotas = {quota.category: quota for quota in county_quotas(notice)}
    asked = tuple(quotas[code] for code in quotas if code in counts)
    clauses = tuple(dict.fromkeys(quota.clause for quota in asked))
    gaps = [(quota, (quota.minimum or 0) - counts[quota.category]) for quota in asked]
    over = [
        f"{quota.category} 多出 {shown(counts[quota.category] - quota.maximum)} 个"
        for quota in asked
        if quota.maximum is not None and counts[quota.category] > quota.maximum
    ]
    missing = [f"{quota.category} 还差 {shown(gap)} 个" for quota, gap in gaps if gap > 0]
    limited = _limits(question) and all(item.maximum is None for item in asked)
    above = any(counts[item.category] > (item.minimum or 0) for item in asked)
    if limited and question.claims and not _claims_least(question):
        text = f"不是上限。{listed(asked)}，是最低数，多报不限。"
    elif over:
        text = f"不行，超了。{'，'.join((*over, *missing))}（{listed(asked)}）。"
    elif _claims_least(question):
        head = "不是。" if any(gap for _, gap in gaps) else "是的，"
        text = f"{head}{_with_total(asked, question.text)}{open_ended(asked)}。"
    elif missing:
        text = f"不够。{'，'.join(missing)}（{_with_total(asked, question.text)}）。"
    elif limited and not above:
        text = f"不是上限。{listed(asked)}，是最低数，多报不限。"
    else:
        text = f"够了，符合要求。{_with_total(asked, question.text)}{open_ended(asked)}。"
    return Draft(text, clauses, "quota", verdict=True)


_SUMMED = re.compile(r"总共|一共|加起来|合计|总数|共\d|拢共|加在一起|合起来")


def _with_total(quotas: tuple[Quota, ...], text: str) -> str:
    """The numbers, with their sum where one is spoken of."""
    floors = len(quotas) > 1 and all(quota.minimum is not None and quota.maximum is None for quota in quotas)
    whole = sum(quota.minimum or 0 for quota in quotas)
    return f"{listed(quotas)}，合计至少 {whole} 个" if floors and _SUMMED.search(text) else listed(quotas)


def _limits(question: Question) -> bool:
    """Whether a number is claimed to be the most that may be reported."""
    own = _REACHED.search(question.text) or _OWN_MOST.search(question.text)
    return bool(question.acts & {Stance.AT_MOST, Stance.EXACTLY}) and not own


def _each(question: Question, notice: Notice) -> dict[str, float]:
    """The number stated for every category alike: 每类报一个."""
    match = _FOR_EACH.search(question.text)
    value = number(match.group(1)) if match else None
    return {} if value is None else {quota.category: value for quota in quotas_of(question, notice)}


def _judge_choice(question: Question, notice: Notice) -> Draft | None:
    """The verdict on reporting one of several categories instead of each: A1A2二选一. None when none is proposed."""
    if not (question.exact and len(question.categories) > 1 and _CHOICE.search(question.text)):
        return None
    quotas = quotas_of(question, notice)
    if not quotas or any(not quota.minimum for quota in quotas):
        return None
    clauses = tuple(dict.fromkeys(quota.clause for quota in quotas))
    return Draft(f"不行，每一类都要报：{listed(quotas)}。", clauses, "quota", verdict=True)


def _claims_least(question: Question) -> bool:
    """Whether the numbers are said to be the least: C至少5个对吗."""
    text = question.text
    least = any(word in text for word in ("至少", "最少", "最低", "起码")) or _DEMANDED.search(text) is not None
    spoken = text.rstrip("?。!").endswith(("嘛", "吧")) and _EACH_COUNTY.search(text) is not None
    least = least or (spoken and not _limits(question))
    return least and any(word in text for word in ("对吗", "吧", "是吗", "没错", "没记错", "嘛"))


def _of_direct(question: Question, notice: Notice) -> Draft | None:
    """No minimum holds for directly managed schools. None when no reporting is spoken of."""
    if not any(word in question.text for word in ("报", "交", "够", "最少", "至少", "个")):
        return None
    group = next((item for item in notice.unit_groups if item.kind is UnitKind.DIRECT_SCHOOL), None)
    if group is None or any(item.unit_kind is UnitKind.DIRECT_SCHOOL for item in notice.quotas):
        return None
    clauses = (*dict.fromkeys(quota.clause for quota in notice.quotas), notice.intake_stage.clause)
    demanded = re.search(
        r"必须|一定|至少|最少|非要|非得|(?:也|都|还)?(?:要|得)(?:报|交|凑)[^,。;?]{0,6}(?:吗|吧|不$)", question.text
    )
    head = "不是。" if demanded else "可以。"
    text = (
        f"{head}通知的最低数是对{per_unit(notice)}说的，没有给{group.name}规定最低数；{group.name}自己完成初选和上报。"
    )
    return Draft(text, clauses, "quota", verdict=True)


_EXACTLY = re.compile(r"对不对|对吗|是不是|是吧|没错|没记错|正确")


def _judge_sums(question: Question, quotas: dict[str, Quota]) -> Draft | None:
    """The verdict on numbers stated for several categories together: each has a minimum of its own."""
    parts = [(tuple(quotas[code] for code in codes if code in quotas), value) for codes, value in question.sums]
    parts += [((quotas[code],), value) for code, value in question.counts if parts and code in quotas]
    parts = [(asked, value) for asked, value in parts if asked and all(quota.maximum is None for quota in asked)]
    if not parts:
        return None
    asked = tuple(dict.fromkeys(quota for group, _ in parts for quota in group))
    gaps = [(group, sum(quota.minimum or 0 for quota in group) - value) for group, value in parts]
    missing = [f"{'、'.join(quota.category for quota in group)} 还差 {shown(gap)} 个" for group, gap in gaps if gap > 0]
    least = sum(quota.minimum or 0 for quota in asked)
    rule = f"{listed(asked)}，合计至少 {least} 个"
    if _limits(question):
        text = f"不是上限。{rule}，是最低数，多报不限。"
    elif _claims_least(question):
        text = f"{'不是。' if any(gap for _, gap in gaps) else '是的，'}{rule}，多报不限。"
    elif missing:
        text = (
            f"不够。{rule}，还差 {shown(gaps[0][1])} 个。"
            if len(parts) == 1
            else f"不够。{'，'.join(missing)}（{rule}）。"
        )
    elif len(parts) > 1 and all(gap == 0 for _, gap in gaps) and _EXACTLY.search(question.text):
        text = f"是的，{rule}，多报不限。"
    else:
        text = f"不能只看总数，每一类都要达到：{rule}，多报不限。"
    return Draft(text, tuple(dict.fromkeys(quota.clause for quota in asked)), "quota", verdict=True)


def _judge_single(value: float, quota: Quota) -> Draft:
    """The verdict on a number of cases of the one category spoken of, which has a most."""
    if quota.maximum is not None and value > quota.maximum:
        text = f"不行，超了。{quota.category} 多出 {shown(value - quota.maximum)} 个（{listed((quota,))}）。"
    elif value < (quota.minimum or 0):
        text = f"不够。{quota.category} 还差 {shown((quota.minimum or 0) - value)} 个（{listed((quota,))}）。"
    else:
        text = f"符合要求。{listed((quota,))}。"
    return Draft(text, (quota.clause,), "quota", verdict=True)


_REPORTED = ("报", "交", "任务", "凑", "收", "上限", "封顶", "最多", "至多")
_OF_RANKS = re.compile(r"一二三等|[一二三]等(?!的)|评[几多]|评(?:上|得)")
_OF_SCHOOLS = re.compile(r"(?:示范校|试点校|重点学校|学校|乡镇|老师|教师|学生|班)[^,。;?\d报交推]{0,3}$")
"""What is counted is those who report, not cases."""


def _judge_total(question: Question, notice: Notice) -> Draft | None:
    text = question.text
    amounts = tuple(
        amount
        for amount in question.of("cases")
        if not _COUNTS_PEOPLE.match(text, amount.end) and not _OF_SCHOOLS.search(text[: amount.start])
    )
    if not amounts or any(word in text for word in _OTHER_THINGS):
        return None
    if not (any(word in text for word in _REPORTED) or _OF_COUNTY.search(text)) or ALL_UNITS.search(text):
        return None
    if question.acts & {"who", "where"} or _OF_PEOPLE.search(text) or _OF_RANKS.search(text):
        return None
    value = max(amount.value for amount in amounts)
    quotas = quotas_of(question, notice)
    if any(quota.maximum is not None for quota in quotas):
        return _judge_single(value, quotas[0]) if len(quotas) == 1 else None
    each = sum(quota.minimum or 0 for quota in quotas)
    if value < 2 and not any(mark in question.text for mark in ("够", "只", "就")):  # noqa: PLR2004 - 一个 is mostly no number
        return None
    clauses = tuple(dict.fromkeys(quota.clause for quota in quotas))
    if len(quotas) == 1 and value >= each and not _limits(question):
        text = f"可以。{listed(quotas)}，{shown(value)} 个达到要求，多报不限。"
    elif value >= each and _limits(question):
        text = f"不是。{each} 个是各类最低数相加，不是上限：{listed(quotas)}，多报不限。"
    elif value < each:
        text = f"不够。{per_unit(notice)}合计至少 {each} 个：{listed(quotas)}，还差 {shown(each - value)} 个。"
    else:
        text = f"不能只看总数：总数够了，还要各类都达到，{listed(quotas)}，多报不限。"
    return Draft(text, clauses, "quota", verdict=True)
