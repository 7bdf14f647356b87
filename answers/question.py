"""What a question is about: categories, units, days and amounts it names, and its plain wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from answers.acts import acts_of, marked
from answers.arithmetic import lengths_worked_out, pictures_together
from answers.comparison import Reading, reading
from answers.counting import counts_in
from answers.dates import may_state_days, stated_days
from answers.lexicon import Lexicon
from answers.naming import Mentions, categories_named, in_order, mentions
from answers.numerals import NUMBER, NUMERAL, number, vague
from answers.suppositions import Stance, stances_of, wants_verdict
from domain.notice import Notice, UnitKind
from domain.wording import last_minute

_TENTHS = 10.0
_LONGEST_PIECE = 200_000
_LEAST_PIECE = 50
"""Nobody speaks of a piece of fewer characters: 差一个字 states no length."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit as the question gives it: `unit` is a key of the lexicon's units (words, pictures…),
    `reading` what the words around make of it, `codes` the categories named since the number before."""

    value: float
    unit: str
    start: int
    end: int
    reading: Reading
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood as far as its words go.

    `text` is its plain wording, `mentions` where categories stand in it. `categories` are the codes it names;
    `exact` tells that it names them by code or by their heading, not by a keyword. `counts` are cases stated for a
    category: code -> number; `sums` those stated for several categories together. `direct` tells that a directly
    managed school is meant. `acts` are what is asked (answers/acts.py) and what is supposed
    (answers/suppositions.py); `marked` is the text with its acts behind it, as patterns look for them."""

    text: str
    mentions: Mentions
    categories: tuple[str, ...]
    exact: bool
    amounts: tuple[Amount, ...]
    days: tuple[date, ...]
    units: tuple[str, ...]
    counts: tuple[tuple[str, float], ...]
    sums: tuple[tuple[tuple[str, ...], float], ...]
    direct: bool
    acts: frozenset[str]
    marked: str

    @property
    def claims(self) -> bool:
        """Whether something is said to be so, for confirmation."""
        return bool(self.acts & {"claim", Stance.CLAIMED})

    @property
    def wants_verdict(self) -> bool:
        """Whether it wants to be told that something will do, or will not."""
        return wants_verdict(self.text, self.acts)

    def of(self, unit: str) -> tuple[Amount, ...]:
        """The amounts of one unit."""
        return tuple(amount for amount in self.amounts if amount.unit == unit)


def understood(text: str, notice: Notice, words: Lexicon) -> Question:
    """Read the plain `text` against the notice."""
    places = mentions(text, notice)
    categories, exact = categories_named(text, places, notice, words)
    units = tuple(unit for unit in notice.units if unit.name in text or any(map(text.__contains__, unit.aliases)))
    counts, sums = counts_in(text, places)
    acts = acts_in(text, words)
    return Question(
        text=text,
        mentions=places,
        categories=categories,
        exact=exact,
        amounts=amounts_in(text, places, notice, words),
        days=_days_in(text, notice, words),
        units=tuple(unit.id for unit in units),
        counts=counts,
        sums=sums,
        direct=any(unit.kind is UnitKind.DIRECT_SCHOOL for unit in units) or _of_direct_schools(text, notice, words),
        acts=acts,
        marked=marked(text, acts),
    )


def acts_in(text: str, words: Lexicon) -> frozenset[str]:
    """What is asked and what is supposed in the plain `text`."""
    return acts_of(text, words.acts) | stances_of(text, words.supposes)


_DIRECT = re.compile(r"[\u4e00-\u9fff]直")


def _of_direct_schools(text: str, notice: Notice, words: Lexicon) -> bool:
    """Whether directly managed schools are spoken of, in the language's words or the notice's own (县直, 局直)."""
    if any(word in text for word in words.direct):
        return True
    if "直" not in text:
        return False
    named = "".join(item.name + item.addressed_as for item in notice.unit_groups if item.kind is UnitKind.DIRECT_SCHOOL)
    return any(re.search(rf"{word}(?!接)", text) is not None for word in _DIRECT.findall(named))


def _days_in(text: str, notice: Notice, words: Lexicon) -> tuple[date, ...]:
    if not may_state_days(text) or _speaks_of_sizes(text, words):
        return ()
    deadline = last_minute(notice.intake_stage, notice.timezone)
    return stated_days(text, deadline.year, deadline.month)


def _speaks_of_sizes(text: str, words: Lexicon) -> bool:
    """Whether 二号, 三号 in `text` are sizes of type, not days."""
    fonts = words.fonts
    return "月" not in text and any(
        name in text for name in (*fonts.names, *fonts.title, *fonts.body, "字号", "字体", "号字")
    )


