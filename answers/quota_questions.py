"""What else is asked of the numbers of cases: one category instead of another, all units together, which takes more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answers.minimums import counties, county_quotas, listed, open_ended, over_units, per_unit, quotas_of
from answers.numerals import NUMBER, number, shown
from answers.question import Question
from answers.reply import Draft
from domain.notice import Notice, Quota

ALL_UNITS = re.compile(rf"(?!一个|1个|一县|1县){NUMBER}个?县|各县市?(?:一共|加)|县市加起来|全州|所有县|全部县")
SOME_UNITS = re.compile(rf"({NUMBER})个县")
_FULFILS = re.compile(r"够|差(?!不多)|缺|齐|任务|达标|完成|限额|名额|指标|县|全州|至少|最少|最多|超")
_ONE_PERSON = re.compile(
    r"一个人|同一[个位]?(?:人|老师|教师|作者)|我自己|本人|我个人|(?<!哪)(?:一|每|那|某)[个位名](?:老师|教师|作者|人)|每人"
    r"|老师(?:想|要|自己|一个人)|夫妻|两口子|同一个?学校|一[个所]学校|每[个所]?学?校|本校|我校|我们学?校|学校(?:只|想|打算|准备)"
)
_I = re.compile(
    r"我(?!们|县|市|区|州|局|馆|站|办|理解|听|记|看|觉得|以为|问|想问|知道)(?:一个人|自己)?[^,。;?]{0,12}(?:报|交|写|做|拍|排|有|弄|编|准备)"
)
_BEYOND_ONE = re.compile(r"县|全州|任务|限额|指标|名额")
_INSTEAD = re.compile(
    r"顶替|顶(?![多格头部])|抵(?![达制])|代替|替代|替(?=[a-z])|匀|挪|凑(?:数|到|给|够|成|上|在|可以|行|吗|$|\?)|充(?:数|当|作|抵)"
    r"|补(?:到|给|上|齐)?(?=[a-z缺少])|算(?:成|作|到|进|在|给|个)?(?=[a-z]\d?)|当(?:成|作|做)?(?=[a-z]\d)|折算|折抵|互补|调剂|扯平|抹平"
)
_SURPLUS = re.compile(
    r"多(?:出|了|报|余|推|的\d|的[一两]|\d|一[个篇]|两[个篇])|富余|富裕|超(?:出|了)?\d|缺|少(?:了)?[一两\d]|差(?:了)?[一两\d个]|不够|没有|空|名额|任务"
    r"|指标|[\d一二两三四五六七八九][个篇]"
)
_PIECES_OF_WORK = re.compile(r"视频|文字|插图|格式|还是|盖章|支撑|模板|字")
_OF_LESS = re.compile(r"比[^,。;?]{0,12}?(?:多|少)(?:报|要|交)?(?:几|多少)|多多少|少多少|差几个|相差")
_OF_TIMES = re.compile(r"几倍|多少倍")
_WHICH = re.compile(r"(?:哪|谁)(?:一)?(?:个|类|边|样|种)?[^,。;?]{0,6}?(?P<more>多|少|高|低)(?!少)")
_WHICH_OF_ALL = re.compile(
    r"(?:哪|什么)(?:一)?(?:个)?(?:类|样|种)[^,。;?]{0,8}最(?P<a>多|高|大|少|低|小)"
    r"|最(?P<b>多|高|大|少|低|小)[^,。;?]{0,4}(?:哪|什么)(?:一)?(?:个)?(?:类|样|种)"
)
_OF_OTHER_THINGS = re.compile(r"字|图|奖|视频|难|分|时间|主题|方面|内容|材料")
_EACH_OR_EACH = re.compile(
    r"每?个?县市?[^,。;?]{0,3}还是|还是(?:每|各|一)?个?(?:县|学校|校|人|老师)|共[^,。;?]{0,4}还是各|各[^,。;?]{0,4}还是"
    rf"|{NUMBER}(?:个|篇)?还是{NUMBER}(?:个|篇)"
)
_ONLY = re.compile(r"只(?:准备|想|打算|能)?[报交推送][^,。;?]{0,8}(?:可以|行|吗|能|成)")
_FEWER = re.compile(r"只[报交推][一两二三四1-4]个?类|(?:报|交)(?:够|满|齐)?[一两三四1-4]个?类就")
_TWO = 2


def of_one_person(text: str) -> bool:
    """Whether numbers of cases are those of one person or one school, for whom a minimum of counties says nothing."""
    if _ONE_PERSON.search(text):
        return _BEYOND_ONE.search(text) is None
    return _I.search(text) is not None and _FULFILS.search(text) is None


def judge_instead(question: Question, notice: Notice) -> Draft | None:
    """The verdict on letting too many of one category stand for too few of another; None when that is not proposed."""
    text = question.text
    if not question.exact or len(question.categories) < _TWO:
        return None
    if not (_INSTEAD.search(text) and _SURPLUS.search(text)) or _PIECES_OF_WORK.search(text):
        return None
    quotas = quotas_of(question, notice)
    if len(quotas) < _TWO or any(not quota.minimum for quota in quotas):
        return None
    counts = dict(question.counts)
    gaps = [
        f"{quota.category} 还差 {shown((quota.minimum or 0) - counts[quota.category])} 个"
        for quota in quotas
        if quota.category in counts and counts[quota.category] < (quota.minimum or 0)
    ]
    short = f"不够。{'，'.join(gaps)}；" if gaps else ""
    text = f"{short}不能互相顶替，每一类都要各自达到：{listed(quotas)}{open_ended(quotas)}。"
    return Draft(text, _clauses(quotas), "quota", verdict=True)


_SURELY = re.compile(r"[呗嘛哈]\??$")


def judge_units(question: Question, notice: Notice) -> Draft | None:
    """The verdict on a number claimed for several units together (8个县C类至少40个); None when none is claimed."""
    text = question.text
    if (
        "many" in question.acts
        or _OF_OTHER_THINGS.search(text)
        or not (question.acts & {"claim", "may"} or _SURELY.search(text))
    ):
        return None
    stated = [amount.value for amount in question.of("cases")]
    count = units_meant(question, notice) if stated else None
    quotas = quotas_of(question, notice)
    if count is None or any(quota.minimum is None or quota.maximum is not None for quota in quotas):
        return None
    each = sum(quota.minimum or 0 for quota in quotas)
    head = "是的，" if max(stated) == count * each else "不是。"
    return Draft(head + over_units(count, each, quotas, notice), _clauses(quotas), "quota", verdict=True)


def units_meant(question: Question, notice: Notice) -> float | None:
    """How many units a number is asked of together: 三个县, 全州, or two named; None when of each."""
    some = SOME_UNITS.search(question.text)
    stated = number(some.group(1)) if some else None
    if stated is not None and 1 < stated < counties(notice):
        return stated
    if ALL_UNITS.search(question.text):
        return counties(notice)
    together = re.search(r"总共|一共|加起来|合起来|合计|共", question.text)
    return len(question.units) if together and len(question.units) >= _TWO else None


def judge_compared(question: Question, notice: Notice) -> Draft | None:
    """Which categories take more, and by how much; None when they are not compared by number."""
    text = question.text
    if _OF_OTHER_THINGS.search(text):
        return None
    of_all = _WHICH_OF_ALL.search(text)
    if of_all is not None:
        return _extreme(county_quotas(notice), most=(of_all.group("a") or of_all.group("b")) in "多高大")
    groups = _groups_compared(question, notice)
    if len(groups) != _TWO:
        return None
    first, second = (sum(quota.minimum or 0 for quota in group) for group in groups)
    names = ["、".join(quota.category for quota in group) for group in groups]
    both = tuple(quota for group in groups for quota in group)
    if _OF_TIMES.search(text) and second:
        told = f"按最低数，{names[0]} 是 {names[1]} 的 {first / second:g} 倍"
    elif _OF_LESS.search(text) or _WHICH.search(text):
        relation = "一样多" if first == second else f"{'多' if first > second else '少'} {abs(first - second)} 个"
        told = f"按最低数，{names[0]} {'和' if first == second else '比'} {names[1]} {relation}"
    else:
        return None
    return Draft(f"{told}：{listed(both)}。", _clauses(both), "quota", verdict=True)


def _extreme(quotas: Sequence[Quota], *, most: bool) -> Draft | None:
    least = [quota.minimum or 0 for quota in quotas]
    if not least:
        return None
    wanted = max(least) if most else min(least)
    codes = "、".join(quota.category for quota in quotas if (quota.minimum or 0) == wanted)
    each = "各" if "、" in codes else ""
    told = f"{codes} 类最{'多' if most else '少'}，至少{each} {wanted} 个（{listed(tuple(quotas))}）。"
    return Draft(told, _clauses(tuple(quotas)), "quota", verdict=True)


def _groups_compared(question: Question, notice: Notice) -> list[tuple[Quota, ...]]:
    """The groups of categories named one after the other, with their numbers."""
    quotas = {quota.category: quota for quota in county_quotas(notice)}
    groups: list[tuple[Quota, ...]] = []
    for _, _, codes in question.mentions:
        group = tuple(quotas[code] for code in codes if code in quotas)
        if group and group not in groups:
            groups.append(group)
    return groups


def judge_alternatives(question: Question, notice: Notice) -> Draft | None:
    """For whom a number holds, where two are offered (每个县还是每个学校, 共2个还是各2个); None when they are not."""
    counted = question.of("cases") or question.counts or question.sums
    if not counted or _EACH_OR_EACH.search(question.text) is None:
        return None
    quotas = quotas_of(question, notice)
    if any(not quota.minimum for quota in quotas):
        return None
    least = sum(quota.minimum or 0 for quota in quotas)
    whole = f"，合计至少 {least} 个" if len(quotas) > 1 else ""
    told = f"是对{per_unit(notice)}说的：{listed(quotas)}{whole}，每一类分别算。"
    return Draft(told, _clauses(quotas), "quota", verdict=True)


def judge_left_out(question: Question, notice: Notice) -> Draft | None:
    """The verdict on reporting some categories only; None when that is not proposed, or by one person or school."""
    quotas = county_quotas(notice)
    some = _FEWER.search(question.text) is not None
    if not some and question.exact and _ONLY.search(question.text):
        named = {quota.category for quota in quotas} & set(question.categories)
        some = _TWO <= len(named) < len(quotas)
    if not some or question.counts or question.sums or _OF_OTHER_THINGS.search(question.text):
        return None
    if _ONE_PERSON.search(question.text) or _I.search(question.text) or any(not quota.minimum for quota in quotas):
        return None
    return Draft(f"不行，每一类都要报：{listed(quotas)}。", _clauses(quotas), "quota", verdict=True)


def _clauses(quotas: tuple[Quota, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(quota.clause for quota in quotas))
