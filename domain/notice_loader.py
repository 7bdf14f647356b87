"""Reads a notice pack: a folder with notice.toml (data), notice.md (text) and answers.toml (facts).

Only a pack that says `answers = false` may do without the last.

Every fault of all three files is reported at once, each as one Chinese sentence with file, key path and what may be
written there.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.clause_text import ClauseText, read_clauses
from domain.demand_parts import (
    read_category,
    read_font,
    read_licence,
    read_rule,
    read_summary_table,
    read_supporting,
    read_template,
)
from domain.errors import ConfigError
from domain.known import Known
from domain.notice import (
    Attachment,
    Category,
    Fact,
    FontDemand,
    Intake,
    Notice,
    Quota,
    RuleUse,
    Stage,
    Supporting,
    Unit,
)
from domain.notice_checks import (
    Entry,
    check_category_names,
    check_intake,
    check_kinds,
    check_minimums,
    check_numbers,
    check_order,
    check_quotas,
    check_rules,
    check_schools,
    check_supporting,
    check_unit_names,
)
from domain.notice_parts import (
    read_attachment,
    read_awards,
    read_contact,
    read_fact,
    read_id,
    read_must_report,
    read_priority,
    read_quota,
    read_route,
    read_site,
    read_stage,
    read_statement,
    read_unit,
    read_unit_group,
)
from domain.reminder_parts import REMINDERS_FILE, read_reminders
from domain.reminders import ReminderPlan
from domain.section import FaultBook, Section

DATA_FILE = "notice.toml"
TEXT_FILE = "notice.md"
FACTS_FILE = "answers.toml"
WORDINGS_FILE = "wordings.toml"
LEARNED_FILE = "recognition.bin"

_Part = TypeVar("_Part")
_POSITION = re.compile(r"at line (\d+), column (\d+)")
_UTC = "UTC"
_LONGEST_GRACE = 168
_NO_TEXT = ClauseText((), ())


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack as far as it could be read: for further checks on top of the faults found so far, never to work with.

    `notice` is None when notice.toml could not be read at all; else its lists hold the entries that are sound, and all
    categories, so that their codes are known. `incomplete` names the fields of the notice that miss something.
    `doubts` are data that do not stand in the clause they cite: to be looked at, but nothing that stops the service.
    `facts` and `rules` are all entries with their key paths, sound or not, without what is known to be wrong in them;
    of the categories of a rule only the sound ones are left."""

    notice: Notice | None
    faults: tuple[str, ...]
    incomplete: frozenset[str] = frozenset()
    facts: tuple[tuple[str, Fact], ...] = ()
    rules: tuple[tuple[str, RuleUse], ...] = ()
    spoilt_rules: int = 0
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entries:
    """The lists that are looked at once more when everything is read."""

    units: tuple[Entry[Unit], ...]
    categories: tuple[Entry[Category], ...]
    quotas: tuple[Entry[Quota], ...]
    stages: tuple[Entry[Stage], ...]
    attachments: tuple[Entry[Attachment], ...]
    rules: tuple[Entry[RuleUse], ...]


def load_notice(folder: Path) -> Notice:
    """The notice of a pack, checked and frozen. Raises ConfigError holding every fault found."""
    draft = read_draft(folder)
    if draft.faults or draft.notice is None:
        raise ConfigError(draft.faults)
    learned = folder / LEARNED_FILE
    recognition = learned.read_bytes() if learned.is_file() else b""
    return replace(draft.notice, digest=_digest(folder), recognition=recognition)


def read_draft(folder: Path) -> Draft:
    """The pack with every fault found in it; raises nothing."""
    if not folder.is_dir():
        return Draft(None, (f"找不到通知文件夹 {folder}。",))
    text_book, data_book, facts_book = FaultBook(TEXT_FILE), FaultBook(DATA_FILE), FaultBook(FACTS_FILE)
    words_book = FaultBook(REMINDERS_FILE)
    text = _load_clauses(folder, text_book)
    data = _load_toml(folder / DATA_FILE, data_book)
    root = Section(data or {}, data_book, absent=data is None)
    timezone = _read_timezone(root)
    known = Known(text, _codes(data or {}), timezone if root.sound_at("timezone") else None)
    wanted = root.flag("answers", default=True)
    facts = _load_facts(folder, known, facts_book, wanted=wanted and data is not None)
    notice: Notice | None = None
    rules: tuple[Entry[RuleUse], ...] = ()
    sound_codes: set[str] = set()
    if data is not None:
        entries = _read_entries(root, known)
        notice = _read_notice(root, known, entries, timezone, _sound(facts))
        notice = replace(notice, reminders=_load_reminders(root, folder, words_book))
        root.close()
        _check_together(notice, entries, data_book)
        rules = entries.rules
        sound_codes = {category.code for section, category in entries.categories if section.sound}
    faults = (*text_book.faults, *data_book.faults, *facts_book.faults, *words_book.faults)
    return Draft(
        notice,
        faults,
        _incomplete(notice, data_book),
        tuple((section.path, _plausible(section, fact, text)) for section, fact in facts),
        tuple(
            (section.path, replace(use, categories=tuple(code for code in use.categories if code in sound_codes)))
            for section, use in rules
            if section.sound_at("rule")
        ),
        sum(not section.sound for section, _ in rules),
        tuple(data_book.doubts),
    )


