"""Fonts, sizes and alignment: told, and judged against what a person says they used."""

from __future__ import annotations

import re

from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from domain.notice import FontDemand, Notice

_INSIDE = re.compile(r"正文(?:里面|里|当中|中|部分|的)(?:的|那些|这些|里)*(?=小标题|标题|一级|二级|各级)")
_ASKED = ("什么字", "字体", "字号", "几号", "多大", "哪种字", "什么号", "怎么排", "怎么设")


def _parts(text: str, notice: Notice, words: Lexicon) -> tuple[tuple[FontDemand, str], ...]:
    """The parts of the text a question names, each with the stretch of the question that speaks of it."""
    fonts = words.fonts
    text = _INSIDE.sub("", text) if _INSIDE.search(text) else text
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
    if len(stretches) == 1:
        return ((stretches[0][0], text),)
    return tuple(stretches)


def _rule(demand: FontDemand) -> str:
    centred = "居中，" if demand.alignment == "center" else ""
    return f"{demand.name}{centred}用{demand.font} {demand.size_name}"


def _all(notice: Notice) -> tuple[FontDemand, ...]:
    return (notice.title_font, notice.heading_font, notice.body_font)


def _clauses(demands: tuple[FontDemand, ...], question: Question, notice: Notice) -> tuple[str, ...]:
    named = [notice.category(code).text for code in question.categories]
    clauses = [text.clause for text in named if text is not None] or [demand.clause for demand in demands]
    return tuple(dict.fromkeys(clauses))


def tell_fonts(question: Question, notice: Notice, words: Lexicon) -> Draft:
    """The typography of the parts asked about, of all parts when none is named."""
    named = tuple(dict.fromkeys(demand for demand, _ in _parts(question.text, notice, words)))
    demands = named or _all(notice)
    text = "；".join(_rule(demand) for demand in demands)
    return Draft(text + "。", _clauses(demands, question, notice), "fonts")


def judge_fonts(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The verdict on stated fonts, sizes and alignments, or None when none is stated."""
    text = question.text
    parts = _parts(text, notice, words)
    if not parts:
        parts = _by_font(text, notice, words)
    verdicts, demands, wrong_any = [], [], False
    for demand, stretch in parts:
        faults, stated = _faults(demand, stretch, words)
        if not stated or demand in demands or "还是" in stretch:
            continue
        demands.append(demand)
        wrong_any = wrong_any or bool(faults)
        verdicts.append(f"{_rule(demand)}，{'、'.join(faults)}需要改" if faults else f"{_rule(demand)}")
    if not verdicts:
        return None
    head = "不符合。" if wrong_any else _assent(text, words)
    return Draft(head + "；".join(verdicts) + "。", _clauses(tuple(demands), question, notice), "fonts", verdict=True)


def _assent(text: str, words: Lexicon) -> str:
    """符合 where something was done, 是的 where a rule is asked for: 标题要居中吗."""
    only_centred = not any(name in text for name in (*words.fonts.names, *words.fonts.sizes))
    return "是的，" if only_centred else "符合。"


def _by_font(text: str, notice: Notice, words: Lexicon) -> tuple[tuple[FontDemand, str], ...]:
    """A font is stated but no part: 全文用宋体 speaks of the body."""
    if any(name in text for name in words.fonts.names) and any(
        mark in text for mark in ("全文", "通篇", "全部", "都用", "统一")
    ):
        return ((notice.body_font, text),)
    return ()


def _faults(demand: FontDemand, stretch: str, words: Lexicon) -> tuple[list[str], bool]:
    """What in `stretch` differs from the demand, and whether anything was stated at all."""
    fonts = words.fonts
    plain = re.sub(r"(\d)号", lambda match: "零一二三四五六七八九"[int(match.group(1))] + "号", stretch)
    font = next((name for name in fonts.names if name in plain), None)
    size = next((name for name in fonts.sizes if name in plain), None)
    askew = next((name for name in fonts.askew if name in plain), None)
    centred = any(name in plain for name in fonts.centred)
    faults = []
    if font is not None and not (demand.font.startswith(font) or font in demand.font):
        faults.append(font)
    if size is not None and size != demand.size_name:
        faults.append(size)
    if askew is not None and demand.alignment == "center":
        faults.append(askew)
    refused = re.search(r"不(?:用|要|必)?居中|没居中|没有居中", plain)
    if refused and demand.alignment == "center":
        faults.append(refused.group())
    return faults, any((font, size, askew, centred, refused))