def amounts_in(text: str, places: Mentions, notice: Notice, words: Lexicon) -> tuple[Amount, ...]:
    """The numbers with their units that the plain `text`, with categories at `places`, names, in order."""
    if not NUMERAL.search(text):
        return ()
    found: list[Amount] = []
    for unit, names in words.units.items():
        if not any(map(text.__contains__, names)):
            continue
        for match in _counted(names).finditer(text):
            amount = _amount(text, match, unit)
            if amount is not None and not _counts_nothing(text, match):
                found.append(amount)
    found += _unlabelled_words(text, found, written=bool(places) or _OF_WRITING.search(text) is not None)
    found = _worked_out(found, text)
    placed: list[Amount] = []
    last = 0
    for amount in sorted(found, key=lambda amount: amount.start):
        codes = {code for start, end, each in places if last <= start and end <= amount.start for code in each}
        own = replace(amount, codes=in_order(codes, notice)) if codes else amount
        if placed and placed[-1].unit == amount.unit and last == amount.start and not placed[-1].reading.exact:
            own = replace(own, reading=replace(own.reading, difference=1))
        placed.append(own)
        last = amount.end
    return tuple(placed)


@lru_cache(32)
def _counted(names: tuple[str, ...]) -> re.Pattern[str]:
    """A number and one of the names of its unit."""
    wording = "|".join(re.escape(name) + ("(?![a-z])" if name.isascii() else "") for name in names)
    return re.compile(rf"({NUMBER})(?:几[十百千])?\s*(?:来|多|几|余|把)?(?:{wording})")


def _unlabelled_words(text: str, found: Sequence[Amount], *, written: bool) -> list[Amount]:
    """Lengths stated without 字, beside what was `found`; `written` tells that a piece of writing is spoken of."""
    labelled = [amount for amount in found if amount.unit == "words"]
    more = _bare_words(text, _CORRECTED) if labelled else _bare_words(text) or _bare_words(text, _ONLY_NUMBER)
    stated = [*labelled, *more]
    if stated and all(amount.reading.difference for amount in stated):
        more += _bare_words(text, _ALONE)
    if written and not stated:
        more += _bare_words(text, _AT_LENGTH) or _bare_words(text, _OF_CATEGORY)
    by_itself = written or _OF_LENGTH.search(text) is not None
    if by_itself and not (found or more or _OF_OTHERS.search(text)):
        more += _bare_words(text, _PLAIN)
    return more


def _worked_out(found: list[Amount], text: str) -> list[Amount]:
    """`found` with sums in the place of what they are made of, and without the lengths of parts of a piece."""
    results = [(result, "words") for result in lengths_worked_out(text)]
    if sum(amount.unit == "pictures" for amount in found) > 1 and (pictures := pictures_together(text)) is not None:
        results.append((pictures, "pictures"))
    for result, unit in results:
        found = [item for item in found if item.unit != unit or item.end <= result.start or result.end <= item.start]
        found.append(Amount(result.reading.high, unit, result.start, result.end, result.reading))
    return [
        item
        for item in found
        if item.unit != "words" or not (_OF_PART.search(text[: item.start]) or _PART_BEHIND.match(text, item.end))
    ]


_PART_BEHIND = re.compile(r"的?(?:简介|摘要|概述|说明|解说|旁白|介绍|小结)")


_OF_PART = re.compile(
    r"(?:概述|背景|方案|效果|创新|特点|摘要|简介|题目|标题|关键词|旁白|旁白稿|解说|解说词|字幕|说明|备注|评语|推荐语|图注"
    r"|支撑材料|佐证材料|附录|[每各](?:个|一)?(?:小?节|部分|段|块))(?:里|部分|这节|那节|一节|这块|那块)?[^,。;?\da-z加和连共总除]{0,6}$"
)
"""What stands before the length of a part, of which a notice on whole pieces says nothing."""


def _amount(text: str, match: re.Match[str], unit: str) -> Amount | None:
    start, end = match.span()
    span = vague(match.group(1))
    value = span[0] if span else number(match.group(1))
    asked = (
        text[max(0, start - 1) : start] in {"几", "数"} and not text[start].isdigit()
    )  # 几百字: how many, not one hundred
    if asked or value is None or _is_name(text, start, end) or (unit == "words" and value < _LEAST_PIECE):
        return None
    if unit == "percent" and match.group().endswith("成"):
        value *= _TENTHS
    return Amount(value, unit, start, end, reading(text, start, end, value, span[1] if span else None))


_LARGE = (
    r"(?:\d+(?:\.\d+)?[千k]\d{0,3}(?:百\d{0,2})?"
    r"|[一二两三四五六七八九]千(?:零?[一二三四五六七八九]百?)?(?:[一二三四五六七八九]十?)?)"
)
"""A number written in thousands."""

