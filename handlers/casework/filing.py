"""What a report (上报) would hold now: its set, its table, its gaps, and a short sign that it is still the same set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.receipt import ALPHABET
from domain.report_content import ReportContent, ReportedFile
from domain.standing import UnitStanding
from domain.summary import SummarySheet
from handlers.contract import Context
from store import cases, people, quotas, reports, summaries, supporting
from store.reports import Chosen
from store.schema.campaign import Case, CaseState

_SIGN_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as it would be made now. `unfinished` cases are still with their owners."""

    chosen: Chosen
    sheet: SummarySheet
    standing: UnitStanding
    unfinished: int

    @property
    def sign(self) -> str:
        """Four signs that stand for this very set."""
        number = int(self.chosen.digest, 16)
        return "".join(ALPHABET[number >> 5 * place & 0x1F] for place in range(_SIGN_LENGTH))


def draft(ctx: Context, unit_id: str, *, lock: bool = False) -> Draft:
    """What the unit would report now; `lock` its cases when it is to be done in this transaction."""
    chosen = reports.chosen(ctx.session, unit_id, lock=lock)
    head = people.get(ctx.session, ctx.actor.person_id)
    recommended = {CaseState.RECOMMENDED}
    (standing,) = quotas.standings(ctx.session, ctx.notice, unit_id)
    waiting = sum(each.received + each.needs_fix + each.returned for each in standing.categories)
    sheet = summaries.sheet_of(ctx.session, ctx.notice, unit_id, head, recommended)
    return Draft(chosen, sheet, standing, waiting)


def content_of(ctx: Context, made: Draft) -> ReportContent:
    """The set with every file of it, to be frozen."""
    files = [file for case in made.chosen.recommended for file in _files(ctx, case)]
    return ReportContent(made.sheet, tuple(files))


def _files(ctx: Context, case: Case) -> Sequence[ReportedFile]:
    main = cases.latest_material(ctx.session, case.id)
    found = [ReportedFile(case.receipt, False, main.version, main.name, main.sha256, main.size)]
    found += [
        ReportedFile(case.receipt, True, each.version, each.name, each.sha256, each.size)
        for each in supporting.of(ctx.session, case.id)
    ]
    return found