def _plausible(section: Section, fact: Fact, text: ClauseText) -> Fact:
    """The fact without what was found wrong in it, and without clauses whose text is not certain."""
    texts = {clause.id for clause in text.clauses} - text.doubtful
    return replace(
        fact,
        topics=fact.topics if section.sound_at("topics") else (),
        say=fact.say if section.sound_at("say") else "",
        clauses=fact.clauses if texts.issuperset(fact.clauses) else (),
    )


def _incomplete(notice: Notice | None, book: FaultBook) -> frozenset[str]:
    names = [field.name for field in fields(Notice)]
    return frozenset(name for name in names if book.has_fault_in(name) or getattr(notice, name, None) in ((), None))


def load_facts(folder: Path) -> tuple[Fact, ...]:
    """The facts of a pack's answers.toml; none when there is no such file. Raises ConfigError with every fault."""
    text_book = FaultBook(TEXT_FILE)
    facts_book = FaultBook(FACTS_FILE)
    text = _load_clauses(folder, text_book)
    facts = _load_facts(folder, Known(text, ()), facts_book, wanted=False)
    faults = (*text_book.faults, *facts_book.faults)
    if faults:
        raise ConfigError(faults)
    return _sound(facts)


def _load_clauses(folder: Path, book: FaultBook) -> ClauseText:
    text = _read_text(folder / TEXT_FILE, book)
    return _NO_TEXT if text is None else read_clauses(text, book)


def _load_facts(folder: Path, known: Known, book: FaultBook, *, wanted: bool) -> tuple[Entry[Fact], ...]:
    if not (folder / FACTS_FILE).exists():
        if wanted:
            book.add(f"文件夹 {folder} 里没有这个文件；确实不要答法，请在 {DATA_FILE} 里写 answers = false。")
        return ()
    data = _load_toml(folder / FACTS_FILE, book)
    if data is None:
        return ()
    root = Section(data, book)
    facts = _entries(root, "facts", "id", known, read_fact, optional=True)
    root.close()
    return facts


def _load_reminders(root: Section, folder: Path, book: FaultBook) -> ReminderPlan | None:
    """What [reminders] asks for, in the words of the pack's own file; None for a pack that reminds nobody."""
    section, path = root.maybe_child("reminders"), folder / REMINDERS_FILE
    data = None if section is None else _load_toml(path, book)
    return None if section is None else read_reminders(section, data, path, book)


def _load_toml(path: Path, book: FaultBook) -> Mapping[str, object] | None:
    text = _read_text(path, book)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.search(str(error))
        where = f"第{found[1]}行第{found[2]}列" if found else "文件末尾"
        book.add(
            f"{where}不是合法的 TOML，后面的内容没法读；常见原因：引号或括号没有成对、等号后没有值、同一个键写了两次。"
        )
        return None


def _read_text(path: Path, book: FaultBook) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        book.add(f"文件夹 {path.parent} 里没有这个文件。")
    except UnicodeDecodeError as error:
        book.add(f"不是 UTF-8 编码（第 {error.start + 1} 个字节起），请另存为 UTF-8。")
    except OSError as error:
        book.add(f"打不开：{error.strerror}。")
    return None


def _codes(data: Mapping[str, object]) -> tuple[str, ...]:
    """Category codes, taken before anything is checked, so that references to them can be."""
    categories = data.get("categories")
    if not isinstance(categories, list):
        return ()
    codes = (item.get("code") for item in categories if isinstance(item, dict))
    return tuple(dict.fromkeys(code for code in codes if isinstance(code, str)))


