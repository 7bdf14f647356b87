"""Readers for what a notice demands of a case: each turns one section of notice.toml into its frozen type."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from domain.demands import (
    Category,
    FontDemand,
    Licence,
    RuleUse,
    Severity,
    SummaryTable,
    Supporting,
    TableDeadline,
    Template,
    TemplateSection,
    TextDemand,
    Topic,
    VideoDemand,
)
from domain.known import Known
from domain.printed import day_stands
from domain.roles import Role
from domain.section import Section
from domain.typographic_sizes import SIZES, points_of

_CODE = re.compile(r"[A-HJKMP-TV-Z][0-9]{0,2}")
_RULE = re.compile(r"[a-z]+(?:\.[a-z_]+)+")
_FORMAT = re.compile(r"[a-z0-9]+")
_LINES = re.compile(r"(\d{3,4})[Pp]")
_SIDES = re.compile(r"(\d{3,5})\s*[×xX*]\s*(\d{3,5})")
_FINE, _FINE_LINES = "4K", 2160
_SHAPES = ((16, 9), (4, 3))
_ALIGNMENTS = ("left", "center", "right", "justify")


def read_category(section: Section, known: Known) -> Category:
    """A category with its text and video demands; it needs at least one of the two."""
    text = section.maybe_child("text")
    video = section.maybe_child("video")
    code = section.text("code")
    if code and not _CODE.fullmatch(code):
        section.fault(
            f"{section.key('code')} 写的是“{code}”，应为一个大写英文字母加最多两位数字，如 B1；"
            "字母 I L N O U 除外，回执号里容易混。",
            "code",
        )
    category = Category(
        code=code,
        name=section.text("name"),
        group=section.text("group"),
        subject=section.text("subject"),
        submitters=section.references("submitters", "角色", [role.value for role in Role]),
        text=None if text is None else _read_text(text, known),
        video=None if video is None else _read_video(video, known),
        supporting_files=section.flag("supporting_files"),
        clause=known.clause(section),
        keywords=section.texts("keywords"),
        about=section.text("about"),
        focus=section.texts("focus", may_be_empty=True),
        innovations=section.texts("innovations", may_be_empty=True),
        emphasis=section.texts("emphasis", may_be_empty=True),
        topics=tuple(_read_topic(item, known) for item in section.children("topics", named_by="text", optional=True)),
        topics_open=section.flag("topics_open", default=False),
    )
    known.printed(section, "code", (code,), (category.clause,))
    if text is None and video is None:
        section.fault(f"{section.path} 既没有 text 也没有 video，至少要有一个，否则没有东西可交。")
    section.close()
    return category


def _read_topic(section: Section, known: Known) -> Topic:
    topic = Topic(text=section.text("text"), clause=known.clause(section))
    known.printed(section, "text", (topic.text,), (topic.clause,))
    section.close()
    return topic


def _read_text(section: Section, known: Known) -> TextDemand:
    demand = TextDemand(
        formats=_read_formats(section),
        min_words=section.maybe_whole("min_words", minimum=1),
        max_words=section.maybe_whole("max_words", minimum=1),
        max_pictures=section.maybe_whole("max_pictures"),
        pictures_required=section.flag("pictures_required"),
        template=section.flag("template"),
        clause=known.clause(section),
        qualities=section.texts("qualities", optional=True),
    )
    refuse_reversed(section, "min_words", demand.min_words, "max_words", demand.max_words)
    if demand.pictures_required and demand.max_pictures == 0:
        section.fault(f"{section.key('pictures_required')} 要求有图，{section.key('max_pictures')} 却是 0，两者矛盾。")
    for key, number in (
        ("min_words", demand.min_words),
        ("max_words", demand.max_words),
        ("max_pictures", demand.max_pictures),
    ):
        known.printed_number(section, key, number, demand.clause)
    known.printed(section, "qualities", demand.qualities, (demand.clause,))
    section.close()
    return demand


def refuse_reversed(section: Section, low_key: str, low: int | None, high_key: str, high: int | None) -> None:
    """Note a fault when both bounds are given and the lower one is above the upper one."""
    if low is not None and high is not None and low > high:
        section.fault(
            f"{section.key(low_key)} 是 {low}，大于 {section.key(high_key)} 的 {high}，上下限写反了。", low_key
        )


def _read_video(section: Section, known: Known) -> VideoDemand:
    demand = VideoDemand(
        formats=_read_formats(section),
        min_long_side=section.whole("min_long_side", minimum=1),
        min_short_side=section.whole("min_short_side", minimum=1),
        subtitles_if_narrated=section.flag("subtitles_if_narrated"),
        clause=known.clause(section),
        resolution=section.text("resolution"),
        music_allowed=section.flag("music_allowed"),
        qualities=section.texts("qualities", optional=True),
    )
    if section.sound_at("min_short_side", "min_long_side"):
        refuse_reversed(section, "min_short_side", demand.min_short_side, "min_long_side", demand.min_long_side)
    if section.sound_at("resolution", "min_short_side", "min_long_side"):
        _refuse_other_sides(section, demand)
    known.printed(section, "resolution", (demand.resolution,), (demand.clause,))
    known.printed(section, "qualities", demand.qualities, (demand.clause,))
    section.close()
    return demand


def _refuse_other_sides(section: Section, demand: VideoDemand) -> None:
    """The notice's word for the resolution and the sides say the same: wide (16:9) or old (4:3) pictures."""
    key, written = section.key("resolution"), demand.resolution
    sides, lines, fine = _SIDES.fullmatch(written), _LINES.fullmatch(written), written.upper() == _FINE
    if sides:
        allowed = {(max(int(sides[1]), int(sides[2])), min(int(sides[1]), int(sides[2])))}
    elif lines or fine:
        short = int(lines[1]) if lines else _FINE_LINES
        allowed = {(round(short * wide / high), short) for wide, high in _SHAPES}
    else:
        section.fault(f"{key} 写的“{written}”认不出，应形如 720P、4K 或 1280×720。", "resolution")
        return
    if (demand.min_long_side, demand.min_short_side) not in allowed:
        listed = " 或 ".join(f"{long_side}×{short}" for long_side, short in sorted(allowed, reverse=True))
        section.fault(
            f"{key} 写的“{written}”是 {listed}，"
            f"min_long_side 和 min_short_side 却是 {demand.min_long_side}×{demand.min_short_side}，两者矛盾。",
            "resolution",
        )


