"""A notice as data: the frozen types that `domain.notice_loader` builds from a pack in notices/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

_Item = TypeVar("_Item")


class UnitKind(StrEnum):
    """县市 (county, carries minimums) or 直属直管学校 (directly managed school, carries none)."""

    COUNTY = "county"
    DIRECT_SCHOOL = "direct_school"


class Severity(StrEnum):
    """必须改 (error: certain and demanded by the notice) or 建议改 (warning: advice)."""

    ERROR = "error"
    WARNING = "warning"


class Intake(StrEnum):
    """Whether the bot stands beside the notice's official route (assistant) or is that route (official)."""

    ASSISTANT = "assistant"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered piece of the notice's text: `id` is stable ASCII ("2.1"), `label` is how people cite it."""

    id: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit (填报单位)."""

    id: str
    name: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class TextDemand:
    """What the notice demands of the written piece, in 字 and pictures. None = the notice sets no such limit."""

    formats: tuple[str, ...]
    min_words: int | None
    max_words: int | None
    max_pictures: int | None
    pictures_required: bool
    template: bool
    clause: str


@dataclass(frozen=True, slots=True)
class VideoDemand:
    """What the notice demands of a video. Sides are in pixels."""

    formats: tuple[str, ...]
    min_long_side: int
    min_short_side: int
    subtitles_if_narrated: bool
    clause: str


@dataclass(frozen=True, slots=True)
class FontDemand:
    """Typography of one part of the text. `size_name` is the Chinese size, `size_pt` its points."""

    font: str
    size_name: str
    size_pt: float
    alignment: str | None
    clause: str


@dataclass(frozen=True, slots=True)
class Category:
    """A case category (案例类型).

    `code` is what people write (B1); `group` its heading (学校案例); `subject` tells whose work it shows; `submitters`
    are the roles that submit it; `keywords` are words of the notice that point to it.
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


@dataclass(frozen=True, slots=True)
class Quota:
    """How many cases of `category` each unit of `unit_kind` reports. `minimum` is a floor (至少); None = no limit."""

    unit_kind: UnitKind
    category: str
    minimum: int | None
    maximum: int | None
    clause: str


@dataclass(frozen=True, slots=True)
class MustReport:
    """A kind of school that has to report (必报). `schools` is filled in by the bureau and may be empty."""

    id: str
    name: str
    schools: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the campaign. Both instants are aware; the stage holds for opens_at <= t < closes_at.

    `reading` states how the notice's wording was understood where it is not certain, else it is empty."""

    id: str
    name: str
    opens_at: datetime
    closes_at: datetime
    clause: str
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Awards:
    """Prizes: parts of first : second : third among at most `rate_percent` of the cases."""

    names: tuple[str, ...]
    parts: tuple[int, ...]
    rate_percent: int
    rounding: str
    clause: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the notice names. `mail_as_printed` keeps the notice's own writing; `mail` is the usable address."""

    name: str
    phone: str
    mail_as_printed: str
    mail: str
    clause: str


@dataclass(frozen=True, slots=True)
class Route:
    """Where the notice sends something (official route): `subject` says what goes there."""

    id: str
    subject: str
    target: str
    clause: str


@dataclass(frozen=True, slots=True)
class Site:
    """A download site named by the notice."""

    name: str
    url: str
    clause: str


@dataclass(frozen=True, slots=True)
class TemplateSection:
    """A heading of the case template (annex 2), level 1 or 2. `hint` is the instruction printed under it."""

    label: str
    title: str
    level: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """The case template: fields of the basic-information table, then sections in order."""

    title: str
    info_fields: tuple[str, ...]
    sections: tuple[TemplateSection, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """The summary table (汇总表) of annex 1."""

    title: str
    head: tuple[str, ...]
    columns: tuple[str, ...]
    sorted_by: str
    deliver_as: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Licence:
    """The originality and licence clause that the first receipt quotes."""

    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class RuleUse:
    """That a check is used: its stable dotted name, for which categories, how severe, with which parameters."""

    rule: str
    categories: tuple[str, ...]
    severity: Severity
    clause: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """A free-standing fact for answers: how people ask for it (`topics`), what is said, and the clause.

    `say` may hold slots such as {deadline}, filled from the other data, so that no number is written twice."""

    id: str
    topics: tuple[str, ...]
    say: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Everything that next year's notice would change."""

    id: str
    title: str
    short_title: str
    issued_by: str
    document_no: str
    timezone: ZoneInfo
    intake: Intake
    upload_grace_hours: int
    clauses: tuple[Clause, ...]
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    quotas: tuple[Quota, ...]
    must_report: tuple[MustReport, ...]
    stages: tuple[Stage, ...]
    awards: Awards
    contacts: tuple[Contact, ...]
    routes: tuple[Route, ...]
    sites: tuple[Site, ...]
    template: Template
    summary_table: SummaryTable
    licence: Licence
    title_font: FontDemand
    heading_font: FontDemand
    body_font: FontDemand
    rules: tuple[RuleUse, ...]
    facts: tuple[Fact, ...]

    def clause(self, clause_id: str) -> Clause:
        """The clause with this id. Raises KeyError."""
        return _by(self.clauses, "id", clause_id)

    def unit(self, unit_id: str) -> Unit:
        """The unit with this id. Raises KeyError."""
        return _by(self.units, "id", unit_id)

    def category(self, code: str) -> Category:
        """The category with this code. Raises KeyError."""
        return _by(self.categories, "code", code)

    def stage(self, stage_id: str) -> Stage:
        """The stage with this id. Raises KeyError."""
        return _by(self.stages, "id", stage_id)


def _by(items: tuple[_Item, ...], attribute: str, value: str) -> _Item:
    for item in items:
        if getattr(item, attribute) == value:
            return item
    raise KeyError(value)
