"""How many prizes there are and who wins one: told, and judged against stated numbers and shares."""

from __future__ import annotations

import re

from answers.lexicon import Lexicon
from answers.numerals import NUMBER, number, shown
from answers.question import Question
from answers.reply import Draft
from answers.suppositions import Stance
from domain.notice import Notice
from domain.policy import split_awards

_PERCENT = 100
_RATIO = re.compile(r"(?<![\d:])(\d)\s*[:比]\s*(\d)\s*[:比]\s*(\d)(?![\d:])")
_WINNERS = re.compile(
    rf"(?:获奖|得奖|中奖|评上)(?:的)?(?:有|是|共|总数)*({NUMBER})个|({NUMBER})个(?:获奖|得奖|中奖)(?:的话|,|里)"
    rf"|评出({NUMBER})个奖"
)
_LOSING = re.compile(
    r"没奖|没得奖|没获奖|不得奖|不获奖|拿不到|得不到|落选|没有奖|空手|没份|淘汰|刷掉|评不上|没评上|没有(?=$|[,。;?对是吧])"
)
_CERTIFICATE = re.compile(r"(?:有|发|给|得|拿)[^,。;?]{0,3}证书?")
_WINS = re.compile(r"(?:得|拿|获|有|评|中|发|给|颁)[^,。;?]{0,4}(?:奖|证书?)(?![的者后之案])|有份")
_OF_PRIZES = re.compile(r"奖|评上|评不上|评(?:得|出)?(?:几|多少)|一二三等|(?<!国)[一二三]等(?!的)|没份|落选|空手")
_SUPPOSED = re.compile(r"收|报|要是|如果|假如|假设|比方|共|案例|总|全州|里|当中|中间|能|按|交")
_OF_ALL = re.compile(r"全部|所有|总数|总的|报上来|上报|案例总|全州")


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
    if not (_OF_PRIZES.search(text) or _RATIO.search(text) or _CERTIFICATE.search(text)):
        return None
    if question.acts & {"when", "where"} and "many" not in question.acts:
        return None
    awards = notice.awards
    if _all_win(question):
        told = f"不是每个都得奖：{tell_awards(question, notice, words).text}"
        return Draft(told, (awards.clause,), "awards", verdict=True)
    stated = question.of("percent")
    ratio = _RATIO.search(text)
    if stated or ratio:
        right = all(_share_is_right(text, share.start, share.value, notice) for share in stated)
        right = right and (ratio is None or tuple(map(int, ratio.groups())) == tuple(awards.parts))
        head = "是的。" if right else "不是。"
        return Draft(head + tell_awards(question, notice, words).text, (awards.clause,), "awards", verdict=True)
    return _judge_more(question, notice) or _judge_number(question, notice)


def _judge_number(question: Question, notice: Notice) -> Draft | None:
    """The prizes for a stated number of cases, or of cases that win; None when none is stated."""
    text, awards = question.text, notice.awards
    amounts = [item for item in question.of("cases") if item.value >= 5]  # noqa: PLR2004 - fewer cannot be divided
    winners = _WINNERS.search(text)
    won = number(next(filter(None, winners.groups()))) if winners else None
    supposed = [item for item in amounts if item.value != won]
    if won is not None and won == int(won) and won >= sum(awards.parts) and not supposed:
        shares = [
            f"{name} {int(won) * part // sum(awards.parts)} 个"
            for name, part in zip(awards.names, awards.parts, strict=True)
        ]
        told = f"获奖 {shown(won)} 个，按 {':'.join(map(str, awards.parts))} 约为{'、'.join(shares)}。"
        return Draft(told, (awards.clause,), "awards", verdict=True)
    supposed = supposed or amounts
    if not supposed or not _SUPPOSED.search(text):
        return None
    value = int(supposed[0].value)
    split = split_awards(awards, value)
    pieces = "、".join(f"{name} {count} 个" for name, count in zip(awards.names, split, strict=True))
    lost = f"，{value - sum(split)} 个不得奖" if _LOSING.search(text) else ""
    head = _agreed(question, value, won, split, notice)
    told = (
        f"{head}{value} 个案例按获奖率 {awards.rate_percent}% 最多 {sum(split)} 个得奖{lost}，"
        f"按 {':'.join(map(str, awards.parts))} 分为{pieces}。"
    )
    return Draft(told, (awards.clause,), "awards", verdict=True)


def _all_win(question: Question) -> bool:
    """Whether everybody is claimed to win: 人人有份, 报了就有证书."""
    everybody = Stance.EVERYBODY in question.acts and question.wants_verdict and not question.of("percent")
    return everybody and _WINS.search(question.text) is not None


