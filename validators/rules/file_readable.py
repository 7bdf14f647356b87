"""The file has to open: not empty, not cut off, not protected by a password, not dangerous to open.

A file that is too large or too complicated for the automatic check, or whose check did not end, counts as not checked:
a person looks at it, and nothing is said against it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts, FileKind, Trouble
from validators.report import Status
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject

_OWN_KINDS = frozenset({FileKind.ENCRYPTED, FileKind.EMPTY})


def check(facts: FileFacts, _params: NoParams, _context: Context) -> Iterator[Fault]:
    """One fault when the contents were not read for another reason than their kind."""
    if facts.readable or (facts.trouble_kind is Trouble.OTHER_KIND and facts.kind not in _OWN_KINDS):
        return
    found, _, advice = facts.trouble.partition("。")
    status = Status.WRONG if facts.certain else Status.UNCHECKED
    yield Fault(f"{found}。", advice, "能正常打开的文件", facts.trouble_kind.value, status=status)


RULE = Rule("F02", "file.readable", "文件能打开", Subject.FILE, NoParams, check, documentation=__doc__)
