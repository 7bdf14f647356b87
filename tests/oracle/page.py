"""The page about the comparison, and the explanations of what differs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from comparing import Outcome
from made import HAND

Key = tuple[str, str]
Difference = tuple[str, str, str, str]

UNRESOLVED = (
    "Nothing in the file names a Chinese font. Writer shows its own default; our reader says that it cannot tell."
)
MISSING_STYLE = (
    "The paragraph names a style that does not exist. Word then uses the default paragraph style, as our reader does; "
    "Writer falls back to the document's defaults."
)
AFTER_NESTED = (
    "A paragraph after a nested table. Writer forgets the outer table's style there; it applies to all "
    "paragraphs of the cell."
)
EXPLAINED: Mapping[tuple[Key, str], str] = {
    ((HAND, "tables"), ""): UNRESOLVED,
    ((HAND, "tables"), "表格之后"): AFTER_NESTED,
    ((HAND, "default-paragraph"), "仿宋"): MISSING_STYLE,
    ((HAND, "default-paragraph"), "16.0"): MISSING_STYLE,
}
_HEAD = """# The reader beside LibreOffice

Every font, size and alignment that the rules judge is what the reader makes of the file's styles, themes and tables.
`make test-oracle` lets LibreOffice Writer open the same files and compares: each Chinese character's East Asian font
and size, each paragraph's alignment and automatic number. It is no judge of Word, but a second opinion that shares no
code with ours. The table is written by that command ({version}, {files} files, {characters} Chinese characters,
{paragraphs} paragraphs); a disagreement that is not explained below, or a text that only one of the two sees, fails it.
字数 is compared with the rule written out a second time over the text that Writer shows, in both readings, and is equal
on every file. Writer also opens an annotated copy of each and shows the same text."""


def explanation(key: Key, difference: Difference) -> str:
    """Why the two differ here; empty when nobody knows."""
    return EXPLAINED.get(_cause(key, difference), "")


def _cause(key: Key, difference: Difference) -> tuple[Key, str]:
    _, _, ours, where = difference
    return (key, where) if (key, where) in EXPLAINED else (key, ours)


def explanations_not_needed(outcomes: Mapping[Key, Outcome]) -> list[tuple[Key, str]]:
    used = {_cause(key, difference) for key, outcome in outcomes.items() for difference in outcome.differences}
    return [cause for cause in EXPLAINED if cause not in used]


def markdown(outcomes: Mapping[Key, Outcome], version: str) -> str:
    """The whole page."""
    programs: dict[str, Outcome] = defaultdict(Outcome)
    files = Counter(program for program, _ in outcomes)
    total = Outcome()
    for (program, _), outcome in outcomes.items():
        programs[program].add(outcome)
        total.add(outcome)
    head = _HEAD.format(version=version, files=len(outcomes), characters=total.characters, paragraphs=total.paragraphs)
    rows = [_row(program, files[program], outcome) for program, outcome in programs.items()]
    rows.append(_row("all", len(outcomes), total))
    table = "| made by | files | characters | font | size | alignment | numbers |\n|---|---|---|---|---|---|---|"
    reasons = "\n".join(f"- {count} values: {reason}" for reason, count in _reasons(outcomes).items())
    return "\n\n".join([head, "## Agreement", "\n".join([table, *rows]), "## Where they differ", reasons]) + "\n"


def _reasons(outcomes: Mapping[Key, Outcome]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for key, outcome in outcomes.items():
        found.update(explanation(key, difference) for difference in outcome.differences)
    return dict(found.most_common())


def _row(program: str, files: int, outcome: Outcome) -> str:
    shares = (
        _share(outcome.font, outcome.characters),
        _share(outcome.size, outcome.characters),
        _share(outcome.alignment, outcome.paragraphs),
        f"{outcome.label} of {outcome.labels}",
    )
    return f"| {program} | {files} | {outcome.characters} | {' | '.join(shares)} |"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %"
