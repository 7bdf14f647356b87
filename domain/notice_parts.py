"""Readers for who takes part, when, how many, and whom to ask: one section of notice.toml each."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from domain.demand_parts import refuse_other_end, refuse_reversed
from domain.known import Known
from domain.notice import (
    Attachment,
    Awards,
    Contact,
    Fact,
    MustReport,
    MustReportSchool,
    Priority,
    Quota,
    Route,
    Ruling,
    Site,
    Stage,
    Statement,
    Unit,
    UnitGroup,
    UnitKind,
)
from domain.printed import day_stands, percent_stands, prize_stands, squeezed, stands
from domain.section import Section

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAIL = re.compile(r"[^@\s#]+@[^@\s#]+\.[^@\s#]+")
_PHONE = re.compile(r"1[3-9]\d{9}|(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4}")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_WHOLE_PERCENT = 100


def read_id(section: Section) -> str:
    """The id under `id`: small letters, digits and dashes."""
    written = section.text("id")
    if written and not _ID.fullmatch(written):
        section.fault(f"{section.key('id')} 写的“{written}”不对，只能用小写英文字母、数字和短横，如 school-01。", "id")
    return written


def read_unit_group(section: Section, known: Known) -> UnitGroup:
    """The notice's words for one kind of unit."""
    group = UnitGroup(
        kind=section.choice("kind", UnitKind),
        name=section.text("name"),
        addressed_as=section.text("addressed_as"),
        clause=known.clause(section),
    )
    known.printed(section, "addressed_as", (group.addressed_as,), (group.clause,))
    section.close()
    return group