def _read_formats(section: Section) -> tuple[str, ...]:
    formats = section.texts("formats")
    for name in formats:
        if name.strip() and not _FORMAT.fullmatch(name):
            section.fault(
                f"{section.key('formats')} 里的“{name}”应为小写的文件扩展名，不带点，如 docx、mp4。", "formats"
            )
    return formats


def read_supporting(section: Section, known: Known) -> Supporting:
    """The section on supporting material."""
    supporting = Supporting(
        name=section.text("name"),
        scheme=section.text("scheme"),
        kinds=section.texts("kinds"),
        purposes=section.texts("purposes"),
        clause=known.clause(section),
        kinds_open=section.flag("kinds_open", default=False),
    )
    known.printed(section, "scheme", (supporting.scheme,), (supporting.clause,))
    known.printed(section, "kinds", supporting.kinds, (supporting.clause,))
    known.printed(section, "purposes", supporting.purposes, (supporting.clause,))
    section.close()
    return supporting


def read_font(section: Section, known: Known) -> FontDemand:
    """The typography of one part of the text; name and points of the size say the same."""
    clauses = known.clause_list(section, "clauses")
    font = FontDemand(
        font=section.text("font"),
        size_name=section.text("size_name"),
        size_pt=section.positive("size_pt"),
        alignment=section.reference("alignment", "对齐方式", _ALIGNMENTS, optional=True) or None,
        clause=clauses[0] if clauses else "",
        name=section.text("name"),
        clauses=clauses,
    )
    points = points_of(font.size_name)
    if section.sound_at("size_name") and points is None:
        section.fault(
            f"{section.key('size_name')} 写的“{font.size_name}”不是字号，可以写：{'、'.join(SIZES)}，或如 14磅。",
            "size_name",
        )
    elif section.sound_at("size_name", "size_pt") and font.size_pt != points:
        section.fault(
            f"{section.key('size_pt')} 写的是 {font.size_pt:g}，{font.size_name}却是 {points:g} 磅，两者矛盾。",
            "size_pt",
        )
    for clause in clauses:
        known.printed(section, "font", (font.font,), (clause,))
        known.printed(section, "size_name", (font.size_name,), (clause,))
    section.close()
    return font


def read_template(section: Section, known: Known) -> Template:
    """The case template with its sections in order; the first is a first-level one."""
    fields = section.texts("info_fields")
    template = Template(
        title=section.text("title"),
        info_fields=fields,
        sections=tuple(_read_template_section(item, known) for item in section.children("sections", named_by="title")),
        clause=known.clause(section),
        info_title=section.text("info_title"),
        title_field=section.reference("title_field", "info_fields 里的", fields, optional=True),
        school_field=section.reference("school_field", "info_fields 里的", fields, optional=True),
    )
    if section.sound_at("sections") and template.sections[0].level != 1:
        section.fault(f"{section.key('sections')} 的第一项 level 应为 1。", "sections")
    known.printed(section, "title", (template.title,), (template.clause,))
    known.printed(section, "info_title", (template.info_title,), (template.clause,))
    known.printed(section, "info_fields", template.info_fields, (template.clause,))
    section.close()
    return template


