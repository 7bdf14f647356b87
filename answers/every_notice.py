"""What every notice says and holds as data: who issues it, what is collected, where it goes, whom to ask, what is won.

Each is a topic computed from the notice; a fact of the same id in its answers.toml stands in its place. How people ask
for them is language data (every_notice.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from answers.demands import grouped, meant, titles
from answers.index import sentences_of
from answers.patterns import Pattern, compiled
from answers.question import Question
from answers.reply import Draft
from answers.schedule import span
from domain.notice import Category, Contact, Notice, Route, UnitKind

Telling = Callable[[Question, Notice], Draft | None]
_HERE = Path(__file__).parent
_COPIES = re.compile(r"一式[一二两三四五六七八九十\d]+份")
_SUPPORT = re.compile(r"[^　\s。，：]{0,4}(?:支持|维护|服务)")


@cache
def _asks() -> Mapping[str, list[str]]:
    return tomllib.loads((_HERE / "every_notice.toml").read_text("utf-8"))


def general_topics(notice: Notice) -> Iterator[tuple[str, tuple[Pattern, ...], Telling]]:
    """The topics this notice has data for and no fact of its own: name, how people ask for it, what tells it."""
    own = {fact.id for fact in notice.facts}
    names = _names(notice)
    for name, telling in _TELLINGS.items():
        if name not in own:
            yield name, tuple(compiled(_named(ask, names)) for ask in _asks()[name]), telling


def printed_values(notice: Notice) -> Mapping[str, tuple[str, ...]]:
    """What the notice prints that people read off and ask what it is: the topic it belongs to, and its ways of
    writing, each by itself enough to ask for it (whose number is …)."""
    mails = [item.mail.lower() for item in notice.contacts if item.mail]
    hosts = [item.url.lower().partition("://")[2].strip("/") for item in notice.sites]
    return {
        "contact": tuple(item.phone for item in notice.contacts if item.phone),
        "mail": tuple(dict.fromkeys(part for mail in mails for part in (mail, mail.partition("@")[0]) if part)),
        "sites": tuple(dict.fromkeys(part for host in hosts for part in (host, host.removeprefix("www.")) if part)),
    }


def _names(notice: Notice) -> dict[str, str]:
    groups = {group.kind: group.name for group in notice.unit_groups}
    codes = [item.code.lower() for item in notice.categories]
    called = [code if len(code) > 1 else f"{code}类" for code in codes]
    return {
        "county": groups.get(UnitKind.COUNTY, "县市"),
        "direct": groups.get(UnitKind.DIRECT_SCHOOL, "直属学校"),
        "code": "|".join((*called, *(word for item in notice.categories for word in words_for(item)))),
        "topic": "|".join(topic.text for item in notice.categories for topic in item.topics) or "\0",
        "table": "汇总表",
        "collected": "案例",
    }


def words_for(category: Category) -> tuple[str, ...]:
    """How a category is called: by its heading, and by keywords that are part of its heading."""
    group = category.group.lower()
    return (group, *(word.lower() for word in category.keywords if word.lower() in group and len(word) > 1))


def _named(ask: str, names: Mapping[str, str]) -> str:
    for name, said in names.items():
        ask = ask.replace(f"{{{name}}}", said)
    return ask


def _holding(notice: Notice, *texts: str) -> tuple[str, ...]:
    """The first clause that prints each of the texts."""
    found = (next((item.id for item in notice.clauses if text and text in item.text), "") for text in texts)
    return tuple(dict.fromkeys(name for name in found if name))


def _document_no(_: Question, notice: Notice) -> Draft:
    return Draft(f"通知的文号是 {notice.document_no}。", _holding(notice, notice.document_no), "document-no")


def _title(_: Question, notice: Notice) -> Draft:
    text = f"通知全称：《{notice.title}》，文号 {notice.document_no}。"
    return Draft(text, _holding(notice, notice.title, notice.document_no), "title")


def _issuer(_: Question, notice: Notice) -> Draft:
    return Draft(f"通知由{notice.issued_by}发布。", _holding(notice, notice.issued_by), "issuer")


def _addressees(_: Question, notice: Notice) -> Draft | None:
    groups = notice.unit_groups
    if not groups:
        return None
    named = "和".join(dict.fromkeys(group.addressed_as for group in groups))
    return Draft(f"通知发给{named}。", tuple(dict.fromkeys(group.clause for group in groups)), "addressees")


def _counties(_: Question, notice: Notice) -> Draft | None:
    group = next((item for item in notice.unit_groups if item.kind is UnitKind.COUNTY), None)
    units = [unit.name for unit in notice.units if unit.kind is UnitKind.COUNTY]
    if group is None or not units:
        return None
    office = notice.issued_by_short or notice.issued_by
    text = f"按{office}在本系统的设置，{group.name}有 {len(units)} 个：{'、'.join(units)}。"
    return Draft(text, (group.clause,), "counties")


def _categories(_: Question, notice: Notice) -> Draft:
    named = [f"{item.code} {item.name}（{item.subject}）" for item in notice.categories]
    clauses = tuple(dict.fromkeys(item.clause for item in notice.categories))
    return Draft(f"分 {len(named)} 类：{'；'.join(named)}。", clauses, "categories")


def _who_writes(question: Question, notice: Notice) -> Draft:
    asked = meant(question, notice.categories)
    told = "；".join(f"{item.code} 类（{item.name}）{_by_whom(item, notice)}" for item in asked)
    return Draft(f"{told}。", tuple(dict.fromkeys(item.clause for item in asked)), "who-writes")


def _by_whom(category: Category, notice: Notice) -> str:
    """Who writes or makes a case of the category, in its clause's words; else whose work it shows."""
    said = re.search(rf"由{re.escape(category.subject)}[^，。；]*", notice.clause(category.clause).text)
    return said.group() if said else f"写的是{category.subject}的做法"