def _digest(folder: Path) -> str:
    """SHA-256 over the names and bytes of the pack's files."""
    digest = hashlib.sha256()
    for name in (DATA_FILE, TEXT_FILE, FACTS_FILE, LEARNED_FILE):
        path = folder / name
        if path.is_file():
            digest.update(f"{name}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_entries(root: Section, known: Known) -> _Entries:
    return _Entries(
        units=_entries(root, "units", "id", known, read_unit),
        categories=_entries(root, "categories", "code", known, read_category),
        quotas=_entries(root, "quotas", "category", known, read_quota, optional=True, distinct=False),
        stages=_entries(root, "stages", "id", known, read_stage),
        attachments=_entries(root, "attachments", "title", known, read_attachment, optional=True),
        rules=_entries(root, "rules", "rule", known, read_rule, distinct=False),
    )


def _read_notice(root: Section, known: Known, entries: _Entries, timezone: ZoneInfo, facts: tuple[Fact, ...]) -> Notice:
    title_font, heading_font, body_font = _read_fonts(root.child("fonts"), known)
    return Notice(
        id=read_id(root),
        title=_read_printed(root, "title", known),
        short_title=root.text("short_title"),
        issued_by=_read_printed(root, "issued_by", known),
        document_no=_read_printed(root, "document_no", known),
        timezone=timezone,
        intake=root.choice("intake", Intake),
        upload_grace_hours=root.whole("upload_grace_hours", maximum=_LONGEST_GRACE),
        clauses=known.text.clauses,
        units=_sound(entries.units),
        categories=tuple(category for _, category in entries.categories),
        quotas=_sound(entries.quotas),
        must_report=_all(root, "must_report", "id", known, read_must_report, optional=True),
        stages=_sound(entries.stages),
        awards=read_awards(root.child("awards"), known),
        contacts=_all(root, "contacts", "name", known, read_contact),
        routes=_all(root, "routes", "id", known, read_route),
        sites=_all(root, "sites", "name", known, read_site, optional=True),
        template=read_template(root.child("template"), known),
        summary_table=read_summary_table(root.child("summary_table"), known),
        licence=read_licence(root.child("licence"), known),
        title_font=title_font,
        heading_font=heading_font,
        body_font=body_font,
        rules=_sound(entries.rules),
        facts=facts,
        issued_by_short=_read_printed(root, "issued_by_short", known),
        based_on=_read_printed(root, "based_on", known, optional=True),
        intake_reminder=root.text("intake_reminder"),
        unit_groups=_all(root, "unit_groups", "kind", known, read_unit_group),
        supporting=_read_supporting(root, known),
        attachments=_sound(entries.attachments),
        priorities=_all(root, "priorities", "name", known, read_priority, optional=True),
        statements=_all(root, "statements", "id", known, read_statement, optional=True),
    )


def _read_printed(root: Section, key: str, known: Known, *, optional: bool = False) -> str:
    """A text that stands somewhere in the notice."""
    written = root.text(key, optional=optional)
    known.printed_anywhere(root, key, written)
    return written


def _read_fonts(section: Section, known: Known) -> tuple[FontDemand, FontDemand, FontDemand]:
    title, heading, body = (read_font(section.child(key), known) for key in ("title", "heading", "body"))
    section.close()
    return title, heading, body


def _read_supporting(root: Section, known: Known) -> Supporting | None:
    section = root.maybe_child("supporting")
    return None if section is None else read_supporting(section, known)


def _entries(
    root: Section,
    key: str,
    named_by: str,
    known: Known,
    read: Callable[[Section, Known], _Part],
    *,
    optional: bool = False,
    distinct: bool = True,
) -> tuple[Entry[_Part], ...]:
    """All entries of a list; their faults are noted."""
    items = root.children(key, named_by=named_by, optional=optional, distinct=distinct)
    return tuple((item, read(item, known)) for item in items)


def _sound(entries: tuple[Entry[_Part], ...]) -> tuple[_Part, ...]:
    return tuple(part for item, part in entries if item.sound)


def _all(
    root: Section,
    key: str,
    named_by: str,
    known: Known,
    read: Callable[[Section, Known], _Part],
    *,
    optional: bool = False,
) -> tuple[_Part, ...]:
    """The sound entries of a list; the faults of the others are noted."""
    return _sound(_entries(root, key, named_by, known, read, optional=optional))


def _read_timezone(root: Section) -> ZoneInfo:
    written = root.text("timezone")
    try:
        return ZoneInfo(written or _UTC)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        root.fault(f"timezone 写的“{written}”不是这台机器认识的时区名，应形如 Asia/Shanghai。", "timezone")
        return ZoneInfo(_UTC)


def _check_together(notice: Notice, entries: _Entries, book: FaultBook) -> None:
    """Faults between the entries: one cause, one fault."""
    check_order(entries.stages, book)
    check_intake(entries.stages, book)
    check_unit_names(entries.units, book)
    check_category_names(entries.categories, book)
    check_numbers(entries.attachments, book)
    if notice.unit_groups and not book.has_fault_in("unit_groups"):
        check_kinds(notice.units, notice.unit_groups, book)
    check_quotas(notice.quotas, book)
    check_schools(notice.must_report, [unit.id for unit in notice.units], book)
    codes = [category.code for section, category in entries.categories if section.sound_at("code")]
    check_minimums(codes, entries.quotas, book)
    check_rules(notice.rules, book)
    check_supporting(notice.categories, supporting=notice.supporting is not None, book=book)
