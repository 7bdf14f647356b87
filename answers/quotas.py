"""How many cases a unit reports: told, and judged against stated numbers."""

from __future__ import annotations

import re

from answers.lexicon import Lexicon
from answers.numerals import NUMBER, number, shown
from answers.question import Question
from answers.reply import Draft
from answers.suppositions import Stance
from domain.notice import Notice, Quota, UnitKind

_ALL_UNITS = re.compile(rf"(?!一个|1个|一县|1县){NUMBER}个?县|各县市(?:一共|加)|县市加起来|全州|所有县|全部县")
_SOME_UNITS = re.compile(rf"({NUMBER})个县")
_SEVERAL = 2
"""Numbers for so many categories are a report, whatever day is named with them."""

_WHAT_IS_LEFT = re.compile(
    r"(?:还|哪|什么)[^,。;?]{0,3}(?:差|少|缺)|(?:差|少|缺)[^,。;?]{0,2}(?:什么|哪|几|多少)|齐|全[了吗]|任务"
)
"""Who lists categories and asks this reports nothing of those left out."""

_EACH_COUNTY = re.compile(r"(?:每个?|各)县市?[^,。;?]{0,3}\d?[^,。;?]{0,3}个")
_DEMANDED = re.compile(r"(?:每个?|各|一个)县市?[^,。;?]{0,5}(?:要|得|须|应)")
_FOR_EACH = re.compile(
    rf"(?:每|各|每一|每个)(?:小)?(?:类|种类?|类别|类型)(?:案例)?[^,。;?\d]{{0,3}}?({NUMBER})(?:个|篇|份|件)(?!字|主题)"
)
_CHOICE = re.compile(r"二选一|三选一|任选|选一[个类种]?|挑一[个类种]?|只[报交]一[类种]|随便报一[个类种]")
_OTHER_THINGS = ("奖", "站", "主题", "附件", "月", "支撑", "图", "字", "视频", "表", "邮件", "账号", "章")
"""What else is counted in 个 and 份."""

_COUNTS_PEOPLE = re.compile(r"(?:以上|以内|左右)?的?(?:人(?!写|报|交)|作者|同志|成员|署名|名字|单位|部门|专家|评委)")
_OF_COUNTY = re.compile(r"县[^,。;?]{0,4}(?:只有|才有|有|共|做|写)[^,。;?]{0,4}案例")
_MOST_COUNTED = 300
"""A larger number beside a category counts no cases."""

_OWN_MOST = re.compile(r"(?:我们|我县|本县|只能|才|最多|顶多)[^,。;?]{0,6}(?:凑|做|写|弄|拿|找|搜)|凑得?出")
"""Who can bring no more speaks of what is short, not of a limit."""

_REACHED = re.compile(r"(?:满足|达到|够|过|到)了?(?:下限|限额|底线)")
_OF_PEOPLE = re.compile(
    r"(?:一个|一位|每个|每位|每|同一个|我|我们)(?:老师|教师|人|学校|校|单位)(?!县)[^,。;?]{0,6}(?:报|交|写|申报|推)|我(?:一个人|自己)?[^,。;?们县]{0,4}(?:报|交)"
)


def _all(notice: Notice) -> tuple[Quota, ...]:
    """The numbers set for counties."""
    return tuple(
        item
        for item in notice.quotas
        if item.unit_kind is UnitKind.COUNTY and (item.minimum is not None or item.maximum is not None)
    )


def _quotas(question: Question, notice: Notice) -> tuple[Quota, ...]:
    """The numbers set for counties, of the categories named, else of all."""
    quotas = _all(notice)
    named = tuple(item for item in quotas if item.category in question.categories)
    return named or quotas


def _listed(quotas: tuple[Quota, ...]) -> str:
    """The numbers as people say them: A1、A2 至少各 1 个，C 至少 5 个，V 最多 5 个."""
    groups: dict[tuple[int | None, int | None], list[str]] = {}
    for quota in quotas:
        groups.setdefault((quota.minimum, quota.maximum), []).append(quota.category)
    parts = []
    for (least, most), codes in groups.items():
        each = "各" if len(codes) > 1 else ""
        limits = [f"至少{each} {least} 个"] if least is not None else []
        limits += [f"最多{each} {most} 个"] if most is not None else []
        parts.append(f"{'、'.join(codes)} {'、'.join(limits)}")
    return "，".join(parts)


