"""Readers for what a notice demands of a case: each turns one section of notice.toml into its frozen type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.demands import (
    Category,
    FontDemand,
    Licence,
    RuleUse,
    Severity,
    SummaryTable,
    Supporting,
    Template,
    TemplateSection,
    TextDemand,
    Topic,
    VideoDemand,
)
from domain.roles import Role
from domain.section import Section

_CODE = re.compile(r"[A-HJKMP-TV-Z][0-9]{0,2}")
_RULE = re.compile(r"[a-z]+(?:\.[a-z_]+)+")
_FORMAT = re.compile(r"[a-z0-9]+")
_ALIGNMENTS = ("left", "center", "right", "justify")


@dataclass(frozen=True, slots=True)
class Known:
    """What references in a pack may point to: clause ids of notice.md, category codes of notice.toml.

    An empty list means that these could not be read, which is a fault of its own: then any reference will do."""

    clauses: tuple[str, ...]
    categories: tuple[str, ...]

    def clause(self, section: Section, key: str = "clause", *, optional: bool = False) -> str:
        """The clause id under `key`."""
        if not self.clauses:
            return section.text(key, optional=optional)
        return section.reference(key, "条款", self.clauses, optional=optional)

    def clause_list(self, section: Section, key: str) -> tuple[str, ...]:
        """The clause ids under `key`, at least one."""
        return section.references(key, "条款", self.clauses) if self.clauses else section.texts(key)

    def category(self, section: Section, key: str = "category") -> str:
        """The category code under `key`."""
        return section.reference(key, "案例类型", self.categories) if self.categories else section.text(key)

    def category_list(self, section: Section, key: str = "categories") -> tuple[str, ...]:
        """The category codes under `key`."""
        return section.references(key, "案例类型", self.categories) if self.categories else section.texts(key)


def read_category(section: Section, known: Known) -> Category:
    """A category with its text and video demands; it needs at least one of the two."""
    text = section.maybe_child("text")
    video = section.maybe_child("video")
    code = section.text("code")
    if code and not _CODE.fullmatch(code):
        section.fault(
            f"{section.key('code')} 写的是“{code}”，应为一个大写英文字母加最多两位数字，如 B1；"
            "字母 I L N O U 除外，回执号里容易混。"
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
    if text is None and video is None:
        section.fault(f"{section.path} 既没有 text 也没有 video，至少要有一个，否则没有东西可交。")
    section.close()
    return category


def _read_topic(section: Section, known: Known) -> Topic:
    topic = Topic(text=section.text("text"), clause=known.clause(section))
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
    section.close()
    return demand


def refuse_reversed(section: Section, low_key: str, low: int | None, high_key: str, high: int | None) -> None:
    """Note a fault when both bounds are given and the lower one is above the upper one."""
    if low is not None and high is not None and low > high:
        section.fault(f"{section.key(low_key)} 是 {low}，大于 {section.key(high_key)} 的 {high}，上下限写反了。")


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
    if section.sound:
        refuse_reversed(section, "min_short_side", demand.min_short_side, "min_long_side", demand.min_long_side)
    section.close()
    return demand


def _read_formats(section: Section) -> tuple[str, ...]:
    formats = section.texts("formats")
    for name in formats:
        if name.strip() and not _FORMAT.fullmatch(name):
            section.fault(f"{section.key('formats')} 里的“{name}”应为小写的文件扩展名，不带点，如 docx、mp4。")
    return formats


def read_supporting(section: Section, known: Known) -> Supporting:
    """The section on supporting material."""
    supporting = Supporting(
        name=section.text("name"),
        scheme=section.text("scheme"),
        kinds=section.texts("kinds"),
        purposes=section.texts("purposes"),
        clause=known.clause(section),
    )
    section.close()
    return supporting


def read_font(section: Section, known: Known) -> FontDemand:
    """The typography of one part of the text."""
    font = FontDemand(
        font=section.text("font"),
        size_name=section.text("size_name"),
        size_pt=section.positive("size_pt"),
        alignment=section.reference("alignment", "对齐方式", _ALIGNMENTS, optional=True) or None,
        clause=known.clause(section),
        name=section.text("name"),
    )
    section.close()
    return font


def read_template(section: Section, known: Known) -> Template:
    """The case template with its sections in order; the first is a first-level one."""
    template = Template(
        title=section.text("title"),
        info_fields=section.texts("info_fields"),
        sections=tuple(_read_template_section(item, known) for item in section.children("sections", named_by="title")),
        clause=known.clause(section),
        info_title=section.text("info_title"),
    )
    if section.sound and template.sections[0].level != 1:
        section.fault(f"{section.key('sections')} 的第一项 level 应为 1。")
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
    section.close()
    return heading


def read_summary_table(section: Section, known: Known) -> SummaryTable:
    """The summary table; it is sorted by one of its own columns, and the order names every category."""
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
    )
    if section.sound and table.sorted_by not in table.columns:
        listed = "、".join(table.columns)
        section.fault(f"{section.key('sorted_by')} 写的“{table.sorted_by}”不是表里的列，可以写：{listed}。")
    left_out = [code for code in known.categories if code not in table.type_order]
    if section.sound and left_out:
        section.fault(f"{section.key('type_order')} 缺少案例类型：{'、'.join(left_out)}。")
    section.close()
    return table


def read_licence(section: Section, known: Known) -> Licence:
    """The originality and licence clause."""
    licence = Licence(
        text=section.text("text"),
        clause=known.clause(section),
        media=section.texts("media"),
        uses=section.texts("uses"),
    )
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
        section.fault(f"{section.key('rule')} 写的“{use.rule}”不像检查名，应为点分的小写英文，如 text.count。")
    section.close()
    return use
