"""The notice's case template as a Word file to fill in: its table, sections, fonts, sizes and alignment."""

from __future__ import annotations

from collections.abc import Iterator

from documents.word_package import Element, fonts, half_points, package, text_run, w
from domain.demands import FontDemand
from domain.notice import Notice

TITLE_HERE = "请在这里写案例名称"
_BODY, _TITLE, _CELL = "Normal", "Title", "Cell"
_HEADINGS = {1: "Heading1", 2: "Heading2"}
# A4 with the margins of a plain document, in twentieths of a point.
_PAGE = {"w": 11906, "h": 16838}
_MARGINS = {"top": 1440, "right": 1800, "bottom": 1440, "left": 1800, "header": 851, "footer": 992, "gutter": 0}
_WIDTHS = (2306, 6000)
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_ONE_AND_A_HALF = 360
_TWO_SIGNS = 200


def case_template(notice: Notice) -> bytes:
    """The .docx: title, information table, and under each heading the instruction that the author replaces.

    The same notice always gives the same bytes.
    """
    demands = (notice.title_font, notice.heading_font, notice.body_font)
    return package(_body(notice), _styles(notice), [demand.font for demand in demands])


def _body(notice: Notice) -> Iterator[Element]:
    template = notice.template
    yield _paragraph(TITLE_HERE, _TITLE)
    yield _table(template.info_title, template.info_fields)
    yield _paragraph("", _BODY)
    for section in template.sections:
        yield _paragraph(f"{section.label}{section.title}", _HEADINGS[section.level])
        if section.hint:
            yield _paragraph(section.hint, _BODY)
    yield w("sectPr", w("pgSz", **_PAGE), w("pgMar", **_MARGINS))


def _paragraph(text: str, style: str) -> Element:
    named = w("pPr", w("pStyle", val=style)) if style != _BODY else None
    return w("p", named, text_run(text) if text else None)


def _table(title: str, fields: tuple[str, ...]) -> Element:
    lines = (w(side, val="single", sz=4, space=0, color="auto") for side in _SIDES)
    layout = w(
        "tblPr",
        w("tblW", w=sum(_WIDTHS), type="dxa"),
        w("jc", val="center"),
        w("tblBorders", *lines),
        w("tblLayout", type="fixed"),
    )
    grid = w("tblGrid", *(w("gridCol", w=width) for width in _WIDTHS))
    head = w("tr", _cell(title, sum(_WIDTHS), w("gridSpan", val=2), centred=True)) if title else None
    rows = (w("tr", _cell(field, _WIDTHS[0], centred=True), _cell("", _WIDTHS[1])) for field in fields)
    return w("tbl", layout, grid, head, *rows)


def _cell(text: str, width: int, *more: Element, centred: bool = False) -> Element:
    layout = w("pPr", w("pStyle", val=_CELL), w("jc", val="center") if centred else None)
    paragraph = w("p", layout, text_run(text) if text else None)
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa"), *more, w("vAlign", val="center")), paragraph)


def _styles(notice: Notice) -> Iterator[Element]:
    body = notice.body_font
    language = w("lang", val="en-US", eastAsia="zh-CN")
    yield w("docDefaults", w("rPrDefault", w("rPr", *_letters(body), language)), w("pPrDefault", w("pPr")))
    lines = w("spacing", line=_ONE_AND_A_HALF, lineRule="auto")
    indent = w("ind", firstLineChars=_TWO_SIGNS, firstLine=round(body.size_pt * 2 * 20))
    yield _style(_BODY, "Normal", body, w("pPr", lines, indent, _aligned(body)), default=True)
    centred = w("pPr", w("spacing", before=240, after=240), _no_indent(), _aligned(notice.title_font))
    yield _style(_TITLE, "Title", notice.title_font, centred)
    for level, number in _HEADINGS.items():
        layout = w("pPr", w("keepNext"), _aligned(notice.heading_font), w("outlineLvl", val=level - 1))
        yield _style(number, f"heading {level}", notice.heading_font, layout)
    yield _style(_CELL, "Cell", body, w("pPr", w("spacing", line=240, lineRule="auto"), _no_indent()))


def _style(identity: str, name: str, demand: FontDemand, layout: Element, *, default: bool = False) -> Element:
    """A paragraph style with every letter property said in it: nothing is left to what it is based on."""
    kind = {"type": "paragraph", "styleId": identity}
    if default:
        kind["default"] = "1"
    elif identity == _CELL:
        kind["customStyle"] = "1"
    based = None if default else w("basedOn", val=_BODY)
    following = None if default or identity == _CELL else w("next", val=_BODY)
    return w("style", w("name", val=name), based, following, w("qFormat"), layout, w("rPr", *_letters(demand)), **kind)


def _letters(demand: FontDemand) -> tuple[Element, ...]:
    size = half_points(demand.size_pt)
    plain = (w("b", val=0), w("bCs", val=0), w("i", val=0), w("iCs", val=0))
    return (fonts(demand.font), *plain, w("sz", val=size), w("szCs", val=size))


def _aligned(demand: FontDemand) -> Element | None:
    return w("jc", val=demand.alignment) if demand.alignment else None


def _no_indent() -> Element:
    return w("ind", firstLineChars=0, firstLine=0)
