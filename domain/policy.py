"""Pure decisions about time, quotas and prizes. Who may do what is in `domain.rights`, and offered here as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.notice import Awards, Notice, Stage, Unit
from domain.rights import Act, Decision, may, may_broadcast, may_submit

__all__ = [
    "Act",
    "Decision",
    "Gap",
    "counted_arrival",
    "may",
    "may_broadcast",
    "may_submit",
    "missing",
    "shortfall",
    "split_awards",
    "stage_at",
    "with_deadline",
]

_WHOLE_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Gap:
    """What a unit owes in one category. `missing` is 0 when the minimum is reached; a surplus is welcome."""

    category: str
    minimum: int
    counted: int
    missing: int
    clause: str


def stage_at(notice: Notice, now: datetime) -> Stage | None:
    """The stage that holds at `now` (aware), None before the first, between two or after the last (四、遴选流程)."""
    return next((stage for stage in notice.stages if stage.opens_at <= now < stage.closes_at), None)


def counted_arrival(notice: Notice, started_at: datetime, completed_at: datetime) -> datetime:
    """The instant that decides whether a web upload is on time: its start, when it was complete within the pack's
    `upload_grace_hours`; else its completion. Both aware."""
    grace = timedelta(hours=notice.upload_grace_hours)
    return started_at if completed_at - started_at <= grace else completed_at


def with_deadline(notice: Notice, closes_at: datetime) -> Notice:
    """The notice with another end (aware) of the stage that takes cases, its printed wording and reading taken away.
    The summary table's deadline moves along where it was the same.

    Raises ValueError when the stage would close before it opens. Later stages stay: the bureau decides about them."""
    stage = notice.intake_stage
    if closes_at <= stage.opens_at:
        raise ValueError(f"stage {stage.id} would close at {closes_at.isoformat()}, before it opens")
    moved = replace(stage, closes_at=closes_at, printed="", reading="", moved_from=stage.closes_at)
    table = notice.summary_table
    if table.deadline is not None and table.deadline.closes_at == stage.closes_at:
        table = replace(table, deadline=replace(table.deadline, closes_at=closes_at, printed=""))
    stages = tuple(moved if each.id == stage.id else each for each in notice.stages)
    return replace(notice, stages=stages, summary_table=table)


def missing(minimum: int, counted: int) -> int:
    """How many are still owed; never negative, as the quotas are minimums (三、案例限额)."""
    return max(0, minimum - counted)


def shortfall(notice: Notice, unit: Unit, counts: Mapping[str, int]) -> tuple[Gap, ...]:
    """What the unit owes, one entry for each category that has a minimum for its kind, in the notice's order.

    `counts` gives the cases that count, by category code; absent means 0. A kind of unit without minimums gets ()."""
    return tuple(
        Gap(
            category=quota.category,
            minimum=quota.minimum,
            counted=counts.get(quota.category, 0),
            missing=missing(quota.minimum, counts.get(quota.category, 0)),
            clause=quota.clause,
        )
        for quota in notice.quotas
        if quota.unit_kind == unit.kind and quota.minimum is not None
    )


def split_awards(awards: Awards, cases: int) -> tuple[int, ...]:
    """How many prizes of each name, in the order of `awards.names`, for that many cases (四、遴选流程 2).

    All prizes together are the rate's share of the cases, rounded down, so that the rate is never exceeded. They are
    divided by the parts: whole numbers first, the rest by the largest remainder, equal remainders to the lower prize.
    Raises ValueError when `cases` is negative."""
    if cases < 0:
        raise ValueError("the number of cases cannot be negative")
    total = cases * awards.rate_percent // _WHOLE_PERCENT
    whole = sum(awards.parts)
    counts = [total * part // whole for part in awards.parts]
    remainders = [total * part % whole for part in awards.parts]
    by_claim = sorted(range(len(counts)), key=lambda place: (remainders[place], place), reverse=True)
    for place in by_claim[: total - sum(counts)]:
        counts[place] += 1
    return tuple(counts)
