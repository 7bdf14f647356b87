"""Packages written by hand: each tries one way in which a character comes by its look."""

from __future__ import annotations

from collections.abc import Iterator

from word_builder import docx, level, numbered, paragraph, part, run, style, styles, table

TEXT = "教师在平台上备课，学生在空间里提问；数据（共36项）由学校汇总。"
MORE = "From 2022年起，课堂更加“主动”——大家都这样说……"
_BORDERS = '<w:tblW w:w="8000" w:type="dxa"/>'


def fonts(east_asian: str, **more: str) -> str:
    extra = "".join(f' w:{name}="{value}"' for name, value in more.items())
    return f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{east_asian}"{extra}/>'


def size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def look(font: str, half_points: int) -> str:
    return f"<w:rPr>{fonts(font)}{size(half_points)}</w:rPr>"


def aligned(how: str) -> str:
    return f'<w:jc w:val="{how}"/>'


def defaults(font: str = "", half_points: int = 21, more: str = "") -> str:
    inner = font if font.startswith("<") else fonts(font) if font else ""
    return f"<w:rPrDefault><w:rPr>{inner}{size(half_points)}</w:rPr></w:rPrDefault><w:pPrDefault>{more}</w:pPrDefault>"


def theme(minor: str, major: str, *, script: str = "Hans", east_asian: str = "") -> str:
    def face(name: str) -> str:
        listed = f'<a:font script="{script}" typeface="{name}"/>' if script else ""
        return f'<a:latin typeface="Cambria"/><a:ea typeface="{east_asian}"/><a:cs typeface=""/>{listed}'

    scheme = (
        f'<a:fontScheme name="f"><a:majorFont>{face(major)}</a:majorFont>'
        f"<a:minorFont>{face(minor)}</a:minorFont></a:fontScheme>"
    )
    namespace = "http://schemas.openxmlformats.org/drawingml/2006/main"
    return f'<a:theme xmlns:a="{namespace}" name="t"><a:themeElements>{scheme}</a:themeElements></a:theme>'


def settings(language: str) -> str:
    named = f'<w:themeFontLang w:val="en-US" w:eastAsia="{language}"/>' if language else ""
    compatible = (
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    )
    return part("settings", f"<w:compat>{compatible}</w:compat>{named}")


NORMAL = style("Normal", default=True)
_MINOR = '<w:rFonts w:asciiTheme="minorHAnsi" w:eastAsiaTheme="minorEastAsia" w:hAnsiTheme="minorHAnsi"/>'
_MAJOR = '<w:rFonts w:asciiTheme="majorHAnsi" w:eastAsiaTheme="majorEastAsia" w:hAnsiTheme="majorHAnsi"/>'


def _plain(count: int = 9, **how: str) -> str:
    return "".join(paragraph(f"{TEXT}{number}", **how) for number in range(count)) + paragraph(MORE, **how)


def _themed(minor: str, major: str, language: str, **more: str) -> bytes:
    heading = style("heading 1", f"<w:rPr>{_MAJOR}{size(32)}</w:rPr>", based_on="Normal")
    sheet = styles(NORMAL, heading, defaults=defaults(_MINOR))
    body = paragraph("案例概述", style="heading1") + _plain()
    parts = {"styles": sheet, "settings": settings(language), "theme": theme(minor, major, **more)}
    return docx(body, extra=parts)


def _direct() -> bytes:
    one = "".join(run(text, look(font, points)[7:-8]) for text, font, points in _PIECES)
    body = paragraph(runs=one, properties=aligned("center")) + paragraph(TEXT)
    return docx(body, extra={"styles": styles(NORMAL, defaults=defaults("宋体"))})


_PIECES = (("主标题在这里", "方正小标宋简体", 44), ("后半截不同", "黑体", 32), (MORE, "仿宋_GB2312", 31))


def _chain() -> bytes:
    sheet = styles(
        style("Normal", f"<w:pPr>{aligned('both')}</w:pPr>", default=True),
        style("root", f"<w:rPr>{fonts('仿宋')}</w:rPr>", based_on="Normal"),
        style("middle", f"<w:pPr>{aligned('center')}</w:pPr><w:rPr>{size(32)}</w:rPr>", based_on="root"),
        style("leaf", f"<w:rPr>{size(30)}</w:rPr>", based_on="middle"),
        style("loose", look("楷体", 28)),
        defaults=defaults("宋体"),
    )
    body = "".join(_plain(6, style=name) for name in ("", "root", "middle", "leaf", "loose", "nowhere"))
    return docx(body, extra={"styles": sheet})


