"""Fonts, sizes and alignment as the program shows them, layer by layer; the reader and the tree's own view agree."""

from __future__ import annotations

import io

import pytest
from reading_of import word_of
from word_builder import docx, numbered, paragraph, part, run, style, styles

from validators.facts import Origin, Source
from validators.reading.package import Package
from validators.reading.word_formatting import Formatting, Sheets
from validators.reading.word_names import w


def font(east_asian: str = "", *, theme: str = "", size: int = 0, more: str = "", attributes: str = "") -> str:
    """The inside of a w:rPr."""
    stated = (f' w:eastAsia="{east_asian}"' if east_asian else "") + (f' w:eastAsiaTheme="{theme}"' if theme else "")
    return f"<w:rFonts{stated}{attributes}/>" + (f'<w:sz w:val="{size}"/>' if size else "") + more


def looks(inner: str) -> str:
    return f"<w:rPr>{inner}</w:rPr>"


DEFAULTS = f"<w:rPrDefault>{looks(font('等线', size=21))}</w:rPrDefault>"
NORMAL = style("Normal", looks(font("宋体", size=24)), default=True)
CHILD = style("Child", looks(font("仿宋")), based_on="Normal")
QUOTED = style("Quoted", looks(font("楷体")), kind="character")
GRID = style(
    "Grid",
    looks(font("隶书", size=28))
    + f"<w:tblStylePr w:type='firstRow'>{looks(font('黑体'))}</w:tblStylePr>"
    + f"<w:tblStylePr w:type='firstCol'>{looks(font('幼圆'))}</w:tblStylePr>",
    kind="table",
)
SHEET = styles(NORMAL, CHILD, QUOTED, GRID, defaults=DEFAULTS)
PLAIN = styles(GRID, QUOTED, defaults=DEFAULTS)
EMPTY = styles()


def grid(first: str, second: str = "<w:p/>", *, options: str = "0620") -> str:
    look = f"<w:tblPr><w:tblStyle w:val='Grid'/><w:tblLook w:val='{options}'/></w:tblPr>"
    rows = "".join(f"<w:tr><w:tc><w:p/></w:tc><w:tc>{cell}</w:tc></w:tr>" for cell in (first, second))
    return f"<w:tbl>{look}{rows}</w:tbl>"


def theme(inner: str) -> str:
    minor = f"<a:minorFont><a:latin typeface='Calibri'/>{inner}</a:minorFont>"
    return part("x", minor).replace("<w:x", "<a:theme", 1).replace("</w:x>", "</a:theme>")


def settings(inner: str) -> str:
    return part("settings", inner)


HANS = "<a:ea typeface='仿宋'/><a:font script='Hans' typeface='等线'/>"
CHINESE = settings("<w:themeFontLang w:val='en-US' w:eastAsia='zh-CN'/>")
RUN, NOTHING = Source(Origin.RUN), Source(Origin.NOTHING)
LAYERS = {
    "defaults": (paragraph("字"), PLAIN, ("等线", 10.5), Source(Origin.DEFAULTS)),
    "default style": (paragraph("字"), SHEET, ("宋体", 12.0), Source(Origin.PARAGRAPH_STYLE, "Normal")),
    "style chain": (paragraph("字", style="Child"), SHEET, ("仿宋", 12.0), Source(Origin.PARAGRAPH_STYLE, "Child")),
    "unknown style": (paragraph("字", style="Gone"), SHEET, ("宋体", 12.0), Source(Origin.PARAGRAPH_STYLE, "Normal")),
    "character style": (
        paragraph(runs=run("字", '<w:rStyle w:val="Quoted"/>')),
        SHEET,
        ("楷体", 12.0),
        Source(Origin.CHARACTER_STYLE, "Quoted"),
    ),
    "a paragraph style is no character style": (
        paragraph(runs=run("字", '<w:rStyle w:val="Child"/>')),
        SHEET,
        ("宋体", 12.0),
        Source(Origin.PARAGRAPH_STYLE, "Normal"),
    ),
    "run": (paragraph(runs=run("字", font("黑体", size=32))), SHEET, ("黑体", 16.0), RUN),
    "the paragraph mark formats no text": (
        paragraph("字", properties=looks(font("黑体", size=32))),
        PLAIN,
        ("等线", 10.5),
        Source(Origin.DEFAULTS),
    ),
    "Latin font only": (
        paragraph(runs=run("字", font(attributes=' w:ascii="仿宋" w:hAnsi="仿宋"'))),
        PLAIN,
        ("等线", 10.5),
        Source(Origin.DEFAULTS),
    ),
    "complex size only": (
        paragraph(runs=run("字", '<w:szCs w:val="44"/>')),
        PLAIN,
        ("等线", 10.5),
        Source(Origin.DEFAULTS),
    ),
    "table style": (grid("<w:p/>", paragraph("字")), PLAIN, ("隶书", 14.0), Source(Origin.TABLE_STYLE, "Grid")),
    "first row": (grid(paragraph("字")), PLAIN, ("黑体", 14.0), Source(Origin.TABLE_STYLE, "Grid")),
    "first row switched off": (
        grid(paragraph("字"), options="0600"),
        PLAIN,
        ("隶书", 14.0),
        Source(Origin.TABLE_STYLE, "Grid"),
    ),
    "style above table style": (
        grid(paragraph("字", style="Child")),
        SHEET,
        ("仿宋", 14.0),
        Source(Origin.PARAGRAPH_STYLE, "Child"),
    ),
    "text box in a table": (
        grid(
            paragraph(
                runs="<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
                + paragraph("字")
                + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
            )
        ),
        PLAIN,
        ("等线", 10.5),
        Source(Origin.DEFAULTS),
    ),
    "nothing stated": (paragraph("字"), EMPTY, ("", None), Source(Origin.NOTHING, theme=True)),
    "Times New Roman stands for the Latin font": (
        paragraph(runs=run("字", font("Times New Roman", attributes=' w:ascii="仿宋" w:hAnsi="仿宋"'))),
        PLAIN,
        ("仿宋", 10.5),
        RUN,
    ),
}


