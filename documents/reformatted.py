"""The reformatted copy: the same text, pictures, tables, numbers and links in the looks that are asked for.

Styles first: a style gets the look of most of its paragraphs, and what these state themselves is taken off; the others
state their look directly. Bold, colour and everything else about the text stays. That no text was touched is proven by
a digest of all but the formatting.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from documents.look import Look, put_on, put_on_run, states_look, take_off, uncrowd
from documents.package import NoCopyError, Parts, linked, main_part, packed
from documents.same_text import text_digest
from documents.splicing import attribute_values
from documents.style_sheet import StyleSheet
from documents.word_xml import (
    ALTERNATE,
    CHOICE,
    FALLBACK,
    Element,
    child,
    ensured,
    parsed,
    removed,
    runs_of,
    text_of,
    value,
    w,
    written,
)

UNUSUAL = "文件的内部写法比较特殊，为了不改动您的文字，这次没有自动排版版，请按检查结果修改。"
_HEAD_END = "。"
_OTHER_TEXTS = ("footnotes", "endnotes")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_INDENTS = ("firstLine", "firstLineChars")


@dataclass(frozen=True, slots=True)
class Setting:
    """The look of the `position`-th w:p of the main part, from 0 in the order of the file. With `head`, the text up to
    the first 。 gets that one."""

    position: int
    look: Look
    head: Look | None = None


@dataclass(frozen=True, slots=True)
class Reformatted:
    """The copy, and the names of the styles that were changed for it."""

    data: bytes
    styles: tuple[str, ...]


def reformat(parts: Parts, settings: Sequence[Setting]) -> Reformatted:
    """The package in these looks. Raises NoCopyError when that cannot be done without touching anything else."""
    main = main_part(parts)
    names = {kind: linked(parts, main, kind) for kind in ("styles", "numbering")}
    try:
        root = parsed(parts.read(main))
        before = text_digest(root)
        sheet = StyleSheet(parsed(parts.read(names["styles"])) if names["styles"] else None)
        targets = list(_targets(root, settings))
        sheet.plan((sheet.of(paragraph), setting.look) for paragraph, setting in targets)
        styles = sheet.apply(_used_styles(parts, main, sheet))
        for paragraph, setting in targets:
            _set(paragraph, setting, sheet)
        if text_digest(root) != before:
            raise NoCopyError(UNUSUAL)
        changed = {main: written(root)}
        if sheet.root is not None:
            changed[names["styles"]] = written(sheet.root)
        lists = _without_number_looks(parts.read(names["numbering"])) if names["numbering"] else None
        if lists is not None:
            changed[names["numbering"]] = lists
    except (ValueError, IndexError) as error:
        raise NoCopyError(UNUSUAL) from error
    _prove(changed[main], before)
    return Reformatted(packed(parts, changed), styles)


def _prove(data: bytes, before: str) -> None:
    """Read what was written once more: the text must be the same in the bytes that are handed out."""
    if text_digest(parsed(data)) != before:
        raise NoCopyError(UNUSUAL)


def _targets(root: Element, settings: Sequence[Setting]) -> Iterator[tuple[Element, Setting]]:
    """The paragraphs with their settings; a text box is held twice, and both get them."""
    paragraphs = list(root.iter(w("p")))
    twins = _twins(root)
    for setting in settings:
        paragraph = paragraphs[setting.position]
        yield paragraph, setting
        if paragraph in twins:
            yield twins[paragraph], setting


def _twins(root: Element) -> Mapping[Element, Element]:
    found: dict[Element, Element] = {}
    for alternatives in root.iter(ALTERNATE):
        choice, fallback = alternatives.find(CHOICE), alternatives.find(FALLBACK)
        if choice is None or fallback is None:
            continue
        shown, spare = list(choice.iter(w("p"))), list(fallback.iter(w("p")))
        if len(shown) == len(spare):
            found.update(zip(shown, spare, strict=True))
    return found


def _used_styles(parts: Parts, main: str, sheet: StyleSheet) -> list[str]:
    """The styles of all paragraphs, those in headers, footers and notes included."""
    kinds = {"header", "footer", *_OTHER_TEXTS}
    names = [main] + [
        link.target
        for link in parts.relationships(main)
        if link.kind in kinds and not link.external and parts.has(link.target)
    ]
    used = [sheet.default]
    for name in dict.fromkeys(names):
        used += attribute_values(parts.read(name), ("pStyle",), "val")
    return used


def _set(paragraph: Element, setting: Setting, sheet: StyleSheet) -> None:
    look, style = setting.look, sheet.of(paragraph)
    # In a table, Word lets the table's style win over some values of a paragraph style: there the text says it itself.
    in_table = next(iter(paragraph.iterancestors(w("tc"))), None) is not None
    by_style = sheet.planned.get(style) == look and not in_table
    if setting.head is not None:
        _split_head(paragraph)
    in_head = setting.head is not None
    for run in runs_of(paragraph):
        plain = by_style and not in_head and not sheet.character_style_speaks(run)
        put_on_run(run, setting.head if in_head and setting.head else look, by_style=plain)
        in_head = in_head and _HEAD_END not in text_of(run)
    _set_mark(paragraph, setting.head or look, by_style=by_style and setting.head is None)
    _align(paragraph, look, sheet, by_style=by_style)
    uncrowd(child(paragraph, "pPr"), look)


def _set_mark(paragraph: Element, look: Look, *, by_style: bool) -> None:
    """The paragraph mark, which the automatic number follows and which makes the height of an empty line."""
    properties = child(paragraph, "pPr")
    if not by_style:
        put_on(ensured(ensured(paragraph, "pPr"), "rPr"), look)
        return
    mark = child(properties, "rPr")
    take_off(mark)
    if mark is not None and not len(mark):
        removed(properties, "rPr")


def _align(paragraph: Element, look: Look, sheet: StyleSheet, *, by_style: bool) -> None:
    if look.alignment is None:
        return
    properties = ensured(paragraph, "pPr")
    if by_style:
        removed(properties, "jc")
    else:
        ensured(properties, "jc").set(w("val"), look.alignment)
    layers = [properties, *(child(style, "pPr") for style in sheet.chain(sheet.of(paragraph)))]
    indents = [indent for indent in (child(layer, "ind") for layer in layers) if indent is not None]
    if look.alignment == "center" and any(indent.get(w(name)) for indent in indents for name in _INDENTS):
        for name in _INDENTS:  # an indented first line stands beside the middle
            ensured(properties, "ind").set(w(name), "0")


def _split_head(paragraph: Element) -> None:
    """Cut the run in which the first 。 stands behind it, so that what follows can look differently."""
    run = next((run for run in runs_of(paragraph) if _HEAD_END in text_of(run)), None)
    if run is None:
        return
    item = next(item for item in run.iterfind(w("t")) if _HEAD_END in (item.text or ""))
    shown = item.text if item.get(_SPACE) == "preserve" else item.text.strip(" \t\r\n")
    end, place = shown.index(_HEAD_END) + 1, run.index(item)
    if not shown[end:] and place == len(run) - 1:
        return
    rest = copy.deepcopy(run)
    rest.tail = None
    for part, text in ((item, shown[:end]), (rest[place], shown[end:])):
        part.text = text
        part.set(_SPACE, "preserve")
    for each in run[place + 1 :]:
        run.remove(each)
    for each in rest[:place]:
        if each.tag != w("rPr"):
            rest.remove(each)
    run.addnext(rest)


def _without_number_looks(data: bytes) -> bytes | None:
    """The lists without fonts and sizes of their own, so that numbers look like their paragraphs, None when they have
    none. Bullets, which are signs of a font, stay."""
    root = parsed(data)
    spoke = False
    for level in root.iter(w("lvl")):
        properties = child(level, "rPr")
        if states_look(properties) and value(child(level, "numFmt")) != "bullet":
            take_off(properties)
            spoke = True
    return written(root) if spoke else None
