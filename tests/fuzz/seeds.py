"""Right files to begin from: every check passes, and each holds text in every place that a reader can forget."""

from __future__ import annotations

import functools

from word_builder import docx, level, numbered, paragraph, part, relationship, run, style, styles, table, text_box

BODY = "教师在平台上备课，学生在空间里提问；数据由学校汇总，做法在片区推广，家长也看得见孩子的进步。" * 3
INFO = (("案例名称", "云端备课"), ("实施单位", "某中学"), ("实施时间", "一年"), ("关键词", "平台"), ("相关网址", "无"))
SECTIONS = ("案例概述", "案例实施与成效", "实施背景", "实施方案", "实施效果", "案例特点与创新")
DEPTHS = (0, 0, 1, 1, 1, 0)
PARAGRAPHS = 6


def _look(font: str, half_points: int, alignment: str) -> str:
    fonts = f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}"/>'
    return f'<w:pPr><w:jc w:val="{alignment}"/></w:pPr><w:rPr>{fonts}<w:sz w:val="{half_points}"/></w:rPr>'


def _parts() -> dict[str, str]:
    levels = level(0, "chineseCounting", "%1、") + level(1, "chineseCounting", "（%2）")
    lists = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    return {
        "styles": styles(
            style("Normal", _look("仿宋", 32, "both"), default=True),
            style("Title", _look("方正小标宋简体", 44, "center"), based_on="Normal"),
            style("heading 1", _look("黑体", 32, "left") + '<w:outlineLvl w:val="0"/>', based_on="Normal"),
            style("strong", "<w:rPr><w:b/></w:rPr>", kind="character"),
        ),
        "numbering": part("numbering", lists + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'),
        "footnotes": part("footnotes", f'<w:footnote w:id="2">{paragraph("脚注说明了数据的来源。")}</w:footnote>'),
        "settings": part("settings", '<w:themeFontLang w:eastAsia="zh-CN"/>'),
    }


def _oddities() -> str:
    """Text in a content control, a link, a field, an insertion's place, a text box, a nested table, a footnote."""
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('控件里的一段话。')}</w:sdtContent></w:sdt>"
    link = f'<w:hyperlink r:id="rId5">{run("资源的地址")}</w:hyperlink>'
    code = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF a </w:instrText></w:r>'
    code += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    field = f'{code}{run("结果")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    nested = table(("外层", paragraph("里层之前") + table(("里层的格子", "又一格")) + paragraph()))
    strong = run("要紧的话", '<w:rStyle w:val="strong"/>')
    mixed = paragraph(runs=run("前文与") + link + field + strong + note + text_box("文本框里的话") + run("后文。"))
    return control + mixed + nested


@functools.cache
def whole() -> bytes:
    """A case that passes as a school's case: numbered headings, table, text in odd places."""
    body = paragraph("云端备课", style="Title") + table(*INFO)
    for title, depth in zip(SECTIONS, DEPTHS, strict=True):
        body += paragraph(title, style="heading1", properties=numbered(1, depth))
        if title != "案例实施与成效":
            body += "".join(paragraph(f"{title}第{number}段：{BODY}") for number in range(PARAGRAPHS))
        if title == "实施方案":
            body += _oddities()
    link = relationship("rId5", "hyperlink", "https://www.example.org/", external=True)
    return docx(body, extra=_parts(), links=(link,))
