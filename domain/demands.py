"""What a notice demands of a case: text, video, typography, template, table, licence, and the checks in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """必须改 (error: certain and demanded by the notice) or 建议改 (warning: advice)."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class TextDemand:
    """What the notice demands of the written piece, in 字 and pictures. None = the notice sets no such limit.

    `formats` are file suffixes without the dot. `qualities` are demands that only a person can judge."""

    formats: tuple[str, ...]
    min_words: int | None
    max_words: int | None
    max_pictures: int | None
    pictures_required: bool
    template: bool
    clause: str
    qualities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoDemand:
    """What the notice demands of a video. Sides are in pixels; `resolution` is the notice's own word for them."""

    formats: tuple[str, ...]
    min_long_side: int
    min_short_side: int
    subtitles_if_narrated: bool
    clause: str
    resolution: str = ""
    music_allowed: bool = False
    qualities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FontDemand:
    """Typography of one part of the text (`name`). `size_name` is the Chinese size, `size_pt` its points.

    `alignment` is "center" or None (the notice does not say). `clauses` are all that say so, `clause` the first."""

    font: str
    size_name: str
    size_pt: float
    alignment: str | None
    clause: str
    name: str = ""
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """An example topic the notice suggests for a category."""

    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Category:
    """A case category (案例类型).

    `code` is what people write (B1); `group` its heading (学校案例); `subject` tells whose work it shows; `submitters`
    are the roles that submit it; `keywords` are words of the notice that point to it. `text` and `video`, where both
    are given, are alternatives. `about` says in one sentence what the case shows; `focus` (聚焦), `innovations` and
    `emphasis` (突出) are the notice's lists; `topics` are examples, and others are welcome when `topics_open`.
    """

    code: str
    name: str
    group: str
    subject: str
    submitters: tuple[str, ...]
    text: TextDemand | None
    video: VideoDemand | None
    supporting_files: bool
    clause: str
    keywords: tuple[str, ...] = ()
    about: str = ""
    focus: tuple[str, ...] = ()
    innovations: tuple[str, ...] = ()
    emphasis: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    topics_open: bool = False


@dataclass(frozen=True, slots=True)
class Supporting:
    """Supporting material (支撑材料, the N of `scheme` "1+N"): which kinds, and what they are for.

    `kinds_open`: the notice ends the list of kinds with 等, others are welcome."""

    name: str
    scheme: str
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]
    clause: str
    kinds_open: bool = False


@dataclass(frozen=True, slots=True)
class TemplateSection:
    """A heading of the case template (annex 2), level 1 or 2. `hint` is the instruction printed under it."""

    label: str
    title: str
    level: int
    hint: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """The case template: fields of the basic-information table, then sections in order.

    `title_field` and `school_field` are those of the fields that name the case and the school or unit it is from, ""
    where there is none."""

    title: str
    info_fields: tuple[str, ...]
    sections: tuple[TemplateSection, ...]
    clause: str
    info_title: str = ""
    title_field: str = ""
    school_field: str = ""


@dataclass(frozen=True, slots=True)
class TableDeadline:
    """Until when the summary table goes out (an aware instant, excluded), as `printed` beside the table itself."""

    closes_at: datetime
    printed: str
    clause: str


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """The summary table (汇总表) of annex 1. Rows are sorted by `sorted_by`, in the order of `type_order` (codes)."""

    title: str
    head: tuple[str, ...]
    columns: tuple[str, ...]
    sorted_by: str
    deliver_as: tuple[str, ...]
    clause: str
    sorting_note: str = ""
    type_order: tuple[str, ...] = ()
    remark_clauses: tuple[str, ...] = ()
    deadline: TableDeadline | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """The originality and licence clause that the first receipt quotes: in which `media`, for which `uses`.

    `media_open`, `uses_open`: the notice ends that list with 等."""

    text: str
    clause: str
    media: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    media_open: bool = False
    uses_open: bool = False


@dataclass(frozen=True, slots=True)
class RuleUse:
    """That a check is used: its stable dotted name, for which categories, how severe, with which parameters.

    `clause` is empty for a check that the notice does not demand. `params` holds what the notice does not say
    (tolerances); limits of the notice itself stand in the category, the template or the fonts, never here."""

    rule: str
    categories: tuple[str, ...]
    severity: Severity
    clause: str
    params: Mapping[str, object] = field(default_factory=dict)
