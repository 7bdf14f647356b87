"""How faults of fonts and sizes are put into words: what was found and where it comes from, what is wanted, where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from domain.notice import Severity
from domain.typographic_sizes import size_words
from validators.facts import Origin, Source, WordFacts
from validators.fonts import Likeness, is_broken, likeness
from validators.parts import Portion
from validators.report import Status
from validators.rules.contract import Fault, where
from validators.rules.typography import Deviation, Outcome, ranges

MOST_FAULTS = 3
MOST_PLACES = 500
_MOST_RANGES = 3
_QUOTE = 16
_STYLES = {Origin.PARAGRAPH_STYLE: "样式", Origin.CHARACTER_STYLE: "字符样式", Origin.TABLE_STYLE: "表格样式"}

_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)
_BUILT_IN = {
    "normal": "正文",
    "title": "标题",
    "subtitle": "副标题",
    "body text": "正文文本",
    "list paragraph": "列表段落",
    "caption": "题注",
    "no spacing": "无间隔",
    "plain text": "纯文本",
    "normal (web)": "普通(网站)",
    "table grid": "网格型",
    "normal table": "普通表格",
    "strong": "要点",
    "emphasis": "强调",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is judged, as it is called (主标题), what is wanted of it, and how severe a fault is (None: as the notice
    says). `single` means that there is one of it in a document, so that no place has to be named."""

    noun: str
    value: str
    severity: Severity | None = None
    single: bool = False


def font_faults(word: WordFacts, judged: Sequence[Portion], outcome: Outcome, wanted: Wanted) -> Iterator[Fault]:
    """One fault for each font that is not the wanted one."""
    yield from _faults(word, judged, outcome, wanted, _font_fault)


def size_faults(word: WordFacts, judged: Sequence[Portion], outcome: Outcome, wanted: Wanted) -> Iterator[Fault]:
    """One fault for each size that is not the wanted one; `wanted.value` is in words already."""
    yield from _faults(word, judged, outcome, wanted, _size_fault)


_Make = Callable[[Deviation, Wanted, str], Fault]


def _faults(
    word: WordFacts, judged: Sequence[Portion], outcome: Outcome, wanted: Wanted, make: _Make
) -> Iterator[Fault]:
    for deviation in outcome.deviations[:MOST_FAULTS]:
        place = "" if wanted.single else places(deviation.portions, judged, deviation.quote)
        yield _placed(make(deviation, wanted, place), word, deviation.portions)
    others = [portion for deviation in outcome.deviations[MOST_FAULTS:] for portion in deviation.portions]
    if others:
        count = len(outcome.deviations) - MOST_FAULTS
        place = places(others[:1], judged, others[0].paragraph.text)
        message = f"{wanted.noun}还有另外 {count} 种写法与要求不同，应为{wanted.value}{place}。"
        fault = Fault(message, "请一并改过来。", wanted.value, f"另外 {count} 种", severity=wanted.severity)
        yield _placed(fault, word, others)


def _placed(fault: Fault, word: WordFacts, portions: Sequence[Portion]) -> Fault:
    numbers = tuple(dict.fromkeys(portion.paragraph.index for portion in portions))
    return Fault(
        fault.message,
        fault.advice,
        fault.expected,
        fault.found,
        where(word, numbers[0]),
        fault.status,
        fault.severity,
        numbers[:MOST_PLACES],
    )


def _font_fault(deviation: Deviation, wanted: Wanted, place: str) -> Fault:
    name, expected = str(deviation.value or ""), wanted.value
    if deviation.unresolved or is_broken(name):
        found = f"字体名已损坏（“{name}”）" if name else "中文字体在文件里没有写明"
        message = f"{wanted.noun}的{found}，没法判断是不是“{expected}”{place}。"
        advice = f"请在 Word 里选中这些文字看一眼字体；不是“{expected}”就改成“{expected}”。"
        return Fault(message, advice, expected, name or "没有写明", None, Status.UNCHECKED, wanted.severity)
    if deviation.likeness is Likeness.ALIKE:
        message = f"{wanted.noun}字体是“{name}”，与要求的“{expected}”是同一种设计{place}。"
        advice = f"一般可以接受；稳妥起见请改成“{expected}”。"
        return Fault(message, advice, expected, name, severity=Severity.WARNING)
    message = f"{wanted.noun}字体是“{name}”{origin(deviation.source)}，应为“{expected}”{place}。"
    return Fault(message, _font_advice(deviation, expected), expected, name, severity=wanted.severity)


def _font_advice(deviation: Deviation, expected: str) -> str:
    latin_only = likeness(deviation.sample.latin, expected) is Likeness.SAME
    if latin_only:
        return f"现在只有西文字体是“{expected}”。请选中文字，在“字体”对话框的“中文字体”里选“{expected}”。"
    if deviation.source.origin in _STYLES:
        return f"请把样式“{_style(deviation.source)}”的中文字体改成“{expected}”，用到它的地方会一起改好。"
    return f"请选中这些文字，把中文字体改成“{expected}”。"


def _size_fault(deviation: Deviation, wanted: Wanted, place: str) -> Fault:
    if not isinstance(deviation.value, float):
        message = f"{wanted.noun}没有设置字号，没法判断是不是{wanted.value}{place}。"
        advice = f"请选中这些文字，把字号设为{wanted.value}。"
        return Fault(message, advice, wanted.value, "没有设置", None, Status.UNCHECKED, wanted.severity)
    found = size_words(deviation.value)
    message = f"{wanted.noun}字号是{found}{origin(deviation.source)}，应为{wanted.value}{place}。"
    by_style = deviation.source.origin in _STYLES
    style = f"请把样式“{_style(deviation.source)}”的字号改成{wanted.value}，用到它的地方会一起改好。"
    advice = style if by_style else f"请选中这些文字，把字号改成{wanted.value}。"
    return Fault(message, advice, wanted.value, found, severity=wanted.severity)


def _style(source: Source) -> str:
    """A style's name as the program shows it in Chinese: files keep the English names of built-in styles."""
    name = source.style
    heading = _HEADING_STYLE.fullmatch(name)
    return f"标题 {heading[1]}" if heading else _BUILT_IN.get(name.casefold(), name)


def origin(source: Source) -> str:
    """Where a value comes from when it was not set on the text itself, in brackets."""
    words = ""
    if source.origin in _STYLES:
        words = f"来自{_STYLES[source.origin]}“{_style(source)}”"
    elif source.origin is Origin.DEFAULTS:
        words = "来自文档的默认格式"
    elif source.origin is Origin.NOTHING and source.theme:
        words = "没有设置，来自主题字体"
    if source.theme and source.origin in {*_STYLES, Origin.DEFAULTS}:
        words += "的主题字体"
    return f"（{words}）" if words else ""


def places(portions: Sequence[Portion], judged: Sequence[Portion], quote: str) -> str:
    """Where the portions stand, short: the first ranges of paragraph numbers, and how the first one begins. What was
    not judged and lies between two of them does not break a range."""
    numbers = [str(first) if first == last else f"{first}–{last}" for first, last in ranges(portions, judged)]
    more = f"等 {len(portions)} 处" if len(numbers) > _MOST_RANGES else ""
    label = portions[0].paragraph.label if portions[0].paragraph.text.startswith(quote) else ""
    text = (label + quote).strip()
    shown = text if len(text) <= _QUOTE else f"{text[:_QUOTE]}…"
    return f"：第 {'、'.join(numbers[:_MOST_RANGES])} 段{more}，如“{shown}”"