def _open_ended(quotas: tuple[Quota, ...]) -> str:
    """That more may be reported, where it may."""
    if all(quota.maximum is None for quota in quotas):
        return "，多报不限"
    return "" if all(quota.maximum is not None for quota in quotas) else "，只写“至少”的多报不限"


def _per_unit(notice: Notice) -> str:
    """How a county is spoken of in this notice: 每县市, 每区."""
    group = next((item for item in notice.unit_groups if item.kind is UnitKind.COUNTY), None)
    return f"每{group.name}" if group else "每个单位"


def _counties(notice: Notice) -> int:
    return sum(unit.kind is UnitKind.COUNTY for unit in notice.units)


def _names(question: Question, notice: Notice) -> str:
    named = [notice.unit(unit).name for unit in question.units if notice.unit(unit).kind is UnitKind.COUNTY]
    return "、".join(named) or _per_unit(notice)


def tell_quota(question: Question, notice: Notice, _: Lexicon) -> Draft:
    """The minimums of the categories asked about; with their sum, and the sum over all units, where that is asked."""
    quotas = _quotas(question, notice)
    clauses = tuple(dict.fromkeys(quota.clause for quota in quotas))
    each = sum(quota.minimum or 0 for quota in quotas)
    count = _counties(notice)
    some = _SOME_UNITS.search(question.text)
    stated = number(some.group(1)) if some else None
    if stated is not None and 1 < stated < count:
        return Draft(_over_units(stated, each, quotas, notice), clauses, "quota")
    if _ALL_UNITS.search(question.text):
        return Draft(_over_units(count, each, quotas, notice), clauses, "quota")
    floors = all(quota.minimum is not None and quota.maximum is None for quota in quotas)
    total = f"，合计至少 {each} 个" if len(quotas) > 1 and floors else ""
    note = "这是最低数，多报不限。" if floors else ""
    return Draft(f"{_names(question, notice)}{_listed(quotas)}{total}。{note}", clauses, "quota")


def _over_units(count: float, each: int, quotas: tuple[Quota, ...], notice: Notice) -> str:
    """How many cases several counties report at least, together and each."""
    unit = _per_unit(notice)
    whole = f"{shown(count)} 个{unit.removeprefix('每')}按最低数一共 {shown(each * count)} 个"
    return f"{whole}：{unit}至少 {each} 个（{_listed(quotas)}）。"


