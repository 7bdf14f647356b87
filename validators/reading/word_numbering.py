"""Automatic numbers (一、 （一） 1.): they stand in no text and are worked out as the program shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from validators.reading.package import Element
from validators.reading.word_names import w
from validators.reading.word_styles import Styles, child, is_on, number, value

_LEVELS = 9
_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_SMALL = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CIRCLED = 20
_LARGEST = 9999
_PLACEHOLDER = re.compile("%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how its number is written, its text with %1…%9."""

    start: int
    format: str
    text: str
    style: str
    restart: int | None
    legal: bool
    look: Element | None


@dataclass(frozen=True, slots=True)
class Label:
    """An automatic number: its text, "" for none, and the w:rPr its list level gives it."""

    text: str = ""
    look: Element | None = None


_NO_LABEL = Label()


class Numbering:
    """The lists of one document, and the counters as the document is walked from its start to its end."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, Element] = {}
        self._nums: dict[str, Element] = {}
        self._by_style: dict[str, str] = {}
        self._levels: dict[str, tuple[str, dict[int, Level]]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[str] = set()
        if root is not None:
            for item in root.iter(w("abstractNum")):
                self._abstract[item.get(w("abstractNumId")) or ""] = item
                link = value(item.find(w("styleLink")))
                if link:
                    self._by_style[link] = item.get(w("abstractNumId")) or ""
            for item in root.iter(w("num")):
                self._nums[item.get(w("numId")) or ""] = item

    def label(self, style_id: str, properties: Element | None) -> Label:
        """The label of the next paragraph in document order, an empty one if it has none. Counts it."""
        num_id, depth = self._place(style_id, properties)
        if num_id in {"", "0"} or num_id not in self._nums:
            return _NO_LABEL
        abstract, levels = self._list(num_id)
        if depth not in levels:
            return _NO_LABEL
        counters = self._counters.setdefault(abstract, {})
        self._count(num_id, counters, levels, depth)
        level = levels[depth]
        if level.format == "bullet":
            return _NO_LABEL
        text = _PLACEHOLDER.sub(lambda match: _shown(int(match[1]) - 1, level, levels, counters), level.text)
        return Label(text, level.look)

    def _place(self, style_id: str, properties: Element | None) -> tuple[str, int]:
        direct = child(properties, "numPr")
        inherited, source = self._styles.numbering(style_id)
        num_item = child(direct, "numId")
        if num_item is None:
            num_item = child(inherited, "numId")
        num_id = value(num_item)
        depth_item = child(direct, "ilvl")
        if depth_item is None and num_id in self._nums:
            _, levels = self._list(num_id)
            named = next((depth for depth, level in levels.items() if level.style in {style_id, source} - {""}), None)
            if named is not None:
                return num_id, named
        if depth_item is None:
            depth_item = child(inherited, "ilvl")
        return num_id, number(depth_item, 0)

    def _list(self, num_id: str) -> tuple[str, dict[int, Level]]:
        if num_id not in self._levels:
            num = self._nums[num_id]
            abstract = self._resolve(value(num.find(w("abstractNumId"))))
            item = self._abstract.get(abstract)
            levels = {} if item is None else {_depth(lvl): _level(lvl) for lvl in item.findall(w("lvl"))}
            for override in num.findall(w("lvlOverride")):
                replaced = override.find(w("lvl"))
                if replaced is not None:
                    levels[_depth(override)] = _level(replaced)
            self._levels[num_id] = abstract, levels
        return self._levels[num_id]

    def _resolve(self, abstract: str) -> str:
        item = self._abstract.get(abstract)
        link = "" if item is None else value(item.find(w("numStyleLink")))
        return self._by_style.get(link, abstract)

    def _count(self, num_id: str, counters: dict[int, int], levels: dict[int, Level], depth: int) -> None:
        if num_id not in self._started:
            self._started.add(num_id)
            for override in self._nums[num_id].findall(w("lvlOverride")):
                start = override.find(w("startOverride"))
                if start is not None:
                    counters[_depth(override)] = number(start, 1) - 1
        counters[depth] = counters.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counters if level > depth]:
            if deeper not in levels or levels[deeper].restart != 0:
                del counters[deeper]


def _depth(element: Element) -> int:
    try:
        return int(element.get(w("ilvl")) or 0)
    except ValueError:
        return 0


def _level(item: Element) -> Level:
    restart = item.find(w("lvlRestart"))
    legal = item.find(w("isLgl"))
    return Level(
        start=number(item.find(w("start")), 1),
        format=value(item.find(w("numFmt"))) or "decimal",
        text=value(item.find(w("lvlText"))),
        style=value(item.find(w("pStyle"))),
        restart=None if restart is None else number(restart, 0),
        legal=legal is not None and is_on(legal),
        look=item.find(w("rPr")),
    )


def _shown(depth: int, level: Level, levels: dict[int, Level], counters: dict[int, int]) -> str:
    used = levels.get(depth)
    if used is None:
        return ""
    count = counters.get(depth, used.start)
    return written(count, "decimal" if level.legal else used.format)


def written(count: int, number_format: str) -> str:
    """A number in one of the formats of WordprocessingML; decimal when the format is not known."""
    if number_format == "none":
        return ""
    if not 0 < count <= _LARGEST:
        return str(count)
    return _FORMATS.get(number_format, str)(count)


def _chinese(
    count: int, digits: str = _DIGITS, units: tuple[str, ...] = ("", "十", "百", "千"), *, one: bool = False
) -> str:
    text, gap = "", False
    figures = str(count)
    for place, figure in enumerate(figures):
        unit = units[len(figures) - place - 1]
        if figure == "0":
            gap = True
            continue
        text += (digits[0] if gap and text else "") + digits[int(figure)] + unit
        gap = False
    leading_ten = not one and text.startswith(digits[1] + units[1])
    return text[1:] if leading_ten else text


def _legal(count: int) -> str:
    return _chinese(count, _LEGAL, ("", "拾", "佰", "仟"), one=True)


def _letters(count: int) -> str:
    repeats, place = divmod(count - 1, 26)
    return chr(ord("a") + place) * min(repeats + 1, 30)


def _roman(count: int) -> str:
    text = ""
    for worth, sign in _ROMAN + _ROMAN_SMALL:
        text += sign * (count // worth)
        count %= worth
    return text


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda count: signs[(count - 1) % len(signs)]


def _circled(count: int) -> str:
    return chr(0x2460 + count - 1) if count <= _CIRCLED else str(count)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda count: f"{count:02d}",
    "decimalFullWidth": lambda count: "".join(chr(ord(figure) + 0xFEE0) for figure in str(count)),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographDigital": _chinese,
    "japaneseDigitalTenThousand": _chinese,
    "chineseLegalSimplified": _legal,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
}
