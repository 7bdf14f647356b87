"""Readers for who takes part, when, how many, and whom to ask: one section of notice.toml each."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from domain.demand_parts import Known, refuse_reversed
from domain.notice import (
    Attachment,
    Awards,
    Contact,
    Fact,
    MustReport,
    Priority,
    Quota,
    Route,
    Site,
    Stage,
    Statement,
    Unit,
    UnitGroup,
    UnitKind,
)
from domain.section import Section

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAIL = re.compile(r"[^@\s#]+@[^@\s#]+\.[^@\s#]+")
_WHOLE_PERCENT = 100


def _read_id(section: Section) -> str:
    written = section.text("id")
    if written and not _ID.fullmatch(written):
        section.fault(f"{section.key('id')} 写的“{written}”不对，只能用小写英文字母、数字和短横，如 school-01。")
    return written


def read_unit_group(section: Section, known: Known) -> UnitGroup:
    """The notice's words for one kind of unit."""
    group = UnitGroup(
        kind=section.choice("kind", UnitKind),
        name=section.text("name"),
        addressed_as=section.text("addressed_as"),
        clause=known.clause(section),
    )
    section.close()
    return group


def read_unit(section: Section, _known: Known) -> Unit:
    """A reporting unit."""
    unit = Unit(
        id=_read_id(section),
        name=section.text("name"),
        kind=section.choice("kind", UnitKind),
        aliases=section.texts("aliases", optional=True, may_be_empty=True),
    )
    section.close()
    return unit


def read_quota(section: Section, known: Known) -> Quota:
    """How many cases of a category a kind of unit reports."""
    quota = Quota(
        unit_kind=section.choice("unit_kind", UnitKind),
        category=known.category(section),
        minimum=section.maybe_whole("minimum"),
        maximum=section.maybe_whole("maximum"),
        clause=known.clause(section),
    )
    refuse_reversed(section, "minimum", quota.minimum, "maximum", quota.maximum)
    if section.sound and quota.minimum is None and quota.maximum is None:
        section.fault(f"{section.path} 没有 minimum 也没有 maximum；没有限制就不要写这一项。")
    section.close()
    return quota


def read_must_report(section: Section, known: Known) -> MustReport:
    """A kind of school that has to report; the list of schools may be empty until the bureau fills it in."""
    must = MustReport(
        id=_read_id(section),
        name=section.text("name"),
        schools=section.texts("schools", may_be_empty=True),
        clause=known.clause(section),
        categories=known.category_list(section),
    )
    section.close()
    return must


def read_stage(section: Section, known: Known) -> Stage:
    """A stage; it opens before it closes."""
    stage = Stage(
        id=_read_id(section),
        name=section.text("name"),
        opens_at=section.instant("opens_at"),
        closes_at=section.instant("closes_at"),
        clause=known.clause(section),
        reading=section.text("reading", optional=True),
        printed=section.text("printed"),
        accepts=section.flag("accepts", default=False),
        opens_stated=section.flag("opens_stated", default=True),
        actors=section.text("actors"),
        tasks=section.texts("tasks"),
    )
    if section.sound and stage.opens_at >= stage.closes_at:
        section.fault(f"{section.key('opens_at')} 须早于 {section.key('closes_at')}。")
    section.close()
    return stage


def read_awards(section: Section, known: Known) -> Awards:
    """The prizes; as many parts as names."""
    awards = Awards(
        names=section.texts("names"),
        parts=section.wholes("parts", minimum=1),
        rate_percent=section.whole("rate_percent", minimum=1, maximum=_WHOLE_PERCENT),
        rounding=section.text("rounding"),
        clause=known.clause(section),
        certificates=section.flag("certificates"),
        recommended_to=section.texts("recommended_to", may_be_empty=True),
    )
    if section.sound and len(awards.names) != len(awards.parts):
        section.fault(
            f"{section.key('parts')} 有 {len(awards.parts)} 项，"
            f"{section.key('names')} 有 {len(awards.names)} 项，须一样多。"
        )
    section.close()
    return awards


def read_contact(section: Section, known: Known) -> Contact:
    """Whom to ask; the usable mail address has exactly one @ and no #."""
    contact = Contact(
        name=section.text("name"),
        phone=section.text("phone"),
        mail_as_printed=section.text("mail_as_printed"),
        mail=section.text("mail"),
        clause=known.clause(section),
        mail_note=section.text("mail_note", optional=True),
    )
    if contact.mail and not _MAIL.fullmatch(contact.mail):
        section.fault(f"{section.key('mail')} 写的“{contact.mail}”不是能用的邮箱，应形如 name@example.com。")
    section.close()
    return contact


def read_route(section: Section, known: Known) -> Route:
    """Where the notice sends something."""
    route = Route(
        id=_read_id(section),
        subject=section.text("subject"),
        target=section.text("target"),
        clause=known.clause(section),
        done_label=section.text("done_label"),
    )
    section.close()
    return route


def read_site(section: Section, known: Known) -> Site:
    """A site to download from."""
    site = Site(name=section.text("name"), url=section.text("url"), clause=known.clause(section))
    if site.url and not _is_web_address(site.url):
        section.fault(f"{section.key('url')} 写的“{site.url}”不是网址，应以 http:// 或 https:// 开头。")
    section.close()
    return site


def _is_web_address(written: str) -> bool:
    try:
        address = urlsplit(written)
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and bool(address.hostname)


def read_attachment(section: Section, known: Known) -> Attachment:
    """An annex the notice lists."""
    attachment = Attachment(
        number=section.whole("number", minimum=1), title=section.text("title"), clause=known.clause(section)
    )
    section.close()
    return attachment


def read_priority(section: Section, known: Known) -> Priority:
    """One of the main lines."""
    priority = Priority(name=section.text("name"), text=section.text("text"), clause=known.clause(section))
    section.close()
    return priority


def read_statement(section: Section, known: Known) -> Statement:
    """A rule of the notice that is a sentence."""
    statement = Statement(
        id=_read_id(section), name=section.text("name"), text=section.text("text"), clause=known.clause(section)
    )
    section.close()
    return statement


def read_fact(section: Section, known: Known) -> Fact:
    """A free-standing fact of answers.toml."""
    fact = Fact(
        id=_read_id(section),
        topics=section.texts("topics"),
        say=section.text("say"),
        clauses=known.clause_list(section, "clauses"),
    )
    section.close()
    return fact