def _both(data: bytes):
    """The first visible run's format, as the reader and as the tree tell it."""
    word = word_of(data)
    first = next(p for p in word.paragraphs if p.text)
    package = Package(io.BytesIO(data))
    parts = {
        name: package.xml(f"word/{name}.xml")
        for name in ("styles", "theme", "settings")
        if package.has(f"word/{name}.xml")
    }
    root = package.xml("word/document.xml")
    shown = next(item for item in root.iter(w("r")) if item.find(w("t")) is not None)
    return word.formats[first.runs[0].format], Formatting(Sheets(**parts)).of_run(shown)


@pytest.mark.parametrize(("body", "sheet", "wanted", "source"), LAYERS.values(), ids=LAYERS)
def test_layer(body, sheet, wanted, source):
    read, asked = _both(docx(body, extra={"styles": sheet}))
    assert read == asked
    assert (read.east_asian, read.size_pt) == wanted
    assert read.east_asian_from == source


THEMES = {
    "the language's own face before the general one": (font(theme="minorEastAsia"), HANS, CHINESE, "等线"),
    "the general face when there is none": (font(theme="minorEastAsia"), "<a:ea typeface='仿宋'/>", CHINESE, "仿宋"),
    "no language": (font(theme="minorEastAsia"), HANS, settings(""), ""),
    "no face": (font(theme="minorEastAsia"), "<a:ea typeface=''/>", CHINESE, ""),
    "another language": (
        font(theme="minorEastAsia"),
        "<a:font script='Jpan' typeface='MS 明朝'/>",
        settings("<w:themeFontLang w:eastAsia='ja-JP'/>"),
        "MS 明朝",
    ),
    "traditional": (
        font(theme="minorEastAsia"),
        "<a:font script='Hant' typeface='新細明體'/>",
        settings("<w:themeFontLang w:eastAsia='zh-TW'/>"),
        "新細明體",
    ),
    "the theme beats the name beside it": (font("仿宋", theme="minorEastAsia"), HANS, CHINESE, "等线"),
    "the missing set": (font(theme="majorEastAsia"), HANS, CHINESE, ""),
    "nothing stated means the theme": ("", HANS, CHINESE, "等线"),
}


@pytest.mark.parametrize(("properties", "faces", "settings_part", "wanted"), THEMES.values(), ids=THEMES)
def test_theme(properties, faces, settings_part, wanted):
    parts = {"theme": theme(faces), "settings": settings_part}
    read, asked = _both(docx(paragraph(runs=run("字", properties)), extra=parts))
    assert read == asked
    assert read.east_asian == wanted
    assert read.east_asian_from.theme


def test_a_name_above_beats_a_theme_below():
    sheet = styles(style("Normal", looks(font(theme="minorEastAsia")), default=True))
    read, _ = _both(
        docx(
            paragraph(runs=run("字", font("仿宋"))),
            extra={"styles": sheet, "theme": theme(HANS), "settings": CHINESE},
        )
    )
    assert (read.east_asian, read.east_asian_from) == ("仿宋", RUN)