_LOST = re.compile(rf"({NUMBER})个(?:是|会|要)?(?:{_LOSING.pattern})")


def _agreed(question: Question, value: int, won: float | None, split: tuple[int, ...], notice: Notice) -> str:
    """是的 or 不是 to a number of prizes that is claimed beside a number of cases; nothing when none is."""
    if "claim" not in question.acts:
        return ""
    claimed = {
        name: number(match.group(1))
        for name in notice.awards.names
        if (match := re.search(rf"{name}[^,。;?\d]{{0,6}}?({NUMBER})个", question.text))
    }
    lost = _LOST.search(question.text)
    if won is None and not claimed and lost is None:
        return ""
    right = won is None or won == sum(split)
    right = right and (lost is None or number(lost.group(1)) == value - sum(split))
    counts = dict(zip(notice.awards.names, split, strict=True))
    right = right and all(counts[name] == value for name, value in claimed.items())
    return "是的，" if right else "不是。"


def _share_is_right(text: str, start: int, value: float, notice: Notice) -> bool:
    """Whether a share is that of the prize named last before it (else first after it), or the rate of winning."""
    awards = notice.awards
    named = [(text.rfind(name, 0, start), name) for name in awards.names]
    place, name = max(named)
    rate = max(text.rfind(word, 0, start) for word in ("获奖率", "得奖率", "中奖率", "获奖", "得奖"))
    if place < 0 and rate < 0:
        after = sorted((text.find(name, start), name) for name in awards.names if name in text[start:])
        name, place = (after[0][1], start) if after else ("", -1)
    if place <= rate and _LOSING.search(text[start : start + 8]):
        return value == _PERCENT - awards.rate_percent
    if place > rate:
        part = awards.parts[awards.names.index(name)]
        of_all = part * awards.rate_percent / sum(awards.parts)
        return value == part * _PERCENT // sum(awards.parts) or (_OF_ALL.search(text) is not None and value == of_all)
    return value == awards.rate_percent


def _judge_more(question: Question, notice: Notice) -> Draft | None:
    """Which of two prizes is given more often: 一等奖比二等奖多吧."""
    text = question.text
    awards = notice.awards
    named = sorted((text.find(name), name) for name in awards.names if name in text)
    same = any(word in text for word in ("一样", "相同", "相等"))
    times = "几倍" in text or "多少倍" in text
    asked = re.search(r"(?:哪|谁)(?:一)?(?:个|样|种|等)?[^,。;?]{0,4}(?:多|少)(?!少)|一样多还是|哪个", text) is not None
    compared = times or asked or ("比" in text and any(word in text for word in ("多", "少")))
    if same and ("等奖" in text and len(named) != 2) and re.search(r"比例|个数|数量|多|名额|占", text):  # noqa: PLR2004
        alike = len(set(awards.parts)) == 1
        head = "是的，一样：" if alike else "不一样："
        return Draft(f"{head}{_rule(notice)}", (awards.clause,), "awards", verdict=True)
    if len(named) != 2 or not (same or compared):  # noqa: PLR2004 - two are compared
        return None
    parts = dict(zip(awards.names, awards.parts, strict=True))
    first, second = named[0][1], named[1][1]
    rule = _rule(notice)
    if times or (asked and not same):
        told = (
            f"{first}是{second}的 {parts[first] / parts[second]:g} 倍"
            if times
            else _which_is_more(first, second, parts)
        )
        return Draft(f"{told}：{rule}", (awards.clause,), "awards", verdict=True)
    more = "多" in text[named[1][0] :]
    difference = parts[first] - parts[second]
    right = difference == 0 if same else (difference > 0 if more else difference < 0)
    relation = "一样多" if difference == 0 else ("多于" if difference > 0 else "少于")
    told = f"{first}和{second}一样多" if difference == 0 else f"{first}{relation}{second}"
    return Draft(f"{'是的' if right else '不是'}，{told}：{rule}", (awards.clause,), "awards", verdict=True)


def _rule(notice: Notice) -> str:
    awards = notice.awards
    ratio = ":".join(map(str, awards.parts))
    return f"{'、'.join(awards.names)}按 {ratio} 评，获奖率控制在 {awards.rate_percent}%。"


def _which_is_more(first: str, second: str, parts: dict[str, int]) -> str:
    if parts[first] == parts[second]:
        return f"{first}和{second}一样多"
    return f"{first if parts[first] > parts[second] else second}更多"