def _characters() -> bytes:
    sheet = styles(
        NORMAL,
        style("body", look("仿宋", 32), based_on="Normal"),
        style("strong", f"<w:rPr>{fonts('黑体')}</w:rPr>", kind="character"),
        style("bigger", f"<w:rPr>{size(36)}</w:rPr>", kind="character", based_on="strong"),
        defaults=defaults("宋体"),
    )

    def marked(name: str, more: str = "") -> str:
        return run(f"{TEXT}{name}", f'<w:rStyle w:val="{name}"/>{more}')

    body = paragraph(runs=marked("strong") + run(TEXT) + marked("bigger"), style="body")
    body += paragraph(runs=marked("bigger", size(24)) + marked("strong", fonts("等线")) + marked("body"))
    return docx(body, extra={"styles": sheet})


def _tables() -> bytes:
    sheet = styles(
        NORMAL,
        style("body", look("仿宋", 32), based_on="Normal"),
        style("grid", look("楷体", 28), kind="table"),
        style("finer", f"<w:pPr>{aligned('center')}</w:pPr><w:rPr>{size(24)}</w:rPr>", kind="table", based_on="grid"),
        defaults=defaults(half_points=21),
    )

    def dressed(name: str, *cells: str) -> str:
        properties = f'<w:tblPr><w:tblStyle w:val="{name}"/>{_BORDERS}</w:tblPr>'
        return table(cells, cells).replace("<w:tbl>", f"<w:tbl>{properties}", 1)

    cells = (paragraph(TEXT), paragraph(MORE, style="body"), paragraph(runs=run(TEXT, fonts("黑体"))))
    inner = dressed("grid", paragraph("里层的表格")) + paragraph("表格之后")
    body = dressed("grid", *cells) + paragraph() + dressed("finer", *cells) + paragraph() + dressed("grid", inner)
    return docx(body + _plain(1), extra={"styles": sheet})


def _same_element() -> bytes:
    both = '<w:rFonts w:eastAsia="仿宋" w:eastAsiaTheme="minorEastAsia"/>'
    sheet = styles(
        NORMAL,
        style("named", f"<w:rPr>{fonts('黑体')}</w:rPr>", based_on="Normal"),
        style("themed", f"<w:rPr>{_MAJOR}</w:rPr>", based_on="named"),
        style("again", f"<w:rPr>{fonts('楷体')}</w:rPr>", based_on="themed"),
        defaults=defaults(_MINOR),
    )
    body = paragraph(runs=run(TEXT, both)) + "".join(_plain(5, style=name) for name in ("named", "themed", "again"))
    body += paragraph(runs=run(MORE, _MAJOR), style="again") + paragraph(runs=run(MORE, fonts("仿宋")), style="themed")
    parts = {"styles": sheet, "settings": settings("zh-CN"), "theme": theme("宋体", "微软雅黑")}
    return docx(body, extra=parts)


