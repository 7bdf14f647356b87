"""Fonts, sizes and alignment: told, and judged against what a person says they used."""

from __future__ import annotations

import re
from dataclasses import replace

from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from domain.notice import FontDemand, Notice

_INSIDE = re.compile(
    r"(?:正文|文中|文章里|文里)(?:里面|里|当中|中|部分|的)?(?:的|那些|这些|里|一二三|那种)*(?=小标题|标题|一级|二级|各级)"
)
_SIZE = re.compile(
    r"(?P<small>小)(?P<minor>[初一二三四五六1-6])号?|(?<!\d)(?P<major>[初一二三四五六1-6])号(?!标题|文)"
    r"|(?<!\d)(?P<points>\d{2}(?:\.\d)?|\d(?=磅|pt))(?:号(?=字|$|吗|行|可|对|能|吧)|磅|pt)"
)
_OF_SIZE = re.compile(r"[号磅]|pt|小[初一二三四五六1-6]|居中")
_KIN = re.compile(r"_?(?:gb\s?2312|gbk|gb)(?![a-z\d])")
_WHOLE = ("全文", "通篇", "全部", "全都", "统一", "整篇", "从头到尾", "一律", "所有文字", "都用", "都是")
_EXCEPT = re.compile(r"除[^,。;?]{0,8}?(?:标题|题目)|(?:标题|题目)(?:以外|之外|除外)")
_SHARED = re.compile(r"[和跟与、,]|以及|还有")
"""Between parts that share what is said after the last of them."""

_WITHOUT = (
    r"(?:没有?(?:说|要求|规定|写|讲|用|装|得)?|不(?:用|需要?|必|是|要|想用)|无需|又不是|未用)(?:必须|一定|非得)?"
    r"(?:得|要)?(?:用|是)?(?:方正)?"
)
"""In front of a font that somebody goes without, or holds not to be demanded."""

_UNCHANGED = re.compile(r"(?:不|没有?|不用|不想|懒得)(?:再|去)?(?:改|换)[成为][^,。;?]*")
_CHANGED = re.compile(r"改成|换成|改为|换为")
_ASKED = ("什么字", "字体", "字号", "几号", "多大", "哪种字", "什么号", "怎么排", "怎么设")


def _parts(text: str, notice: Notice, words: Lexicon) -> tuple[tuple[FontDemand, str], ...]:
    """The parts of the text a question names, each with the stretch of the question that speaks of it."""
    fonts = words.fonts
    plain = text
    text = _INSIDE.sub(lambda match: "小" if plain.startswith("标题", match.end()) else "", plain)
    found: list[tuple[int, int, FontDemand]] = []
    masked = text
    for demand, names in (
        (notice.heading_font, fonts.heading),
        (notice.title_font, fonts.title),
        (notice.body_font, fonts.body),
    ):
        for name in names:
            while (at := masked.find(name)) >= 0:
                found.append((at, at + len(name), demand))
                masked = masked[:at] + "\0" * len(name) + masked[at + len(name) :]
    found.sort(key=lambda item: item[0])
    if not found:
        return ()
    ends = [start for start, _, _ in found[1:]] + [len(text)]
    stretches = [(demand, text[end:limit]) for (_, end, demand), limit in zip(found, ends, strict=True)]
    for place in range(len(stretches) - 2, -1, -1):
        if _SHARED.fullmatch(stretches[place][1]):
            stretches[place] = (stretches[place][0], stretches[place + 1][1])
    if len(stretches) == 1:
        return ((stretches[0][0], text),)
    return tuple(stretches)


def _rule(demand: FontDemand, *, points: bool = False) -> str:
    centred = "居中，" if demand.alignment == "center" else ""
    size = f"（即 {demand.size_pt:g} 磅）" if points else ""
    return f"{demand.name}{centred}用{demand.font} {demand.size_name}{size}"


def _in_points(text: str) -> bool:
    """Whether sizes are spoken of in points: 16磅, 16号字."""
    return (
        "磅" in text
        or ("多大" in text and _SIZE.search(text) is not None)
        or any(match.group("points") for match in _SIZE.finditer(text))
    )


def _all(notice: Notice) -> tuple[FontDemand, ...]:
    return (notice.title_font, notice.heading_font, notice.body_font)


def _clauses(demands: tuple[FontDemand, ...], question: Question, notice: Notice) -> tuple[str, ...]:
    named = [notice.category(code).text for code in question.categories]
    clauses = [text.clause for text in named if text is not None] or [demand.clause for demand in demands]
    return tuple(dict.fromkeys(clauses))


def tell_fonts(question: Question, notice: Notice, words: Lexicon) -> Draft:
    """The typography of the parts asked about, of all parts when none is named."""
    named = tuple(dict.fromkeys(demand for demand, _ in _parts(question.text, notice, words)))
    if _EXCEPT.search(question.text):
        named = (notice.body_font,)
    by_name = tuple(
        item
        for item in _all(notice)
        if any(len(each) > 1 and each in item.font for each in _named(question.text, words))
    )
    demands = named or by_name or _all(notice)
    sizes = [match.group() for match in _SIZE.finditer(question.text) if not match.group("points")]
    if any(word in question.text for word in ("磅", "多大")) and sizes and not named:
        meant = {_points(match, words) for match in _SIZE.finditer(question.text)}
        demands = tuple(demand for demand in demands if demand.size_pt in meant) or demands
    text = "；".join(_rule(demand, points=_in_points(question.text)) for demand in demands)
    return Draft(text + "。", _clauses(demands, question, notice), "fonts")