def _topics(question: Question, notice: Notice) -> Draft | None:
    """What may be written about in the categories that suggest something."""
    asked = meant(question, (item for item in notice.categories if item.topics))
    if not asked:
        return None
    told = "；".join(
        f"{item.code} 类可以写{'、'.join(topic.text for topic in item.topics)}"
        f"{'，不限于这些' if item.topics_open else ''}"
        for item in asked
    )
    clauses = tuple(dict.fromkeys(topic.clause for item in asked for topic in item.topics))
    return Draft(f"{told}。", clauses, "c-topics")


def _attachments(_: Question, notice: Notice) -> Draft | None:
    if not notice.attachments:
        return None
    named = "，".join(f"附件{item.number}《{item.title}》" for item in notice.attachments)
    clauses = tuple(dict.fromkeys(item.clause for item in notice.attachments))
    return Draft(f"附件有 {len(notice.attachments)} 个：{named}。", clauses, "attachments")


def _template_where(_: Question, notice: Notice) -> Draft | None:
    if not notice.sites:
        return None
    named = "或".join(f"{item.name} {item.url} " for item in notice.sites)
    return Draft(f"附件请到{named}下载。", tuple(dict.fromkeys(item.clause for item in notice.sites)), "template-where")


def _sites(_: Question, notice: Notice) -> Draft | None:
    if not notice.sites:
        return None
    named = "；".join(f"{item.name}：{item.url}" for item in notice.sites)
    return Draft(f"{named}。", tuple(dict.fromkeys(item.clause for item in notice.sites)), "sites")


def _licence(_: Question, notice: Notice) -> Draft:
    return Draft(_ended(notice.licence.text), (notice.licence.clause,), "must-licence")


def _is_table(route: Route, notice: Notice) -> bool:
    return notice.summary_table.title in route.subject


def _sent(route: Route, notice: Notice) -> str:
    """That something is sent somewhere, with the site's address, and how many copies where its clause says."""
    url = next((f"（{site.url}）" for site in notice.sites if site.name == route.target), "")
    copies = _COPIES.search(notice.clause(route.clause).text)
    on_paper = re.search("纸", route.subject) is not None and _COPIES.search(route.subject) is None
    many = f"，{copies.group()}" if copies and on_paper else ""
    return f"{route.subject}{many}，{'发到' if '@' in route.target else '送到'} {route.target}{url}"


def _how_to_report(_: Question, notice: Notice) -> Draft | None:
    return _routes(notice, sorted(notice.routes, key=lambda item: _is_table(item, notice)), "how-to-report")


def _table_sent(_: Question, notice: Notice) -> Draft | None:
    routes = [item for item in notice.routes if _is_table(item, notice)]
    return _routes(notice, routes or list(notice.routes), "table-by-platform")


def _routes(notice: Notice, routes: list[Route], topic: str) -> Draft | None:
    if not routes:
        return None
    told = "；".join(_sent(route, notice) for route in routes)
    return Draft(f"{told}。", tuple(dict.fromkeys(route.clause for route in routes)), topic)


def _table_forms(_: Question, notice: Notice) -> Draft:
    table = notice.summary_table
    routes = tuple(item.clause for item in notice.routes if _is_table(item, notice))
    text = f"《{table.title}》要交{'和'.join(table.deliver_as)}。"
    return Draft(text, tuple(dict.fromkeys((*routes, table.clause))), "must-summary-stamp")


