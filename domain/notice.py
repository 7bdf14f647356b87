"""A notice as data: the frozen types that `domain.notice_loader` builds from a pack in notices/."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

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
from domain.reminders import ReminderPlan

_Item = TypeVar("_Item")

__all__ = [
    "Attachment",
    "Awards",
    "Category",
    "Clause",
    "Contact",
    "Fact",
    "FontDemand",
    "Intake",
    "Licence",
    "MustReport",
    "MustReportSchool",
    "Notice",
    "Priority",
    "Quota",
    "Route",
    "RuleUse",
    "Ruling",
    "Severity",
    "Site",
    "Stage",
    "Statement",
    "SummaryTable",
    "Supporting",
    "Template",
    "TemplateSection",
    "TextDemand",
    "Topic",
    "Unit",
    "UnitGroup",
    "UnitKind",
    "VideoDemand",
]


class UnitKind(StrEnum):
    """县市 (county, carries minimums) or 直属直管学校 (directly managed school, carries none)."""

    COUNTY = "county"
    DIRECT_SCHOOL = "direct_school"


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
    """A reporting unit (填报单位). `aliases` are other ways people write its name."""

    id: str
    name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """What the notice calls the units of one kind (`name`) and how it addresses them (`addressed_as`)."""

    kind: UnitKind
    name: str
    addressed_as: str
    clause: str


@dataclass(frozen=True, slots=True)
class Quota:
    """How many cases of `category` each unit of `unit_kind` reports. `minimum` is a floor (至少); None = no limit."""

    unit_kind: UnitKind
    category: str
    minimum: int | None
    maximum: int | None
    clause: str


@dataclass(frozen=True, slots=True)
class MustReportSchool:
    """One school that has to report, and the unit (its id) it reports through."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class MustReport:
    """A kind of school that has to report (必报), in one of `categories`.

    `schools` is filled in by the bureau and may be empty."""

    id: str
    name: str
    schools: tuple[MustReportSchool, ...]
    clause: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the campaign. Both instants are aware; the stage holds for opens_at <= t < closes_at.

    `reading` states how the notice's wording (`printed`) was understood where it is not certain, else it is empty.
    `opens_stated` is False where the notice names no start: then show only the end. `accepts` marks the stage in which
    cases are taken; `actors` do the `tasks`. `moved_from` is the printed end, where the bureau has moved it since."""

    id: str
    name: str
    opens_at: datetime
    closes_at: datetime
    clause: str
    reading: str = ""
    printed: str = ""
    accepts: bool = False
    opens_stated: bool = True
    actors: str = ""
    tasks: tuple[str, ...] = ()
    moved_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Awards:
    """Prizes: parts of first : second : third among at most `rate_percent` of the cases.

    `rounding` says in words what `domain.policy.split_awards` does. Good cases go on to the levels `recommended_to`."""

    names: tuple[str, ...]
    parts: tuple[int, ...]
    rate_percent: int
    rounding: str
    clause: str
    certificates: bool = False
    recommended_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the notice names. `mail_as_printed` keeps the notice's own writing; `mail` is the usable address.

    `mail_note` explains the difference."""

    name: str
    phone: str
    mail_as_printed: str
    mail: str
    clause: str
    mail_note: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Where the notice sends something (official route): `subject` says what goes there.

    `done_label` is what a coordinator ticks when it is done there."""

    id: str
    subject: str
    target: str
    clause: str
    done_label: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A download site named by the notice."""

    name: str
    url: str
    clause: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """An annex the notice lists but does not enclose."""

    number: int
    title: str
    clause: str


@dataclass(frozen=True, slots=True)
class Priority:
    """One of the main lines the notice stresses ("高标准…")."""

    name: str
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A rule of the notice that is a sentence, not a number: `name` is what it is about.

    `is_reading`: how the notice's words were understood where they are not certain, not its own words."""

    id: str
    name: str
    text: str
    clause: str
    is_reading: bool = False


class Ruling(StrEnum):
    """What a fact says of its thing: it is demanded; it need not be done; it may be done, too; there are several and
    not one alone; it holds for some and not for everybody."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    ALLOWED = "allowed"
    SEVERAL = "several"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class Fact:
    """A free-standing fact for answers: how people ask for it (`topics`), what is said, and the clause.

    `say` may hold slots such as {deadline}, filled from the other data, so that no number is written twice.
    `rulings` say what becomes of a claim or proposal. A fact that tells who does a `deed` names them in `by`."""

    id: str
    topics: tuple[str, ...]
    say: str
    clauses: tuple[str, ...]
    rulings: tuple[Ruling, ...] = ()
    deed: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Everything that next year's notice would change.

    `digest` is the SHA-256 (hex) of the pack's files: it tells which stored results came from an older version.
    `recognition` is what the answer engine has learned from the pack's wordings, in its own form; empty for none.
    Without `reminders` nobody is reminded."""

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
    issued_by_short: str = ""
    based_on: str = ""
    intake_reminder: str = ""
    unit_groups: tuple[UnitGroup, ...] = ()
    supporting: Supporting | None = None
    attachments: tuple[Attachment, ...] = ()
    priorities: tuple[Priority, ...] = ()
    statements: tuple[Statement, ...] = ()
    digest: str = ""
    recognition: bytes = field(default=b"", repr=False)
    reminders: ReminderPlan | None = None

    @property
    def intake_stage(self) -> Stage:
        """The stage in which cases are taken: its `closes_at` is the deadline. The loader makes sure of one."""
        return next(stage for stage in self.stages if stage.accepts)

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

    def statement(self, statement_id: str) -> Statement:
        """The statement with this id. Raises KeyError."""
        return _by(self.statements, "id", statement_id)

    def quota(self, unit_kind: UnitKind, code: str) -> Quota | None:
        """The quota of this kind of unit for this category, None where the notice sets none."""
        found = (quota for quota in self.quotas if quota.unit_kind == unit_kind and quota.category == code)
        return next(found, None)


def _by(items: tuple[_Item, ...], attribute: str, value: str) -> _Item:
    for item in items:
        if getattr(item, attribute) == value:
            return item
    raise KeyError(value)
