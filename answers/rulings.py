"""What the notice says of a thing (its ruling) beside what somebody supposes of it: the word that comes first."""

from __future__ import annotations

from dataclasses import replace

from answers.question import Question
from answers.reply import Draft
from answers.suppositions import DEVIATING, Stance
from domain.notice import Ruling

_NO, _NOT_SO, _NEED_NOT, _MAY = "不行。", "不是。", "不是必须。", "可以。"

_HEADS: tuple[tuple[Ruling, frozenset[Stance], bool, str], ...] = (
    (Ruling.REQUIRED, DEVIATING, False, _NO),
    (Ruling.OPTIONAL, frozenset({Stance.REQUIRED}), True, _NEED_NOT),
    (Ruling.OPTIONAL, frozenset({Stance.LEFT_OUT}), False, _MAY),
    (Ruling.ALLOWED, frozenset({Stance.FORBIDDEN, Stance.ONLY}), True, _NOT_SO),
    (Ruling.ALLOWED, frozenset({Stance.REQUIRED}), True, _NEED_NOT),
    (Ruling.SEVERAL, frozenset({Stance.ONLY, Stance.FORBIDDEN}), True, _NOT_SO),
    (Ruling.SOME, frozenset({Stance.EVERYBODY}), True, _NOT_SO),
)
"""Of each ruling: what meets it, whether only as a claim or as a proposal too, and what is said first."""


def ruled(draft: Draft, rulings: tuple[Ruling, ...], question: Question) -> Draft:
    """`draft`, with the verdict in front where what the question supposes goes against the rulings."""
    claimed = question.claims
    for ruling, stances, claim_only, head in _HEADS:
        against = ruling in rulings and stances & question.acts
        if against and (claimed or (question.wants_verdict and not claim_only)):
            return replace(draft, text=head + draft.text, verdict=True)
    return draft
