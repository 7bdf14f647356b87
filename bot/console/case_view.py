"""One case as its page shows it: the facts of its head, and every file that came for it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.tones import Tone, tone_of
from domain.receipt import receipt_address
from domain.wording import show_instant, show_size
from handlers.casework.case_text import MARK_NAMES, NO_CATEGORY, STAFF_STATE_NAMES, punctual, state_name
from handlers.casework.contact import contact_line
from handlers.casework.report_text import show_title
from handlers.contract import Context
from store import cases
from store.moves import OWNERS_TURN
from store.schema.campaign import Case, CaseState, Mark, Material, MaterialKind

IN_USE = "第 {number} 版（现在用的）"
VERSION = "第 {number} 版"
WAITING = "等本人确认是否替换"
SET_ASIDE = "没有采用"
SUPPORTING = "支撑材料 {number}"
NO_UNIT = "单位未定"
_SHORT_HASH = 12


@dataclass(frozen=True, slots=True)
class Head:
    """What the case is and where it stands."""

    receipt: str
    title: str
    category: str
    unit: str
    school: str
    contact: str
    state: str
    tone: Tone
    arrived: str
    punctual: str
    on_time: bool
    check_at: str


@dataclass(frozen=True, slots=True)
class File:
    """One file of the case. `address` gives its bytes; `version` is its number where it was checked, else 0."""

    label: str
    name: str
    arrived: str
    size: str
    short_hash: str
    late: bool
    address: str
    version: int


def head(ctx: Context, case: Case) -> Head:
    """The facts, in the words for whoever looks."""
    units = {unit.id: unit.name for unit in ctx.notice.units}
    names = {each.code: f"{each.code}　{each.name}" for each in ctx.notice.categories}
    return Head(
        receipt=case.receipt,
        title=show_title(case.title),
        category=names.get(case.category or "", NO_CATEGORY),
        unit=units.get(case.unit_id or "", NO_UNIT),
        school=case.school or "",
        contact=contact_line(ctx, case).partition("：")[2],
        state=shown_state(ctx, case),
        tone=tone_of(CaseState(case.state)),
        arrived=show_instant(case.first_arrived_at, ctx.notice.timezone),
        punctual=punctual(ctx.notice, case),
        on_time=case.on_time,
        check_at=receipt_address(ctx.public_url, case.receipt),
    )


def shown_state(ctx: Context, case: Case) -> str:
    """The state with its marks: for its owner as what is asked of them, for others as what is waited for."""
    if case.owner_id == ctx.actor.person_id or CaseState(case.state) not in OWNERS_TURN:
        return state_name(ctx.notice, case)
    marks = "、".join(MARK_NAMES[Mark(mark)] for mark in case.marks if case.state != CaseState.NEEDS_FIX)
    name = STAFF_STATE_NAMES[CaseState(case.state)]
    return f"{name}（{marks}）" if marks else name


def files(ctx: Context, case: Case) -> list[File]:
    """The versions, the newest first; then what waits or was set aside; then the supporting files."""
    main = cases.of_kind(ctx.session, case.id, MaterialKind.MAIN)
    newest = main[-1].version if main else 0
    found = [
        _file(ctx, case, each, (IN_USE if each.version == newest else VERSION).format(number=each.version))
        for each in reversed(main)
    ]
    for kind, label in ((MaterialKind.WAITING, WAITING), (MaterialKind.SET_ASIDE, SET_ASIDE)):
        found += [_file(ctx, case, each, label) for each in reversed(cases.of_kind(ctx.session, case.id, kind))]
    supporting = cases.of_kind(ctx.session, case.id, MaterialKind.SUPPORTING)
    return [*found, *(_file(ctx, case, each, SUPPORTING.format(number=each.version)) for each in supporting)]


def _file(ctx: Context, case: Case, material: Material, label: str) -> File:
    return File(
        label=label,
        name=show_title(material.name),
        arrived=show_instant(material.arrived_at, ctx.notice.timezone),
        size=show_size(material.size),
        short_hash=material.sha256[:_SHORT_HASH],
        late=not material.on_time,
        address=f"/console/cases/{case.receipt}/files/{material.kind}-{material.version}",
        version=material.version if material.kind == MaterialKind.MAIN else 0,
    )
