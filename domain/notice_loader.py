"""Reads a notice pack: a folder with notice.toml (data), notice.md (text) and, if there are any, answers.toml (facts).

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

from domain.clause_text import parse_clauses
from domain.demand_parts import (
    Known,
    read_category,
    read_font,
    read_licence,
    read_rule,
    read_summary_table,
    read_supporting,
    read_template,
)
from domain.errors import ConfigError
from domain.notice import Clause, Fact, FontDemand, Intake, Notice, Supporting
from domain.notice_checks import (
    check_intake,
    check_kinds,
    check_names,
    check_order,
    check_quotas,
    check_rules,
    check_supporting,
)
from domain.notice_parts import (
    read_attachment,
    read_awards,
    read_contact,
    read_fact,
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
from domain.section import FaultBook, Section

DATA_FILE = "notice.toml"
TEXT_FILE = "notice.md"
FACTS_FILE = "answers.toml"

_Part = TypeVar("_Part")
_POSITION = re.compile(r"at line (\d+), column (\d+)")
_UTC = "UTC"


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack as far as it could be read: for further checks on top of the faults found so far, never to work with.

    `notice` is None when notice.toml could not be read at all; else its lists hold the entries that are sound, and all
    categories, so that their codes are known. `incomplete` names the fields of the notice that miss something."""

    notice: Notice | None
    faults: tuple[str, ...]
    incomplete: frozenset[str] = frozenset()


def load_notice(folder: Path) -> Notice:
    """The notice of a pack, checked and frozen. Raises ConfigError holding every fault found."""
    draft = read_draft(folder)
    if draft.faults or draft.notice is None:
        raise ConfigError(draft.faults)
    return replace(draft.notice, digest=_digest(folder))


def read_draft(folder: Path) -> Draft:
    """The pack with every fault found in it; raises nothing."""
    if not folder.is_dir():
        return Draft(None, (f"找不到通知文件夹 {folder}。",))
    text_book = FaultBook(TEXT_FILE)
    data_book = FaultBook(DATA_FILE)
    facts_book = FaultBook(FACTS_FILE)
    clauses = _load_clauses(folder, text_book)
    data = _load_toml(folder / DATA_FILE, data_book)
    known = Known(tuple(clause.id for clause in clauses), _codes(data or {}))
    facts = _load_facts(folder, known, facts_book)
    notice = None
    if data is not None:
        root = Section(data, data_book)
        notice = _read_notice(root, known, clauses, facts)
        root.close()
        _check_together(notice, data_book)
    faults = (*text_book.faults, *data_book.faults, *facts_book.faults)
    return Draft(notice, faults, _incomplete(notice, data_book))


def _incomplete(notice: Notice | None, book: FaultBook) -> frozenset[str]:
    names = [field.name for field in fields(Notice)]
    return frozenset(name for name in names if book.has_fault_in(name) or getattr(notice, name, None) in ((), None))


def load_facts(folder: Path) -> tuple[Fact, ...]:
    """The facts of a pack's answers.toml; none when there is no such file. Raises ConfigError with every fault."""
    text_book = FaultBook(TEXT_FILE)
    facts_book = FaultBook(FACTS_FILE)
    clauses = _load_clauses(folder, text_book)
    facts = _load_facts(folder, Known(tuple(clause.id for clause in clauses), ()), facts_book)
    faults = (*text_book.faults, *facts_book.faults)
    if faults:
        raise ConfigError(faults)
    return facts


def _load_clauses(folder: Path, book: FaultBook) -> tuple[Clause, ...]:
    text = _read_text(folder / TEXT_FILE, book)
    return () if text is None else parse_clauses(text, book)


def _load_facts(folder: Path, known: Known, book: FaultBook) -> tuple[Fact, ...]:
    if not (folder / FACTS_FILE).exists():
        return ()
    data = _load_toml(folder / FACTS_FILE, book)
    if data is None:
        return ()
    root = Section(data, book)
    facts = _all(root, "facts", "id", known, read_fact, optional=True)
    root.close()
    return facts


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
    for name in (DATA_FILE, TEXT_FILE, FACTS_FILE):
        path = folder / name
        if path.is_file():
            digest.update(f"{name}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_notice(root: Section, known: Known, clauses: tuple[Clause, ...], facts: tuple[Fact, ...]) -> Notice:
    title_font, heading_font, body_font = _read_fonts(root.child("fonts"), known)
    return Notice(
        id=root.text("id"),
        title=root.text("title"),
        short_title=root.text("short_title"),
        issued_by=root.text("issued_by"),
        document_no=root.text("document_no"),
        timezone=_read_timezone(root),
        intake=root.choice("intake", Intake),
        upload_grace_hours=root.whole("upload_grace_hours"),
        clauses=clauses,
        units=_all(root, "units", "id", known, read_unit),
        categories=tuple(read_category(item, known) for item in root.children("categories", named_by="code")),
        quotas=_all(root, "quotas", "category", known, read_quota, optional=True, distinct=False),
        must_report=_all(root, "must_report", "id", known, read_must_report, optional=True),
        stages=_all(root, "stages", "id", known, read_stage),
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
        rules=_all(root, "rules", "rule", known, read_rule, distinct=False),
        facts=facts,
        issued_by_short=root.text("issued_by_short"),
        based_on=root.text("based_on", optional=True),
        intake_reminder=root.text("intake_reminder"),
        unit_groups=_all(root, "unit_groups", "kind", known, read_unit_group),
        supporting=_read_supporting(root, known),
        attachments=_all(root, "attachments", "title", known, read_attachment, optional=True),
        priorities=_all(root, "priorities", "name", known, read_priority, optional=True),
        statements=_all(root, "statements", "id", known, read_statement, optional=True),
    )


def _read_fonts(section: Section, known: Known) -> tuple[FontDemand, FontDemand, FontDemand]:
    title, heading, body = (read_font(section.child(key), known) for key in ("title", "heading", "body"))
    section.close()
    return title, heading, body


def _read_supporting(root: Section, known: Known) -> Supporting | None:
    section = root.maybe_child("supporting")
    return None if section is None else read_supporting(section, known)


def _all(
    root: Section,
    key: str,
    named_by: str,
    known: Known,
    read: Callable[[Section, Known], _Part],
    *,
    optional: bool = False,
    distinct: bool = True,
) -> tuple[_Part, ...]:
    """The sound entries of a list; the faults of the others are noted."""
    items = root.children(key, named_by=named_by, optional=optional, distinct=distinct)
    parts = [(item, read(item, known)) for item in items]
    return tuple(part for item, part in parts if item.sound)


def _read_timezone(root: Section) -> ZoneInfo:
    written = root.text("timezone")
    try:
        return ZoneInfo(written or _UTC)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        root.fault(f"timezone 写的“{written}”不是这台机器认识的时区名，应形如 Asia/Shanghai。")
        return ZoneInfo(_UTC)


def _check_together(notice: Notice, book: FaultBook) -> None:
    """Faults between the entries that are sound by themselves: one cause, one fault."""
    check_order(notice.stages, book)
    if notice.stages and not book.has_fault_in("stages"):
        check_intake(notice.stages, book)
    check_names(notice.units, book)
    if notice.unit_groups and not book.has_fault_in("unit_groups"):
        check_kinds(notice.units, notice.unit_groups, book)
    check_quotas(notice.quotas, book)
    check_rules(notice.rules, book)
    check_supporting(notice.categories, supporting=notice.supporting is not None, book=book)
