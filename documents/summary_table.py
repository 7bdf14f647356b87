"""The summary table (汇总表) of annex 1 as a Word file, ready to print, sign and stamp."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from documents.word_package import Element, fonts, half_points, package, text_run, w
from domain.demands import FontDemand
from domain.notice import Notice
from domain.summary import SummaryRow, SummarySheet

_BODY, _TITLE, _CELL = "Normal", "Title", "Cell"
# A4 upright, in twentieths of a point: the annex has no more columns than fit.
_PAGE = {"w": 11906, "h": 16838}
_MARGINS = {"top": 1440, "right": 1134, "bottom": 1247, "left": 1134, "header": 851, "footer": 992, "gutter": 0}
_WIDTHS = (680, 1020, 3150, 1240, 2060, 1488)
_TEXT_WIDTH = sum(_WIDTHS)
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_CELL_PT, _HEAD_PT = 12.0, 14.0
_LEFT_ALIGNED = frozenset({2, 4})
_BREAKS = re.compile(r"\s*[\r\n]+\s*")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def summary_table(notice: Notice, sheet: SummarySheet) -> bytes:
    """The .docx: the annex's title, head, columns and remarks, and a row for each case. The same content always gives
    the same bytes."""
    letters = (notice.title_font, notice.heading_font, notice.body_font)
    return package(_body(notice, sheet), _styles(notice), [each.font for each in letters])


def _body(notice: Notice, sheet: SummarySheet) -> Iterator[Element]:
    annex = notice.summary_table
    yield _paragraph(annex.title, _TITLE)
    yield from _head(annex.head, (sheet.unit, sheet.contact, sheet.phone))
    yield _table(annex.columns, sheet.rows)
    for line in _remarks(notice):
        yield _paragraph(line, _BODY)
    yield w("sectPr", w("pgSz", **_PAGE), w("pgMar", **_MARGINS))


def _head(labels: Sequence[str], values: Sequence[str]) -> Iterator[Element]:
    """Unit and contact on one line, what follows below, as the annex prints them."""
    said = [f"{label.rstrip('：:')}：{value}" for label, value in zip(labels, values, strict=False)]
    tab = w("tabs", w("tab", val="left", pos=_TEXT_WIDTH * 6 // 10))
    first = w("p", w("pPr", tab), text_run(said[0]) if said else None)
    if len(said) > 1:
        first.append(w("r", w("tab")))
        first.append(text_run(_clean(said[1])))
    yield first
    for line in said[2:]:
        yield _paragraph(line, _BODY)


def _remarks(notice: Notice) -> Iterator[str]:
    """The annex's own remarks, word for word, under one 备注."""
    texts = [notice.clause(each).text for each in notice.summary_table.remark_clauses]
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    return iter(lines)


def _table(columns: Sequence[str], rows: Sequence[SummaryRow]) -> Element:
    lines = (w(side, val="single", sz=4, space=0, color="auto") for side in _SIDES)
    layout = w(
        "tblPr",
        w("tblW", w=_TEXT_WIDTH, type="dxa"),
        w("jc", val="center"),
        w("tblBorders", *lines),
        w("tblLayout", type="fixed"),
    )
    grid = w("tblGrid", *(w("gridCol", w=width) for width in _WIDTHS))
    head = _row(columns, w("tblHeader"), centred=True)
    return w("tbl", layout, grid, head, *(_row(_values(number, row)) for number, row in enumerate(rows, start=1)))


def _values(number: int, row: SummaryRow) -> tuple[str, ...]:
    return str(number), row.category, row.title, row.contact, row.school, row.phone


def _row(texts: Sequence[str], *more: Element, centred: bool = False) -> Element:
    cells = (
        _cell(text, width, centred=centred or place not in _LEFT_ALIGNED)
        for place, (text, width) in enumerate(zip(texts, _WIDTHS, strict=True))
    )
    return w("tr", w("trPr", w("cantSplit"), w("trHeight", val=454, hRule="atLeast"), *more), *cells)


def _cell(text: str, width: int, *, centred: bool) -> Element:
    layout = w("pPr", w("pStyle", val=_CELL), w("jc", val="center") if centred else None)
    paragraph = w("p", layout, text_run(_clean(text)) if text else None)
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa"), w("vAlign", val="center")), paragraph)


def _paragraph(text: str, style: str) -> Element:
    named = w("pPr", w("pStyle", val=style)) if style != _BODY else None
    return w("p", named, text_run(_clean(text)) if text else None)


def _clean(text: str) -> str:
    """On one line and without signs that XML cannot hold: titles and names are other people's."""
    return _ILLEGAL.sub("", _BREAKS.sub(" ", text))


def _styles(notice: Notice) -> Iterator[Element]:
    body = replace(notice.body_font, size_pt=_HEAD_PT)
    language = w("lang", val="en-US", eastAsia="zh-CN")
    yield w("docDefaults", w("rPrDefault", w("rPr", *_letters(body), language)), w("pPrDefault", w("pPr")))
    spacing = w("spacing", before=60, after=60, line=300, lineRule="auto")
    yield _style(_BODY, "Normal", body, w("pPr", spacing), default=True)
    centred = w("pPr", w("spacing", before=120, after=240), w("jc", val="center"))
    yield _style(_TITLE, "Title", notice.title_font, centred)
    yield _style(_CELL, "Cell", replace(body, size_pt=_CELL_PT), w("pPr", w("spacing", before=0, after=0, line=240)))


def _style(identity: str, name: str, demand: FontDemand, layout: Element, *, default: bool = False) -> Element:
    kind = {"type": "paragraph", "styleId": identity}
    if default:
        kind["default"] = "1"
    elif identity == _CELL:
        kind["customStyle"] = "1"
    based = None if default else w("basedOn", val=_BODY)
    return w("style", w("name", val=name), based, w("qFormat"), layout, w("rPr", *_letters(demand)), **kind)


def _letters(demand: FontDemand) -> tuple[Element, ...]:
    size = half_points(demand.size_pt)
    return fonts(demand.font), w("sz", val=size), w("szCs", val=size)