def _table_order(_: Question, notice: Notice) -> Draft:
    table = notice.summary_table
    clauses = _holding(notice, table.sorting_note) or table.remark_clauses or (table.clause,)
    return Draft(_ended(f"《{table.title}》{table.sorting_note}"), clauses, "must-table-order")


def _template_use(question: Question, notice: Notice) -> Draft | None:
    asked = meant(question, notice.categories)
    groups = grouped(asked, lambda demand: (demand.template,))
    if not groups:
        return None
    parts = [
        f"{titles(members)}要按模板《{notice.template.title}》写"
        if demand.template
        else f"{titles(members)}没有要求用模板"
        for demand, members in groups
    ]
    clauses = tuple(dict.fromkeys(item.text.clause for item in asked if item.text is not None))
    return Draft(f"{'；'.join(parts)}。", clauses, "must-template-use")


def _original(_: Question, notice: Notice) -> Draft | None:
    found = next((item for item in sentences_of(notice) if "原创" in item.text), None)
    if found is None:
        return None
    return Draft(f"必须是原创，通知写有：{_ended(found.text)}", (found.clause,), "must-original")


def _role(contact: Contact, notice: Notice) -> str:
    """What a contact is there for, as the label of their clause has it."""
    support = _SUPPORT.search(notice.clause(contact.clause).label)
    return support.group() if support else "联系人"


def _contact(_: Question, notice: Notice) -> Draft | None:
    if not notice.contacts:
        return None
    told = [
        f"{_role(item, notice)}：{item.name}，电话 {item.phone}，邮箱 {item.mail}。{item.mail_note}"
        for item in notice.contacts
    ]
    return Draft("\n".join(told), tuple(dict.fromkeys(item.clause for item in notice.contacts)), "contact")


def _mail(_: Question, notice: Notice) -> Draft | None:
    if not notice.contacts:
        return None
    contact = notice.contacts[0]
    sent = [item for item in notice.routes if contact.mail in item.target]
    told = f"邮箱是 {contact.mail}。{contact.mail_note}"
    told += "".join(f"{item.subject}发到这里。" for item in sent)
    return Draft(told, tuple(dict.fromkeys((contact.clause, *(item.clause for item in sent)))), "mail")


def _process(_: Question, notice: Notice) -> Draft:
    told = "；".join(f"{stage.name}在{span(stage, notice)}，由{stage.actors}" for stage in notice.stages)
    return Draft(f"分 {len(notice.stages)} 步：{told}。", tuple(stage.clause for stage in notice.stages), "process")


def _review_by(_: Question, notice: Notice) -> Draft | None:
    stage = next((item for item in notice.stages if not item.accepts), None)
    if stage is None:
        return None
    text = _ended(f"{stage.name}由{stage.actors}{'，'.join(stage.tasks)}")
    return Draft(text, (stage.clause,), "review-by")


def _prizes(_: Question, notice: Notice) -> Draft:
    awards = notice.awards
    certified = next(
        (item.text for item in sentences_of(notice) if item.clause == awards.clause and "证书" in item.text), ""
    )
    text = f"设{'、'.join(awards.names)}。{_ended(certified) if awards.certificates and certified else ''}"
    return Draft(text, (awards.clause,), "prizes")


def _recommend(_: Question, notice: Notice) -> Draft | None:
    awards = notice.awards
    level = next(iter(awards.recommended_to), "")
    if not level:
        return None
    said = next((item.text for item in sentences_of(notice) if item.clause == awards.clause and level in item.text), "")
    text = f"通知写有：{_ended(said)}" if said else f"好的会推荐到{'、'.join(awards.recommended_to)}。"
    return Draft(text, (awards.clause,), "recommend")


def _ended(text: str) -> str:
    return f"{text.rstrip('。')}。"


_TELLINGS: Mapping[str, Telling] = {
    "document-no": _document_no,
    "title": _title,
    "issuer": _issuer,
    "addressees": _addressees,
    "counties": _counties,
    "categories": _categories,
    "who-writes": _who_writes,
    "c-topics": _topics,
    "attachments": _attachments,
    "template-where": _template_where,
    "sites": _sites,
    "must-licence": _licence,
    "how-to-report": _how_to_report,
    "table-by-platform": _table_sent,
    "must-summary-stamp": _table_forms,
    "must-table-order": _table_order,
    "must-template-use": _template_use,
    "must-original": _original,
    "contact": _contact,
    "mail": _mail,
    "process": _process,
    "review-by": _review_by,
    "prizes": _prizes,
    "recommend": _recommend,
}
