"""Which paragraphs are the title and the headings: real files show them by text, bold or number, not only by style."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from validators.facts import CellPlace, Container, Evidence, Title
from validators.reading.word_styles import Styles
from validators.reading.word_text import DraftParagraph

MAX_HEADING = 40
MAX_TITLE = 60
MAX_TITLE_LINES = 3
_NUMBERS = "一二三四五六七八九十百〇零"
_PATTERNS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"\s*(?:[{_NUMBERS}]+\s*[、.．]|第[{_NUMBERS}\d]+[章节部篇](?:分)?[\s、：:]?)")),
    (2, re.compile(rf"\s*[（(]\s*[{_NUMBERS}]+\s*[）)]、?")),
    (3, re.compile(r"\s*\d{1,2}\s*(?:[、．]|\.(?!\d))")),
    (4, re.compile(r"\s*[（(]\s*\d{1,2}\s*[）)]")),
)
_CHINESE_LEVELS = 2
_CAPTION = re.compile(r"\s*(?:图|表|附图|附表|注)\s*[\d一二三四五六七八九十]")
_CONTENTS_LINE = re.compile(r"[^\n]{1,60}?(?:\t|[.…·]{3,})[\t.…·\s]*\d{1,3}")
_CONTENTS_TITLE = re.compile(r"\s*目\s*录\s*$")
_CONTENTS_STYLE = re.compile(r"(?:toc|目录)", re.IGNORECASE)
_NOT_A_TITLE = re.compile(
    r"\s*(?:附件\s*[\d一二三四五六七八九十]*\s*[：:]?\s*$|附件\s*\d|[\d年月日./\-\s]+$|[A-Za-z]?\d*[-\w]{0,12}$"
    r"|(?:案例|申报|所属)?(?:类别|类型|编号|名称|单位|实施单位|报送单位|申报单位|推荐单位|学校|作者|执笔人|撰稿人|指导教师|姓名"
    r"|日期|时间|实施时间|关键词|网址|相关网址|电话|联系电话|联系人|学段|学科|目录)\s*(?:[：:]|$))",
    re.ASCII,
)
_AUTHOR_LINE = re.compile(r".*(?:小学|中学|学校|幼儿园|高中|初中|局|中心|馆|教研室|电教站)(?:\s+\S{2,4})*\s*$")
_SUBTITLE = re.compile(r"\s*[—\-–―─]{1,}")
_SENTENCE_END = ("。", "；", ";", "，", "：", ":", "！", "？", "?", "!")
_CLOSING = re.compile(r"[”’」』）)》]+$")
_FORM_CAPTION = re.compile(r"\s*\S{0,6}(?:基本信息|信息表|登记表|申报表|汇总表)\s*[：:]?\s*$")


def visible(draft: DraftParagraph) -> str:
    """The automatic number and the text."""
    return draft.label + draft.text


@dataclass(frozen=True, slots=True)
class Running:
    """How the running text looks, and the number of its first long paragraph. A font or size that could not be resolved
    is "" or None, as in `Format`."""

    font: str
    size_pt: float | None
    bold: bool
    begins: int


def running_look(drafts: Sequence[DraftParagraph]) -> Running | None:
    """The look of most of the text in long paragraphs, None without any."""
    counts: Counter[tuple[str, float | None, bool]] = Counter()
    long = [draft for draft in drafts if draft.container is Container.BODY and len(draft.text) > MAX_HEADING]
    for draft in long:
        for count, look in draft.stretches:
            counts[look.east_asian, look.size_pt, look.bold] += count
    return Running(*counts.most_common(1)[0][0], begins=long[0].index) if counts else None


def heading_of(draft: DraftParagraph, styles: Styles, running: Running | None) -> tuple[int, Evidence]:
    """The heading level from 1 and what shows it, (0, NONE) for ordinary text. `running` is the look of the running
    text, from which a heading without style and number stands out."""
    text = visible(draft).strip()
    if not draft.text.strip() or draft.container is not Container.BODY or _is_contents_line(draft, styles):
        return 0, Evidence.NONE
    outline = styles.outline_level(draft.style_id, draft.properties)
    if outline and len(text) <= 2 * MAX_HEADING:
        return outline, Evidence.STYLE
    level = numbered_level(text)
    if level and (_is_short(text) or _is_long_heading(text, draft, running)):
        return level, Evidence.NUMBER
    if level and level <= _CHINESE_LEVELS and 0 < text.find("。") <= MAX_HEADING // 2:
        return level, Evidence.NUMBER
    if not level and _may_be_heading(text) and _stands_out(draft, running):
        aligned = styles.alignment(draft.style_id, draft.properties)
        before_text = running is not None and draft.index < running.begins
        by_author = _AUTHOR_LINE.match(text) and (aligned == "center" or before_text)
        if aligned != "right" and not by_author:
            return 1, Evidence.LOOKS
    return 0, Evidence.NONE


def _is_long_heading(text: str, draft: DraftParagraph, running: Running | None) -> bool:
    """Whether a numbered line too long for most headings is one all the same: no sentence, and set apart."""
    return (
        len(text) <= 2 * MAX_HEADING
        and not _CLOSING.sub("", text).endswith(_SENTENCE_END)
        and "。" not in text
        and (running is not None and _stands_out(draft, running))
    )


def _may_be_heading(text: str) -> bool:
    """Whether the words could be a heading: short, no sentence, no caption, no label of a cover."""
    if not _is_short(text) or _CLOSING.sub("", text).endswith(_SENTENCE_END):
        return False
    return not any(pattern.match(text) for pattern in (_CAPTION, _FORM_CAPTION, _NOT_A_TITLE, _CONTENTS_TITLE))


def _stands_out(draft: DraftParagraph, running: Running | None) -> bool:
    """Whether all of a line is bold, larger or in another font, where the running text is not."""
    if running is None:
        return draft.bold
    looks = draft.looks
    bold = all(look.bold for look in looks) and not running.bold
    larger = running.size_pt is not None and all((look.size_pt or 0) > running.size_pt for look in looks)
    other = running.font and all(look.east_asian not in {"", running.font} for look in looks)
    return bool(looks) and bool(bold or larger or other)


def numbered_level(text: str) -> int:
    """The level that a heading number at the start of a text stands for, or 0."""
    return next((level for level, pattern in _PATTERNS if pattern.match(text)), 0)


def find_title(drafts: Sequence[DraftParagraph], styles: Styles) -> Title:
    """The main title: the first lines of the body that can be one, before any numbered heading and any long text."""
    body = [d for d in drafts if d.container in {Container.BODY, Container.TABLE}]
    candidates = [position for position, draft in enumerate(body) if draft.container is Container.BODY]
    for position in candidates:
        text = visible(body[position]).strip()
        if not text or _is_form_caption(body, position) or _NOT_A_TITLE.match(text):
            continue
        if len(text) > MAX_TITLE or text.endswith(("。", "；")) or numbered_level(text):
            break
        return _gather_title(body[position:], styles)
    return _framed_title(drafts, styles)


def _framed_title(drafts: Sequence[DraftParagraph], styles: Styles) -> Title:
    """A title that stands in a text box or a table of one cell, before any other text of the body."""
    cells: dict[int, set[CellPlace]] = {}
    for draft in drafts:
        if draft.cell is not None:
            cells.setdefault(draft.cell.table, set()).add(draft.cell)
    for position, draft in enumerate(drafts):
        text = visible(draft).strip()
        framed = draft.container is Container.TEXT_BOX or (draft.cell is not None and len(cells[draft.cell.table]) == 1)
        if text and (not framed or len(text) > MAX_TITLE or text.endswith(("。", "；"))):
            break
        if text and not numbered_level(text) and not _NOT_A_TITLE.match(text):
            return _gather_title(drafts[position:], styles)
    return Title("", (), "", 0)


def _gather_title(drafts: Sequence[DraftParagraph], styles: Styles) -> Title:
    first = drafts[0]
    lines, subtitle, subtitle_paragraph = [first], "", 0
    for draft in drafts[1:]:
        text = visible(draft).strip()
        if draft.container is not first.container or not text or not _is_short(text):
            break
        if _SUBTITLE.match(text):
            subtitle, subtitle_paragraph = text, draft.index
            break
        if len(lines) == MAX_TITLE_LINES or not _continues(first, draft, styles):
            break
        lines.append(draft)
    text = "".join(before_subtitle(visible(line)).strip() for line in lines)
    return Title(text[:200], tuple(line.index for line in lines), subtitle[:200], subtitle_paragraph)


def before_subtitle(text: str) -> str:
    """A title without the subtitle that stands in the same paragraph, on a line of its own."""
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines) if number and _SUBTITLE.match(line)), len(lines))
    return "\n".join(lines[:end])


def _continues(first: DraftParagraph, draft: DraftParagraph, styles: Styles) -> bool:
    text = visible(draft).strip()
    if numbered_level(text) or _AUTHOR_LINE.match(text) or _NOT_A_TITLE.match(text) or _FORM_CAPTION.match(text):
        return False
    same_look = (first.style_id, first.size_pt, first.bold) == (draft.style_id, draft.size_pt, draft.bold)
    return same_look and all(styles.alignment(d.style_id, d.properties) == "center" for d in (first, draft))


def _is_form_caption(body: Sequence[DraftParagraph], position: int) -> bool:
    if not _FORM_CAPTION.match(visible(body[position])):
        return False
    following = next((d for d in body[position + 1 :] if d.container is Container.TABLE or d.text.strip()), None)
    return following is not None and following.container is Container.TABLE


def _is_short(text: str) -> bool:
    return len(text) <= MAX_HEADING and not text.endswith(("。", "；", ";"))


def _is_contents_line(draft: DraftParagraph, styles: Styles) -> bool:
    return bool(_CONTENTS_STYLE.match(styles.name(draft.style_id)) or _CONTENTS_LINE.fullmatch(draft.text.strip()))
