"""What the checks found in one file: values that chat, web page, command line and Word comments are all made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.notice import Severity


class Status(StrEnum):
    """WRONG is certain. UNCHECKED could not be decided: never a pass, never a fail, a person will look."""

    WRONG = "wrong"
    UNCHECKED = "unchecked"


class Verdict(StrEnum):
    """FAIL when a must-fix finding is certain; else UNCHECKED when one could not be decided; else PASS."""

    PASS = "pass"  # noqa: S105  the word of the contract, not a secret
    FAIL = "fail"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Where:
    """The place: paragraph number from 1 in document order, the path of headings it stands under ("二、… > （一）…",
    itself included when it is one, "" before the first), how the paragraph begins."""

    paragraph: int
    heading: str
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, stated once. `rule` is the code (letter and two digits), `name` the stable dotted name.

    `message` says what was found, what is wanted and the difference; `advice` what to do; `clause` is the id of the
    notice's clause that asks for it, or empty. All texts are Chinese and ready to be shown. `paragraphs` are the
    numbers of all paragraphs that show the fault, first `where`'s, as far as a rule tells them; empty otherwise.
    """

    rule: str
    name: str
    severity: Severity
    status: Status
    message: str
    advice: str
    expected: str
    found: str
    where: Where | None
    clause: str
    paragraphs: tuple[int, ...] = ()

    @property
    def must_fix(self) -> bool:
        """Certain and demanded."""
        return self.severity is Severity.ERROR and self.status is Status.WRONG

    @property
    def cause(self) -> tuple[object, ...]:
        """What makes two findings the same to a reader, though categories may ask for it in different clauses."""
        return self.name, self.severity, self.status, self.message, self.found, self.where


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome for one file, read as a case of `category` (None: the file alone).

    `checked` names what was looked at, in Chinese, with the measured value where there is one; `not_checked` names
    what the notice demands and no rule looks at, so that a pass does not sound like more than it is.
    """

    category: str | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One report that holds for several categories alike."""

    categories: tuple[str, ...]
    report: Report


def fuller(one: Finding, other: Finding) -> Finding:
    """Two findings of one cause as one: the wider demand and the advice that says more, under the first's clause."""
    expected = max(one.expected, other.expected, key=len)
    return replace(one, expected=expected, advice=max(one.advice, other.advice, key=len))


def without(report: Report, wrong: Iterable[Finding]) -> Report:
    """The report without these findings, which turned out to be wrong, and with the verdict that is left. What is found
    elsewhere, or says something else, is another finding and stays."""
    causes = [finding.cause for finding in wrong]
    left = tuple(finding for finding in report.findings if finding.cause not in causes)
    return report if len(left) == len(report.findings) else replace(report, findings=left, verdict=verdict_of(left))


def verdict_of(findings: tuple[Finding, ...]) -> Verdict:
    """The verdict that these findings amount to. Advice never decides."""
    if any(finding.must_fix for finding in findings):
        return Verdict.FAIL
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Verdict.UNCHECKED
    return Verdict.PASS