def _numbers() -> bytes:
    levels = (
        level(0, "chineseCountingThousand", "%1、", aligned("left")),
        level(1, "japaneseCounting", "（%2）", look("黑体", 32)),
        level(2, "decimal", "%3．"),
    )
    lists = part(
        "numbering",
        f'<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{"".join(levels)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )
    heading = style("heading 1", f"<w:pPr>{numbered(1)}</w:pPr>{look('黑体', 32)}", based_on="Normal")
    sheet = styles(NORMAL, heading, defaults=defaults("仿宋", 32))
    body = paragraph("案例概述", style="heading1") + _plain(1)
    for depth, text in ((1, "实施背景"), (2, "细目甲"), (2, "细目乙"), (1, "实施方案"), (2, "细目丙"), (0, "特点")):
        body += paragraph(text, properties=numbered(1, depth))
    return docx(body, extra={"styles": sheet, "numbering": lists})


def _box(text: str) -> str:
    style_of = "width:200pt;height:80pt"
    content = f"<v:textbox><w:txbxContent>{paragraph(text, style='body')}</w:txbxContent></v:textbox>"
    return f'<w:r><w:pict><v:shape type="#_x0000_t202" style="{style_of}">{content}</v:shape></w:pict></w:r>'


def _places() -> bytes:
    sheet = styles(NORMAL, style("body", look("仿宋", 32), based_on="Normal"), defaults=defaults("宋体"))
    notes = part("footnotes", f'<w:footnote w:id="2">{paragraph("脚注里的文字", style="body")}</w:footnote>')
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    control = f"<w:sdt><w:sdtContent>{paragraph('控件里的段落', style='body')}</w:sdtContent></w:sdt>"
    inline = f"<w:sdt><w:sdtContent>{run('行内控件')}</w:sdtContent></w:sdt>"
    changed = '<w:{0} w:id="{1}" w:author="甲" w:date="2023-01-01T00:00:00Z">{2}</w:{0}>'
    deleted = "<w:r><w:delText>删去的话</w:delText></w:r>"
    runs = run(TEXT) + changed.format("ins", 1, run("加上的话", look("黑体", 28)[7:-8]))
    runs += changed.format("del", 2, deleted) + run("看不见的字", "<w:vanish/>") + inline + note
    body = paragraph(runs=runs, style="body") + control + paragraph(runs=_box("文本框里的话") + run(MORE))
    return docx(body + _plain(1), extra={"styles": sheet, "footnotes": notes})


def _alignments() -> bytes:
    centred = style("centred", f"<w:pPr>{aligned('center')}</w:pPr>", based_on="Normal")
    sheet = styles(NORMAL, centred, defaults=defaults("仿宋", 32))
    ways = ("left", "start", "center", "right", "end", "both", "distribute")
    body = "".join(paragraph(f"{TEXT}{way}", properties=aligned(way)) for way in ways)
    body += paragraph(TEXT, style="centred") + paragraph(MORE, style="centred", properties=aligned("left"))
    return docx(body + paragraph(MORE), extra={"styles": sheet})


def _complex_only() -> bytes:
    sheet = styles(NORMAL, defaults=defaults("仿宋", 32))
    latin = '<w:rFonts w:ascii="黑体" w:hAnsi="黑体"/>'
    body = paragraph(runs=run(TEXT, '<w:szCs w:val="44"/>') + run(MORE, latin) + run(TEXT, '<w:sz w:val="44"/>'))
    return docx(body, extra={"styles": sheet})


def _default_paragraph() -> bytes:
    spaced = f"<w:pPr>{aligned('center')}</w:pPr>"
    named = style("正文", look("仿宋", 32), default=True)
    other = style("标题样式", look("黑体", 44), based_on="正文")
    body = _plain(2) + _plain(1, style="标题样式") + _plain(1, style="missing")
    return docx(body, extra={"styles": styles(named, other, defaults=defaults("宋体", more=spaced))})


def _linked() -> bytes:
    sheet = styles(
        NORMAL,
        style("heading 1", f'<w:link w:val="heading1char"/>{look("黑体", 32)}', based_on="Normal"),
        style("heading1char", look("黑体", 32), kind="character"),
        defaults=defaults("仿宋", 28),
    )
    body = paragraph("一、标题", style="heading1") + paragraph(
        runs=run(TEXT, '<w:rStyle w:val="heading1char"/>') + run(MORE)
    )
    return docx(body, extra={"styles": sheet})


def _hidden() -> bytes:
    sheet = styles(
        NORMAL,
        style("gone", "<w:rPr><w:vanish/></w:rPr>", based_on="Normal"),
        style("back", '<w:rPr><w:vanish w:val="0"/></w:rPr>', based_on="gone"),
        defaults=defaults("仿宋", 32),
    )
    body = paragraph(TEXT) + paragraph("整段不见", style="gone") + paragraph(MORE, style="back")
    return docx(body, extra={"styles": sheet})


def made() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each."""
    yield "direct", _direct()
    yield "chain", _chain()
    yield "characters", _characters()
    yield "tables", _tables()
    yield "same-element", _same_element()
    yield "numbers", _numbers()
    yield "places", _places()
    yield "alignments", _alignments()
    yield "complex-only", _complex_only()
    yield "default-paragraph", _default_paragraph()
    yield "linked", _linked()
    yield "hidden", _hidden()
    yield "theme-zh", _themed("仿宋", "黑体", "zh-CN")
    yield "theme-ja", _themed("游明朝", "游ゴシック", "ja-JP", script="Jpan")
    yield "theme-other-script", _themed("宋体", "黑体", "ja-JP", east_asian="仿宋")
    yield "theme-filled", _themed("宋体", "黑体", "zh-CN", east_asian="楷体")
    yield "theme-no-script", _themed("宋体", "黑体", "zh-CN", script="", east_asian="仿宋")
    yield "theme-taiwan", _themed("新細明體", "標楷體", "zh-TW", script="Hant")