_HOW_LARGE = re.compile(r"(?:多少|几)磅|多大")
_ALIKE = re.compile(r"^(?=.*(?:字体|字号|标题|正文|排版|排)).*(?:一样|相同|同样|两样|区别|不同)")


def _stated_any(text: str, words: Lexicon) -> bool:
    """Whether any font or size is named."""
    return _SIZE.search(text) is not None or any(name in text for name in words.fonts.names)


def _may_state(text: str, words: Lexicon) -> bool:
    """Whether anything stands in a text that fonts, sizes and alignments are stated with."""
    fonts = words.fonts
    return _OF_SIZE.search(text) is not None or any(
        map(text.__contains__, (*fonts.names, *fonts.askew, *fonts.centred))
    )


def judge_fonts(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The verdict on stated fonts, sizes and alignments, or None when none is stated."""
    text = question.text
    if _HOW_LARGE.search(text) or not _may_state(text, words):
        return None
    if len(question.categories) > 1 and question.exact and _ALIKE.search(text) and not _stated_any(text, words):
        told = tell_fonts(question, notice, words)
        return replace(told, text=f"一样。{told.text}", verdict=True)
    if _EXCEPT.search(text):
        parts: tuple[tuple[FontDemand, str], ...] = ((notice.body_font, text),)
    else:
        parts = _parts(text, notice, words) or _by_font(text, notice, words)
    found: dict[FontDemand, list[str]] = {}
    for demand, stretch in parts:
        faults, stated = _faults(demand, stretch, words)
        if stated and "还是" not in stretch:
            found[demand] = [*found.get(demand, []), *(fault for fault in faults if fault not in found.get(demand, []))]
    if not found:
        return None
    wrong_any = any(found.values())
    points = _in_points(text)
    verdicts = [
        f"{_rule(demand, points=points)}，{'、'.join(faults)}需要改" if faults else _rule(demand, points=points)
        for demand, faults in found.items()
    ]
    head = "不符合。" if wrong_any else _assent(text, words)
    kin = "" if wrong_any or not _KIN.search(text) else "您说的是同一字族的字体，换成通知写的字体更稳妥。"
    head = f"可以，但{kin}" if kin else head
    return Draft(head + "；".join(verdicts) + "。", _clauses(tuple(found), question, notice), "fonts", verdict=True)


def _assent(text: str, words: Lexicon) -> str:
    """符合 where something was done, 是的 where a rule is asked for: 标题要居中吗."""
    only_centred = not any(name in text for name in (*words.fonts.names, *words.fonts.sizes))
    return "是的，" if only_centred else "符合。"


def _by_font(text: str, notice: Notice, words: Lexicon) -> tuple[tuple[FontDemand, str], ...]:
    """A font is stated but no part: 全文用宋体 speaks of every part."""
    named = any(name in text for name in words.fonts.names)
    stated = named or (_SIZE.search(text) and re.search(r"字(?!数)|磅|标题|正文", text))
    if stated and any(mark in text for mark in _WHOLE):
        return tuple((demand, text) for demand in _all(notice))
    if not _SIZE.search(text):
        return ()
    return tuple(
        (item, text) for item in _all(notice) if any(len(n) > 1 and n in item.font for n in _named(text, words))
    )


def _named(text: str, words: Lexicon) -> tuple[str, ...]:
    """The font a text names, by its longest name."""
    return next(((name,) for name in words.fonts.names if name in text), ())


def _points(match: re.Match[str], words: Lexicon) -> float | None:
    """The size in points that a match of `_SIZE` states."""
    if match.group("points"):
        return float(match.group("points"))
    digit = match.group("minor") or match.group("major")
    digit = "零一二三四五六"[int(digit)] if digit.isdigit() else digit
    name = f"小{digit}" if match.group("small") else f"{digit}号"
    return words.sizes.get(name)


def _faults(demand: FontDemand, stretch: str, words: Lexicon) -> tuple[list[str], bool]:
    """What in `stretch` differs from the demand, and whether anything was stated at all."""
    fonts = words.fonts
    plain = _CHANGED.split(_UNCHANGED.sub("", stretch))[-1]
    without = [name for name in fonts.names if name in demand.font and re.search(f"{_WITHOUT}{name}", plain)]
    plain = re.sub(f"{_WITHOUT}(?:{'|'.join(fonts.names)})", "", plain)
    font = next((name for name in fonts.names if name in plain), None)
    size = _SIZE.search(plain)
    askew = next((name for name in fonts.askew if name in plain), None)
    centred = any(name in plain for name in fonts.centred)
    faults = [] if font is not None or not without else [f"没用{without[0]}"]
    if font is not None and not (demand.font.startswith(font) or font in demand.font):
        faults.append(font)
    if size is not None and _points(size, words) != demand.size_pt:
        faults.append(size.group())
    if askew is not None and demand.alignment == "center":
        faults.append(askew)
    refused = re.search(r"(?<!要)不(?:用|要|必)?居中|没居中|没有居中", plain)
    if refused and demand.alignment == "center":
        faults.append(refused.group())
    return faults, any((font, size, askew, centred, refused, without))
