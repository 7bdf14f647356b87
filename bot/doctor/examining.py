"""Runs checks one after the other; what builds upon a failed one is not tried, and says which one that was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.doctor.finding import Finding, Verdict, unchecked, wrong
from bot.doctor.subject import Subject


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. `needs` are the names of checks without which it says nothing; `given` tells for a subject
    why this check is none of its business, "" when it is."""

    name: str
    title: str
    run: Callable[[Subject], Finding]
    needs: tuple[str, ...] = ()
    given: tuple[Callable[[Subject], str], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended."""

    check: Check
    finding: Finding


def examine(subject: Subject, checks: Sequence[Check]) -> Iterator[Result]:
    """Run the checks in their order, each result as soon as it is there. What was opened is closed at the end.

    A check that breaks down itself is `wrong`: silence would look like health.
    """
    titles = {check.name: check.title for check in checks}
    failed: dict[str, str] = {}  # the check that could not be relied upon -> the one that is to blame
    with subject.opened:
        for check in checks:
            blamed = next((failed[name] for name in check.needs if name in failed), None)
            finding, of_concern = _look(subject, check, "" if blamed is None else titles[blamed])
            if of_concern and finding.verdict in {Verdict.WRONG, Verdict.UNCHECKED}:
                failed[check.name] = blamed or check.name
            yield Result(check, finding)


def _look(subject: Subject, check: Check, blamed: str) -> tuple[Finding, bool]:
    """The finding, and whether the check is any business of this installation's."""
    try:
        reason = next(filter(None, (condition(subject) for condition in check.given)), "")
        if reason:
            return unchecked(reason), False
        return (unchecked(f"要先解决“{blamed}”") if blamed else check.run(subject)), True
    except Exception as error:
        return wrong(f"没能查完（{type(error).__name__}）", "请把这一行告诉开发的人"), True