def judge_counts(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The verdict on numbers of cases stated for categories, or for all together; None when none is stated."""
    if question.direct and (question.counts or question.sums or question.of("cases")):
        return _of_direct(question, notice)
    return _judge_choice(question, notice) or _judge_counted(question, notice)


def _judge_counted(question: Question, notice: Notice) -> Draft | None:
    quotas = {quota.category: quota for quota in _quotas(question, notice)}
    counts = {code: value for code, value in question.counts if code in quotas and value <= _MOST_COUNTED}
    a_day = question.days and len(counts) < _SEVERAL
    if "主题" in question.text or (a_day and not re.search(r"够|差|任务|达标|齐", question.text)):
        return None
    counts = counts or _each(question, notice)
    covered = all(code in counts for codes, _ in question.sums for code in codes)
    short = any((quotas[code].minimum or 0) > value for code, value in counts.items())
    together = None if counts and (covered or short) else _judge_sums(question, quotas)
    if together is not None:
        return together
    if not counts:
        return _judge_total(question, notice)
    if len(counts) > _SEVERAL and _WHAT_IS_LEFT.search(question.text):
        summed = {code for codes, _ in question.sums for code in codes}
        counts |= {quota.category: 0 for quota in _all(notice) if quota.category not in counts.keys() | summed}
        quotas = {quota.category: quota for quota in _all(notice)}
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
        text = f"不是上限。{_listed(asked)}，是最低数，多报不限。"
    elif over:
        text = f"不行，超了。{'，'.join((*over, *missing))}（{_listed(asked)}）。"
    elif _claims_least(question):
        head = "不是。" if any(gap for _, gap in gaps) else "是的，"
        text = f"{head}{_listed(asked)}{_open_ended(asked)}。"
    elif missing:
        text = f"不够。{'，'.join(missing)}（{_listed(asked)}）。"
    elif limited and not above:
        text = f"不是上限。{_listed(asked)}，是最低数，多报不限。"
    else:
        text = f"够了，符合要求。{_listed(asked)}{_open_ended(asked)}。"
    return Draft(text, clauses, "quota", verdict=True)


def _limits(question: Question) -> bool:
    """Whether a number is claimed to be the most that may be reported."""
    own = _REACHED.search(question.text) or _OWN_MOST.search(question.text)
    return Stance.AT_MOST in question.acts and not own


def _each(question: Question, notice: Notice) -> dict[str, float]:
    """The number stated for every category alike: 每类报一个."""
    match = _FOR_EACH.search(question.text)
    value = number(match.group(1)) if match else None
    return {} if value is None else {quota.category: value for quota in _quotas(question, notice)}


def _judge_choice(question: Question, notice: Notice) -> Draft | None:
    """The verdict on reporting one of several categories instead of each: A1A2二选一. None when none is proposed."""
    quotas = _quotas(question, notice)
    named = question.exact and len(question.categories) > 1
    if not named or not _CHOICE.search(question.text) or any(not quota.minimum for quota in quotas):
        return None
    clauses = tuple(dict.fromkeys(quota.clause for quota in quotas))
    return Draft(f"不行，每一类都要报：{_listed(quotas)}。", clauses, "quota", verdict=True)


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
    demanded = any(word in question.text for word in ("必须", "一定", "至少", "最少", "非要"))
    head = "不是。" if demanded else "可以。"
    text = (
        f"{head}通知的最低数是对{_per_unit(notice)}说的，没有给{group.name}规定最低数；{group.name}自己完成初选和上报。"
    )
    return Draft(text, clauses, "quota", verdict=True)


def _judge_sums(question: Question, quotas: dict[str, Quota]) -> Draft | None:
    """The verdict on a number stated for several categories together: each has a minimum of its own."""
    for codes, value in question.sums:
        asked = tuple(quotas[code] for code in codes if code in quotas)
        if any(quota.maximum is not None for quota in asked):
            continue
        least = sum(quota.minimum or 0 for quota in asked)
        if not asked:
            continue
        clauses = tuple(dict.fromkeys(quota.clause for quota in asked))
        rule = f"{_listed(asked)}，合计至少 {least} 个"
        limit = _limits(question)
        if limit:
            text = f"不是上限。{rule}，是最低数，多报不限。"
        elif value < least:
            text = f"不够。{rule}，还差 {shown(least - value)} 个。"
        else:
            text = f"不能只看总数，每一类都要达到：{rule}，多报不限。"
        return Draft(text, clauses, "quota", verdict=True)
    return None


def _judge_total(question: Question, notice: Notice) -> Draft | None:
    amounts = tuple(amount for amount in question.of("cases") if not _COUNTS_PEOPLE.match(question.text, amount.end))
    reports = any(word in question.text for word in ("报", "交", "任务", "凑", "收")) or _OF_COUNTY.search(
        question.text
    )
    limits = any(word in question.text for word in ("上限", "封顶", "最多", "至多"))
    if not amounts or not (reports or limits) or any(word in question.text for word in _OTHER_THINGS):
        return None
    if _ALL_UNITS.search(question.text) or question.acts & {"who", "where"}:
        return None
    if _OF_PEOPLE.search(question.text):
        return None
    value = max(amount.value for amount in amounts)
    quotas = _quotas(question, notice)
    if any(quota.maximum is not None for quota in quotas):
        return None
    each = sum(quota.minimum or 0 for quota in quotas)
    if value < 2 and not any(mark in question.text for mark in ("够", "只", "就")):  # noqa: PLR2004 - 一个 is mostly no number
        return None
    clauses = tuple(dict.fromkeys(quota.clause for quota in quotas))
    if len(quotas) == 1 and value >= each and not _limits(question):
        text = f"可以。{_listed(quotas)}，{shown(value)} 个达到要求，多报不限。"
    elif value >= each and _limits(question):
        text = f"不是。{each} 个是各类最低数相加，不是上限：{_listed(quotas)}，多报不限。"
    elif value < each:
        text = f"不够。{_per_unit(notice)}合计至少 {each} 个：{_listed(quotas)}，还差 {shown(each - value)} 个。"
    else:
        text = f"不能只看总数：总数够了，还要各类都达到，{_listed(quotas)}，多报不限。"
    return Draft(text, clauses, "quota", verdict=True)