def read_unit(section: Section, _known: Known) -> Unit:
    """A reporting unit."""
    unit = Unit(
        id=read_id(section),
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
    known.printed_number(section, "minimum", quota.minimum, quota.clause)
    known.printed_number(section, "maximum", quota.maximum, quota.clause)
    if section.sound_at("minimum", "maximum") and quota.minimum is None and quota.maximum is None:
        section.fault(f"{section.path} 没有 minimum 也没有 maximum；没有最低数就写 minimum = 0。")
    section.close()
    return quota


def _read_school(section: Section) -> MustReportSchool:
    school = MustReportSchool(section.text("name"), section.text("unit"))
    section.close()
    return school


def read_must_report(section: Section, known: Known) -> MustReport:
    """A kind of school that has to report; the list of schools may be empty until the bureau fills it in."""
    must = MustReport(
        id=read_id(section),
        name=section.text("name"),
        schools=tuple(_read_school(each) for each in section.children("schools", named_by="name", optional=True)),
        clause=known.clause(section),
        categories=known.category_list(section),
    )
    known.printed(section, "name", (must.name,), (must.clause,))
    section.close()
    return must


def read_stage(section: Section, known: Known) -> Stage:
    """A stage; it opens before it closes."""
    stage = Stage(
        id=read_id(section),
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
    if section.sound_at("opens_at", "closes_at") and stage.opens_at >= stage.closes_at:
        section.fault(f"{section.key('opens_at')} 须早于 {section.key('closes_at')}。", "opens_at")
    known.printed(section, "printed", (stage.printed,), (stage.clause,))
    _refuse_other_days(section, known, stage)
    section.close()
    return stage


def _refuse_other_days(section: Section, known: Known, stage: Stage) -> None:
    """The first and the last day are those printed, where the notice prints days."""
    if stage.opens_stated and known.timezone is not None and section.sound_at("opens_at", "printed"):
        first = stage.opens_at.astimezone(known.timezone)
        if not day_stands(first, stage.printed):
            section.fault(
                f"{section.key('opens_at')} 是{first.month}月{first.day}日，"
                f"printed 写的却是“{stage.printed}”，两者矛盾；通知没有写开始日期的，写 opens_stated = false。",
                "opens_stated",
            )
    if section.sound_at("opens_at"):
        refuse_other_end(section, known, stage.closes_at, stage.printed)


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
    if section.sound_at("names", "parts") and len(awards.names) != len(awards.parts):
        section.fault(
            f"{section.key('parts')} 有 {len(awards.parts)} 项，"
            f"{section.key('names')} 有 {len(awards.names)} 项，须一样多。",
            "parts",
        )
    clauses = (awards.clause,)
    known.printed(section, "names", awards.names, clauses, prize_stands)
    known.printed(section, "parts", (":".join(map(str, awards.parts)),), clauses)
    rate = (str(awards.rate_percent),)
    known.printed(section, "rate_percent", rate, clauses, lambda words, text: percent_stands(int(words), text))
    known.printed(section, "recommended_to", awards.recommended_to, clauses)
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
        section.fault(f"{section.key('mail')} 写的“{contact.mail}”不是能用的邮箱，应形如 name@example.com。", "mail")
    if section.sound_at("phone") and not _PHONE.fullmatch(contact.phone):
        section.fault(
            f"{section.key('phone')} 写的“{contact.phone}”不像电话号码，"
            "应为 11 位手机号，或带区号的固定电话，如 010-12345678。",
            "phone",
        )
    if section.sound_at("mail", "mail_as_printed") and not _same_mail(contact):
        section.fault(
            f"{section.key('mail')} 写的“{contact.mail}”"
            f"和 mail_as_printed 的“{contact.mail_as_printed}”不是同一个邮箱。",
            "mail",
        )
    for key, written in (
        ("name", contact.name),
        ("phone", contact.phone),
        ("mail_as_printed", contact.mail_as_printed),
    ):
        known.printed(section, key, (written,), (contact.clause,))
    section.close()
    return contact


def _same_mail(contact: Contact) -> bool:
    """Whether the usable address is the printed one, apart from # for @."""
    return stands(contact.mail, squeezed(contact.mail_as_printed.replace("#", "@")))


def read_route(section: Section, known: Known) -> Route:
    """Where the notice sends something."""
    route = Route(
        id=read_id(section),
        subject=section.text("subject"),
        target=section.text("target"),
        clause=known.clause(section),
        done_label=section.text("done_label"),
    )
    known.printed(section, "target", (route.target,), (route.clause,))
    section.close()
    return route


def read_site(section: Section, known: Known) -> Site:
    """A site to download from."""
    site = Site(name=section.text("name"), url=section.text("url"), clause=known.clause(section))
    if site.url and not _is_web_address(site.url):
        section.fault(
            f"{section.key('url')} 写的“{site.url}”不是网址，应以 http:// 或 https:// 开头，如 https://www.example.com。",
            "url",
        )
    known.printed(section, "name", (site.name,), (site.clause,))
    known.printed(section, "url", (site.url,), (site.clause,))
    section.close()
    return site


def _is_web_address(written: str) -> bool:
    try:
        address = urlsplit(written)
    except ValueError:
        return False
    host = address.hostname or ""
    return address.scheme in {"http", "https"} and bool(_HOST.fullmatch(host)) and not re.search(r"\s", written)


def read_attachment(section: Section, known: Known) -> Attachment:
    """An annex the notice lists."""
    attachment = Attachment(
        number=section.whole("number", minimum=1), title=section.text("title"), clause=known.clause(section)
    )
    known.printed(section, "title", (attachment.title,), (attachment.clause,))
    if section.sound_at("number", "title"):
        ways = (f"{attachment.number}.", f"{attachment.number}、", f"附件{attachment.number}", "附件", "附件:")
        known.printed(
            section,
            "number",
            (str(attachment.number),),
            (attachment.clause,),
            lambda _number, text: any(stands(f"{way}{attachment.title}", text) for way in ways),
        )
    section.close()
    return attachment


def read_priority(section: Section, known: Known) -> Priority:
    """One of the main lines."""
    priority = Priority(name=section.text("name"), text=section.text("text"), clause=known.clause(section))
    known.printed(section, "name", (priority.name,), (priority.clause,))
    known.printed(section, "text", (priority.text,), (priority.clause,))
    section.close()
    return priority


def read_statement(section: Section, known: Known) -> Statement:
    """A rule of the notice that is a sentence."""
    statement = Statement(
        id=read_id(section),
        name=section.text("name"),
        text=section.text("text"),
        clause=known.clause(section),
        is_reading=section.flag("reading", default=False),
    )
    section.close()
    return statement


def read_fact(section: Section, known: Known) -> Fact:
    """A free-standing fact of answers.toml."""
    fact = Fact(
        id=read_id(section),
        topics=section.texts("topics"),
        say=section.text("say"),
        clauses=known.clause_list(section, "clauses"),
        rulings=tuple(map(Ruling, _rulings(section))),
        deed=section.text("deed", optional=True),
        by=section.texts("by", optional=True),
    )
    if bool(fact.deed) != bool(fact.by):
        section.fault(f"{section.path} 的 deed（做什么）和 by（谁做）要么都写，要么都不写。")
    section.close()
    return fact


def _rulings(section: Section) -> tuple[str, ...]:
    known = tuple(Ruling)
    return tuple(name for name in section.references("rulings", "规定", known, optional=True) if name in known)