_BARE = re.compile(
    rf"(?:字数|写了|写到|删到|改到|凑到|压到|缩到|减到|加到|写|字|[这那]篇|初稿|稿子|文本|文章|正文)[^\d一二三四五六七八九十]{{0,4}}({NUMBER})(?!年|月|号|日|个|张|p|篇|字|\d)"
)
_AT_LENGTH = re.compile(
    r"(?:码|敲|憋|挤|凑|赶|磨|做|整|有|才|只|到|已|快|约|差不多|眼下|目前|现在)[^\d一二三四五六七八九十两,。;?]{0,4}"
    rf"({_LARGE})(?![\d个张份人名元块年月日号种条段分秒p线届所家次件篇x*×乘.多几余来%])"
)
"""A number in the thousands beside a word of effort counts characters where a piece of writing is spoken of."""

_OF_CATEGORY = re.compile(
    rf"(?:[a-z]\d?|类|案例|稿|稿子|文章|[这那]篇)(?:的|是|有|只|才|:)*((?![248]k(?!\d)){_LARGE})"
    r"(?![\d个张份人名元块年月日号种条段分秒p线届所家次件篇x*×乘.余来%学老户])"
)
"""A number in the thousands right behind a category or a word for a piece of writing: 教师案例4k8."""

_PLAIN = re.compile(
    rf"(?<![\d.a-z/~:-])(?<!第)((?!20[12]\d)[1-9]\d{{3}}(?!\d)|{_LARGE})"
    r"(?![\d.x*×乘~:/-]|[个张份人名元块年月日号种条段分秒p线届所家次件篇kKmg%多余几来老户学到至万](?!少|了|一))"
)
"""A number in the thousands by itself, where nothing else is counted: b2 4900, a1 5100."""

_OF_OTHERS = re.compile(
    r"视频|分辨率|画质|清晰|元|钱|电话|手机|学生|人数|账号|编号|邮编|号码|群|年(?!级)|公里|\dp|图|含|算不算(?!超)|怎么算"
)
_OF_LENGTH = re.compile(r"算不算超|算超|超没超|超不超|超了没|多了没|够不够|嫌[多少长短]")
_OF_WRITING = re.compile(r"案例|稿|文章|文本|[这那]篇")
_ALONE = re.compile(rf"(?:^|[,。;?])(?:一共|总共|共|有)?({NUMBER})(?=[,。;?])")
"""A number that is a clause of its own, where the next one says by how much it is over."""

_ONLY_NUMBER = re.compile(
    rf"^(?:我的?|这篇|那)*[a-z]\d?(?:类|案例|的)*[,\s]*((?!20[12]\d){_LARGE}|(?!20[12]\d)[1-9]\d{{3}})(?:字|了|的|呢|吧|吗|可以|行|够|ok|,|\?)*$"
)
"""A category and a number in the thousands, nothing else: how long the piece is."""

_LIMIT = re.compile(rf"({NUMBER})(?=(?:就|也)?(?:是|算)(?:最|上限|下限|封顶))")
_CORRECTED = re.compile(
    rf"(?:准确|实际|其实|确切|精确|具体|数出来|统计)[^\d一二三四五六七八九十]{{0,6}}({NUMBER})(?=[,。;?]|$|吧|吗|[a-z])"
)


_HOW_MANY = re.compile(r"几$|(?<!字)数$")


def _bare_words(text: str, pattern: re.Pattern[str] = _BARE) -> list[Amount]:
    """A large number beside 字数 or 写了 counts characters though 字 is left out: 写了三千二, 字数4800."""
    amounts = []
    if "字" in text and pattern is _BARE and not pattern.search(text):
        pattern = _LIMIT
    for match in pattern.finditer(text):
        span = vague(match.group(1))
        value = span[0] if span else number(match.group(1))
        if (
            value is not None
            and not _HOW_MANY.search(text[: match.start(1)])
            and _LEAST_PIECE <= value <= _LONGEST_PIECE
            and not text.startswith(("#", "@"), match.end())
        ):
            start, end = match.span(1)
            amounts.append(
                Amount(value, "words", start, end, reading(text, start, end, value, span[1] if span else None))
            )
    return amounts


_SHEETS = re.compile(r"[张副]$")
_OF_TABLE = re.compile(r"表[^,。;?]{0,6}$")
_OF_PICTURES = re.compile(r"图|照|插|画|截")
_AFTER_SHEETS = re.compile(
    r"[,。;?!a-z可行能够吧吗呢是就也都了的还算超多少以会没不太要得合对符算、或到和跟封上下左右起]|$"
)


def _counts_nothing(text: str, match: re.Match[str]) -> bool:
    """Whether 张 behind a number begins another word: where no picture is spoken of, a phrase has to end with it."""
    if not _SHEETS.search(match.group()) or _OF_PICTURES.search(text):
        return False
    if _OF_TABLE.search(text[: match.start()]):
        return True
    return _AFTER_SHEETS.match(text, match.end()) is None


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a "number with unit" is part of a word: 一个 in 另一个, 第三个, 一式三份, 三个课堂, 一等奖."""
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    return (
        before in {"第", "另", "哪", "这", "那", "每", "同", "某", "式"} or after in {"课堂", "月"} or after[:1] == "月"
    )
