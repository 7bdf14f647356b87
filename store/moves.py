"""The moves of a case as data: which act leads from which states to which. Whatever changes a state reads this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from store.schema.campaign import CaseState


class Move(StrEnum):
    """What can happen to a case.

    WAIT: something has to be asked first; FAIL: the check found what must be mended; CLEAR: that was found to be right.
    RECLASSIFY: the coordinator changes the category of what waits for a decision. REPORT and PASS_OVER are one act
    (上报), REOPEN and RECONSIDER undo it. AWARD and GIVE_NO_AWARD lead from each other's state: prizes are corrected.
    """

    WAIT = "wait"
    FAIL = "fail"
    SUBMIT = "submit"
    SUBMIT_ANYWAY = "submit_anyway"
    RECLASSIFY = "reclassify"
    CLEAR = "clear"
    RETURN = "return"
    RECOMMEND = "recommend"
    UNRECOMMEND = "unrecommend"
    REPORT = "report"
    PASS_OVER = "pass_over"  # noqa: S105 - not a secret
    REOPEN = "reopen"
    RECONSIDER = "reconsider"
    AWARD = "award"
    GIVE_NO_AWARD = "give_no_award"
    WITHDRAW = "withdraw"
    REVIVE = "revive"


@dataclass(frozen=True, slots=True)
class Step:
    """A move leads from any of `sources` to `target`."""

    sources: frozenset[CaseState]
    target: CaseState


# States in which the person may still replace the file: nobody has decided about the case yet.
OPEN = frozenset({CaseState.RECEIVED, CaseState.NEEDS_FIX, CaseState.SUBMITTED, CaseState.RETURNED})

# It is for the owner to do something: to answer, to mend, to send again.
OWNERS_TURN = OPEN - {CaseState.SUBMITTED}

# What a unit has reported: prizes are given among these.
JUDGED = frozenset({CaseState.REPORTED, CaseState.AWARDED, CaseState.NOT_AWARDED})

# What counts towards a unit's minimum.
COUNTED = JUDGED | {CaseState.RECOMMENDED}

STEPS: Mapping[Move, Step] = {
    Move.WAIT: Step(OPEN, CaseState.RECEIVED),
    Move.FAIL: Step(OPEN, CaseState.NEEDS_FIX),
    Move.SUBMIT: Step(OPEN, CaseState.SUBMITTED),
    Move.SUBMIT_ANYWAY: Step(frozenset({CaseState.NEEDS_FIX}), CaseState.SUBMITTED),
    Move.RECLASSIFY: Step(frozenset({CaseState.SUBMITTED}), CaseState.SUBMITTED),
    Move.CLEAR: Step(frozenset({CaseState.NEEDS_FIX}), CaseState.SUBMITTED),
    Move.RETURN: Step(frozenset({CaseState.SUBMITTED}), CaseState.RETURNED),
    Move.RECOMMEND: Step(frozenset({CaseState.SUBMITTED}), CaseState.RECOMMENDED),
    Move.UNRECOMMEND: Step(frozenset({CaseState.RECOMMENDED}), CaseState.SUBMITTED),
    Move.REPORT: Step(frozenset({CaseState.RECOMMENDED}), CaseState.REPORTED),
    Move.PASS_OVER: Step(frozenset({CaseState.SUBMITTED}), CaseState.NOT_SELECTED),
    Move.REOPEN: Step(frozenset({CaseState.REPORTED}), CaseState.RECOMMENDED),
    Move.RECONSIDER: Step(frozenset({CaseState.NOT_SELECTED}), CaseState.SUBMITTED),
    Move.AWARD: Step(JUDGED, CaseState.AWARDED),
    Move.GIVE_NO_AWARD: Step(JUDGED, CaseState.NOT_AWARDED),
    Move.WITHDRAW: Step(OPEN | {CaseState.RECOMMENDED}, CaseState.WITHDRAWN),
    Move.REVIVE: Step(frozenset({CaseState.WITHDRAWN}), CaseState.RECEIVED),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One move that was made, or that found the case where it leads (`before` is `after`: a new version of a submitted
    case). `reason` is what whoever moved it gave the owner to know."""

    case_id: int
    move: Move
    before: CaseState
    after: CaseState
    actor_id: int | None
    reason: str = ""


def allows(move: Move, state: CaseState) -> bool:
    """Whether the move may be made from this state."""
    return state in STEPS[move].sources
