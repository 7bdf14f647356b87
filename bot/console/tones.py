"""How a state looks at a glance: a colour and a shape, always beside the words that say it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from store.schema.campaign import CaseState


class Tone(StrEnum):
    """The class of its badge in `pages.css`: needs somebody's work, waits, is done, or is over."""

    TODO = "todo"
    WAITS = "waits"
    DONE = "done"
    OVER = "over"


_TONES: Mapping[CaseState, Tone] = {
    CaseState.RECEIVED: Tone.TODO,
    CaseState.NEEDS_FIX: Tone.TODO,
    CaseState.RETURNED: Tone.TODO,
    CaseState.SUBMITTED: Tone.WAITS,
    CaseState.RECOMMENDED: Tone.DONE,
    CaseState.REPORTED: Tone.DONE,
    CaseState.AWARDED: Tone.DONE,
    CaseState.NOT_AWARDED: Tone.OVER,
    CaseState.NOT_SELECTED: Tone.OVER,
    CaseState.WITHDRAWN: Tone.OVER,
}


def tone_of(state: CaseState) -> Tone:
    """How this state looks."""
    return _TONES[state]
