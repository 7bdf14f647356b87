"""What the check says of a case's file, once the findings that an admin found to be wrong are taken out."""

from __future__ import annotations

from handlers.contract import Context
from store import checks, misjudgements
from store.schema.campaign import Case, Material
from validators.json_codec import from_json
from validators.report import Finding, Report, without


def report_of(ctx: Context, case: Case, material: Material) -> Report | None:
    """The newest report of this file under the case's category, None while there is none."""
    return None if case.category is None else report_as(ctx, material, case.category)


def report_as(ctx: Context, material: Material, category: str) -> Report | None:
    """The newest report of this file as one of this category, None where it was not checked for it."""
    found = _found(ctx, material, category)
    return None if found is None else without(found, _wrong(ctx, material))


def stored_reports(ctx: Context, material: Material) -> list[Report]:
    """The newest report of this file for each category it was checked for."""
    codes = checks.categories(ctx.session, material.id)
    return [report for report in (report_as(ctx, material, code) for code in codes) if report is not None]


def cleared(ctx: Context, case: Case, material: Material) -> tuple[Finding, ...]:
    """What the check found in this file and an admin found to be wrong."""
    found = None if case.category is None else _found(ctx, material, case.category)
    causes = [finding.cause for finding in _wrong(ctx, material)]
    return () if found is None else tuple(finding for finding in found.findings if finding.cause in causes)


def _found(ctx: Context, material: Material, category: str) -> Report | None:
    result = checks.latest(ctx.session, material.id, category)
    return None if result is None else from_json(Report, result.report)


def _wrong(ctx: Context, material: Material) -> list[Finding]:
    return [from_json(Finding, row.finding) for row in misjudgements.upheld(ctx.session, material.case_id)]
