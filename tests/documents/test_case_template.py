"""The case template: in Word's own terms exactly what the notice demands, and accepted by our checks once filled in."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from documents.case_template import TITLE_HERE, case_template
from domain.notice import Notice
from domain.notice_loader import load_notice
from validators import judge
from validators.reading.file import read_file
from validators.report import Report, Verdict

ROOT = Path(__file__).resolve().parents[2]
NOTICES = (ROOT / "notices" / "enshi-2023-05", ROOT / "tests" / "notices" / "second")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SENTENCE = "学校利用平台开展教学应用，教师按照数据调整课堂安排，学生在空间里完成作业并互相评价。"
WORDS = 4000


@cache
def notice_in(folder: Path) -> Notice:
    return load_notice(folder)


@pytest.fixture(params=NOTICES, ids=lambda folder: folder.name)
def notice(request: pytest.FixtureRequest) -> Notice:
    return notice_in(request.param)


def part(data: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def letters(style: etree._Element) -> tuple[set[str], set[str]]:
    """Fonts of the four slots, and the sizes in points, as a style says them."""
    properties = style.find(f"{W}rPr")
    fonts = set(properties.find(f"{W}rFonts").attrib.values())
    assert len(properties.find(f"{W}rFonts").attrib) == 4
    return fonts, {str(int(properties.find(f"{W}{name}").get(f"{W}val")) / 2) for name in ("sz", "szCs")}


def test_each_style_names_the_notices_font_size_and_alignment(notice: Notice) -> None:
    root = part(case_template(notice), "word/styles.xml")
    styles = {style.get(f"{W}styleId"): style for style in root.iter(f"{W}style")}
    wanted = {
        "Title": notice.title_font,
        "Heading1": notice.heading_font,
        "Heading2": notice.heading_font,
        "Normal": notice.body_font,
        "Cell": notice.body_font,
    }
    assert set(styles) == set(wanted)
    for name, demand in wanted.items():
        assert letters(styles[name]) == ({demand.font}, {str(demand.size_pt)}), name
        aligned = styles[name].find(f"{W}pPr/{W}jc")
        assert (None if aligned is None else aligned.get(f"{W}val")) == demand.alignment, name
    defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
    assert set(defaults.attrib.values()) == {notice.body_font.font}


def test_nothing_leads_to_a_theme_or_to_japanese(notice: Notice) -> None:
    data = case_template(notice)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "theme" in name]
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "ja-JP" not in everything
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        assert attribute not in everything


def test_title_table_and_sections_stand_in_the_notices_order(notice: Notice) -> None:
    document = Document(io.BytesIO(case_template(notice)))
    template = notice.template
    shown = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    wanted = [TITLE_HERE]
    for section in template.sections:
        wanted += [f"{section.label}{section.title}", *([section.hint] if section.hint else [])]
    assert shown == wanted
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert styles[TITLE_HERE] == "Title"
    for section in template.sections:
        assert styles[f"{section.label}{section.title}"] == f"Heading {section.level}"
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [row[0] for row in rows] == [*([template.info_title] if template.info_title else []), *template.info_fields]


def test_the_same_notice_gives_the_same_bytes(notice: Notice) -> None:
    assert case_template(notice) == case_template(notice)


def checked(data: bytes, notice: Notice, code: str) -> Report:
    facts = read_file(io.BytesIO(data), "案例.docx", lambda _stage: None)
    return judge(facts, notice.category(code), notice)


def filled(notice: Notice) -> bytes:
    """The template as an author leaves it: the same paragraphs, with other words in them."""
    document = Document(io.BytesIO(case_template(notice)))
    hints = [section.hint for section in notice.template.sections if section.hint]
    for paragraph in document.paragraphs:
        if paragraph.text == TITLE_HERE:
            paragraph.runs[0].text = "智慧课堂的实践"
        elif paragraph.text in hints:
            paragraph.runs[0].text = SENTENCE * (WORDS // len(hints) // len(SENTENCE))
    for row in document.tables[0].rows:
        if row.cells[0].text in notice.template.info_fields:
            row.cells[1].paragraphs[0].add_run("某县第一中学 2023 年")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_filled_in_it_passes_every_check_of_the_first_notice() -> None:
    notice = notice_in(NOTICES[0])
    for category in notice.categories:
        if category.text is not None and category.text.template:
            report = checked(filled(notice), notice, category.code)
            assert report.verdict is Verdict.PASS, [finding.message for finding in report.findings]
            assert report.findings == ()


def test_left_as_it_is_it_is_no_case() -> None:
    notice = notice_in(NOTICES[0])
    report = checked(case_template(notice), notice, "B1")
    assert {"template.info", "template.leftover", "text.count"} <= {finding.name for finding in report.findings}