def test_shared_signs_follow_the_hint():
    both = font("仿宋", attributes=' w:ascii="Arial" w:hAnsi="Calibri" w:hint="eastAsia"')
    word = word_of(docx(paragraph(runs=run("“字”", both) + run("字", both.replace(' w:hint="eastAsia"', "")))))
    assert [(f.east_asian, f.latin, f.shared) for f in word.formats] == [
        ("仿宋", "Arial", "仿宋"),
        ("仿宋", "Arial", "Calibri"),
    ]


OLD = "<w:compat><w:compatSetting w:name='compatibilityMode' w:val='14'/></w:compat>"
NEW = OLD.replace("14", "15")
OVERRIDING = OLD.replace("</w:compat>", "<w:overrideTableStyleFontSizeAndJustification/></w:compat>")


@pytest.mark.parametrize(("compat", "size"), [("", 14.0), (OLD, 14.0), (NEW, 12.0), (OVERRIDING, 12.0)])
def test_twelve_points_give_way_in_tables_of_old_documents(compat, size):
    read, asked = _both(docx(grid(paragraph("字")), extra={"styles": SHEET, "settings": settings(compat)}))
    assert read == asked
    assert read.size_pt == size


BOLD = looks("<w:b/>")
BOLD_SHEET = styles(
    style("Strong", BOLD, kind="character"), style("Head", BOLD), style("Plain", looks("<w:b w:val='0'/>"))
)


@pytest.mark.parametrize(
    ("paragraph_style", "properties", "bold"),
    [
        ("Head", "", True),
        ("Head", '<w:rStyle w:val="Strong"/>', False),
        ("Plain", '<w:rStyle w:val="Strong"/>', True),
        ("Head", '<w:rStyle w:val="Strong"/><w:b/>', True),
        ("Head", '<w:b w:val="0"/>', False),
    ],
)
def test_toggles_flip_from_level_to_level(paragraph_style, properties, bold):
    body = paragraph(style=paragraph_style, runs=run("字", properties))
    assert word_of(docx(body, extra={"styles": BOLD_SHEET})).formats[0].bold is bold


def test_an_automatic_number_has_a_look_of_its_own():
    levels = (
        "<w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='0'><w:numFmt w:val='chineseCounting'/>"
        "<w:lvlText w:val='%1、'/>"
        f"{looks(font('黑体'))}</w:lvl></w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num>"
    )
    body = paragraph("概述", properties=numbered(1) + looks('<w:sz w:val="32"/>'))
    word = word_of(docx(body, extra={"numbering": part("numbering", levels), "styles": PLAIN}))
    label = word.formats[word.paragraphs[0].label_format]
    assert (label.east_asian, label.size_pt) == ("黑体", 16.0)
    assert word.formats[word.paragraphs[0].runs[0].format].east_asian == "等线"


def test_runs_cover_the_text_and_join_where_they_look_alike():
    body = paragraph(
        runs=run("一二", font("仿宋")) + run("三", font("仿宋", more="<w:b w:val='0'/>")) + run("四", font("黑体"))
    )
    word = word_of(docx(body))
    assert [(item.chars, word.formats[item.format].east_asian) for item in word.paragraphs[0].runs] == [
        (3, "仿宋"),
        (1, "黑体"),
    ]


@pytest.mark.parametrize(
    ("written", "size"), [("31.5", 15.75), ("16pt", 16.0), ("0", None), ("大", None), ("-3", None)]
)
def test_sizes_as_written(written, size):
    assert word_of(docx(paragraph(runs=run("字", f'<w:sz w:val="{written}"/>')))).formats[0].size_pt == size


def test_table_style_centres_its_cells():
    sheet = styles(style("Grid", "<w:pPr><w:jc w:val='center'/></w:pPr>", kind="table"))
    word = word_of(docx(grid(paragraph("字")), extra={"styles": sheet}))
    assert next(p for p in word.paragraphs if p.text).alignment == "center"


def test_the_font_table_is_told():
    table = part("fonts", "<w:font w:name='方正小标宋简体'><w:altName w:val='微软雅黑'/></w:font>")
    fonts = word_of(docx(paragraph("字"), extra={"fontTable": table})).fonts
    assert [(font.name, font.alternative) for font in fonts] == [("方正小标宋简体", "微软雅黑")]
