"""Numbers of cases that a question states for categories."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from answers.comparison import reading
from answers.numerals import NUMBER, number, vague

_NOT_CASES = (
    "(?!创新|主题|方面|部分|课堂|层面|阶段|字|月|人|部门|学校|老师|教师|图|县|单位|附件|小节|问题|文件|支撑|新"
    "|写|视频|微视频)"
)
_NONE_REPORTED = re.compile(
    r"(?:类|案例)?(?:可以|可不可以|能不能|能否|是否可以|能|想)?(?:一个|一篇)?(?:都|也|还)?(?:没有(?=[,。;?、]|$|报|交|行|可以|吗|案例|[a-z])|没[报交做写推凑动](?=[,。;?、了吗吧可行呢a-z够齐]|$|案例)|不报|报不出来|写不出来|凑不出来?|出不来|出不了|一个没|没有?人(?:写|报|交|愿|做|肯)|空着|空起|空缺|缺着|挂零|为零)"
)
_COUNTED = re.compile(
    rf"(?:类|案例|的)*[^\d,。;!?里讲提]{{0,7}}?(?:(?<![哪这那几第另])({NUMBER})\s*(?:个|篇|件|例|份){_NOT_CASES}|(俩|仨)(?!人|老师|学校))"
)
_BARELY_COUNTED = re.compile(
    r"(?:类|案例|的|[报交有是为只凑推做写收弄要得才就各都共了过到:=\s]|已经|目前|现在|一共|总共|合计|加起来|大概)*"
    rf"({NUMBER})\s*(?=[\s,、。;?齐够吗吧对好]|可以|$)"
)
"""A number of cases without a counting word: only words of reporting stand before it (a1报1, c目前有3)."""

_SOMETHING = re.compile(r"(?![行够吗可也就都还没能算了的吧呀和及案是要会行报交写不超多少差])[\u4e00-\u9fff]")
"""What 一个 is said of when more follows: a story, a lesson, not a case."""

_FOR_EACH = re.compile(r"每[^,。;?\d县]{1,5}$")

_SENT_BACK = re.compile(
    rf"(?:被?(?:退|退回|打回|刷掉|淘汰|撤|撤回|否)(?:了|掉|来)*)({NUMBER})(?:个|篇|份)"
    rf"|({NUMBER})(?:个|篇|份)[^,。;?\d]{{0,3}}?(?:被?退|被?打回|被?刷|被否|不合格|没过|没通过|作废|撤)"
)
_LEFT = re.compile(rf"(?:只剩|还剩|剩下|剩)(?:了|下)?({NUMBER})(?:个|篇|份)")
_DIFFERENCE = re.compile(r"(?<![最至不])[少差缺](?!于)|(?<![最至顶])多(?:出|了|报|推|交|来)*$")
_JOINS = re.compile(r"(?:类|案例)?[\s和、与及跟,/]*")
_BEFORE = re.compile(rf"(?<![哪这那几第另])({NUMBER})\s*(?:个|篇|件|例|份)\s*(?=[a-z])")
_TOGETHER = ("合计", "一共", "总共", "共计", "总计", "加起来", "加一起", "加在一起", "合起来", "拢共", "共")
_EACH = ("各", "都", "每", "分别", "均")


def counts_in(
    text: str, named: Sequence[tuple[int, int, tuple[str, ...]]]
) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[tuple[str, ...], float], ...]]:
    """Numbers of cases stated for categories: "a1报2个, b1和b2各两个, c 5" -> A1 2, B1 2, B2 2, C 5; and those stated
    for several together: "b1和b2加起来4个" -> (B1, B2) 4."""
    if not named:
        return (), ()
    counts: dict[str, float] = {}
    sums: list[tuple[tuple[str, ...], float]] = []
    pending: list[str] = []
    returned = _returned(text)
    for place, (_, end, codes) in enumerate(named):
        pending.extend(codes)
        following = named[place + 1][0] if place + 1 < len(named) else len(text)
        between = text[end:following]
        match = _COUNTED.match(between) or _BARELY_COUNTED.match(between)
        if _NONE_REPORTED.match(between):
            counts.update(dict.fromkeys(pending, 0.0))
            pending = []
        elif match:
            lead = between[: match.start(match.lastindex or 1)]
            value = returned(_stated(text, end, match), end + match.end(), following)
            if _DIFFERENCE.search(lead) or (value == 1 and _SOMETHING.match(between, match.end())):
                continue
            together = len(codes) > 1 or any(word in lead for word in _TOGETHER)
            if value is not None and len(pending) > 1 and together and not any(word in lead for word in _EACH):
                sums.append((tuple(pending), value))
            elif value is not None:
                counts.update(dict.fromkeys(pending, value))
            pending = []
        elif not _JOINS.fullmatch(between):
            pending = []
    for code, value in _named_after(text, named):
        counts.setdefault(code, value)
    return tuple(counts.items()), tuple(sums)


def _stated(text: str, start: int, match: re.Match[str]) -> float | None:
    """The number of cases that `match`, found in `text` from `start` on, states."""
    written = next(filter(None, match.groups()))
    span = vague(written)
    begin = start + match.start(match.lastindex or 1)
    return _counted(text, begin, start + match.end(), span[0] if span else number(written))


def _named_after(text: str, named: Sequence[tuple[int, int, tuple[str, ...]]]) -> Iterator[tuple[str, float]]:
    """Numbers that stand before their category: 2个a1. Not 每个乡镇1个c: how many that makes is not said."""
    for match in _BEFORE.finditer(text):
        value = number(match.group(1))
        if value is not None and not _FOR_EACH.search(text[: match.start()]):
            after = next((codes for start, _, codes in named if start == match.end()), ())
            yield from ((code, value) for code in after)


def _returned(text: str) -> Callable[[float | None, int, int], float | None]:
    """Takes those off a number of cases that are said, behind it, to have been sent back or not to count."""
    if not (_SENT_BACK.search(text) or _LEFT.search(text)):
        return lambda value, _start, _end: value

    def less(value: float | None, start: int, end: int) -> float | None:
        left = _LEFT.search(text, start, end)
        back = _SENT_BACK.search(text, start, end)
        if left is not None:
            return number(left.group(1))
        taken = number(next(filter(None, back.groups()))) if back is not None else None
        return max(0.0, value - taken) if value is not None and taken is not None else value

    return less


def _counted(text: str, start: int, end: int, value: float | None) -> float | None:
    """A number of cases, whole: 不到2个 is 1 at most, 超过5个 is 6 at least."""
    if value is None:
        return None
    meant = reading(text, start, end, value)
    if not meant.exact and meant.high == value:
        within = text[max(0, start - 4) : start].endswith(("不超过", "不多于")) or "以内" in text[end : end + 2]
        return value if within else value - 1
    return value