def _read_template_section(section: Section, known: Known) -> TemplateSection:
    heading = TemplateSection(
        label=section.text("label"),
        title=section.text("title"),
        level=section.whole("level", minimum=1, maximum=2),
        hint=section.text("hint", optional=True),
        clause=known.clause(section),
    )
    known.printed(section, "title", (heading.label + heading.title,), (heading.clause,))
    known.printed(section, "hint", (heading.hint,), (heading.clause,))
    section.close()
    return heading


def read_summary_table(section: Section, known: Known) -> SummaryTable:
    """The summary table; it is sorted by one of its own columns, and the order names every category."""
    deadline = section.maybe_child("deadline")
    table = SummaryTable(
        title=section.text("title"),
        head=section.texts("head"),
        columns=section.texts("columns"),
        sorted_by=section.text("sorted_by"),
        deliver_as=section.texts("deliver_as"),
        clause=known.clause(section),
        sorting_note=section.text("sorting_note"),
        type_order=known.category_list(section, "type_order"),
        remark_clauses=known.clause_list(section, "remark_clauses"),
        deadline=None if deadline is None else _read_deadline(deadline, known),
    )
    if section.sound_at("sorted_by", "columns") and table.sorted_by not in table.columns:
        listed = "、".join(table.columns)
        section.fault(
            f"{section.key('sorted_by')} 写的“{table.sorted_by}”不是表里的列，可以写：{listed}。", "sorted_by"
        )
    left_out = [code for code in known.categories if code not in table.type_order]
    if section.sound_at("type_order") and left_out:
        section.fault(f"{section.key('type_order')} 缺少案例类型：{'、'.join(left_out)}。", "type_order")
    for key, written in (("title", (table.title,)), ("head", table.head), ("columns", table.columns)):
        known.printed(section, key, written, (table.clause,))
    known.printed(section, "sorting_note", (table.sorting_note,), (table.clause,))
    section.close()
    return table


def _read_deadline(section: Section, known: Known) -> TableDeadline:
    deadline = TableDeadline(
        closes_at=section.instant("closes_at"), printed=section.text("printed"), clause=known.clause(section)
    )
    known.printed(section, "printed", (deadline.printed,), (deadline.clause,))
    refuse_other_end(section, known, deadline.closes_at, deadline.printed)
    section.close()
    return deadline


def refuse_other_end(section: Section, known: Known, closes_at: datetime, printed: str) -> None:
    """Note an end that is not on the day printed: the last day before it, or its own where that day is out already."""
    if known.timezone is None or not section.sound_at("closes_at", "printed"):
        return
    last = (closes_at - timedelta(seconds=1)).astimezone(known.timezone)
    if not any(day_stands(day, printed) for day in (last, closes_at.astimezone(known.timezone))):
        section.fault(
            f"{section.key('closes_at')} 算下来最后一天是{last.month}月{last.day}日，"
            f"printed 写的却是“{printed}”，两者矛盾。",
            "printed",
        )


def read_licence(section: Section, known: Known) -> Licence:
    """The originality and licence clause."""
    licence = Licence(
        text=section.text("text"),
        clause=known.clause(section),
        media=section.texts("media"),
        uses=section.texts("uses"),
        media_open=section.flag("media_open", default=False),
        uses_open=section.flag("uses_open", default=False),
    )
    known.printed(section, "text", (licence.text,), (licence.clause,))
    known.printed(section, "media", licence.media, (licence.clause,))
    known.printed(section, "uses", licence.uses, (licence.clause,))
    section.close()
    return licence


def read_rule(section: Section, known: Known) -> RuleUse:
    """A check in use. Its name and parameters are known to the checks; here only the form is looked at."""
    use = RuleUse(
        rule=section.text("rule"),
        categories=known.category_list(section),
        severity=section.choice("severity", Severity),
        clause=known.clause(section, optional=True),
        params=section.mapping("params"),
    )
    if use.rule and not _RULE.fullmatch(use.rule):
        section.fault(f"{section.key('rule')} 写的“{use.rule}”不像检查名，应为点分的小写英文，如 text.count。", "rule")
    section.close()
    return use
