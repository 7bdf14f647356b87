"""Tracked changes and comments should be settled before a case is handed in: the reviewers would see them.

All other checks read the text as if every change had been accepted.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, word_of


def check(facts: FileFacts, _params: NoParams, _context: Context) -> Iterator[Fault]:
    """One fault for changes and comments together."""
    word = word_of(facts)
    counted = ((word.tracked_changes, "处修订"), (word.comments, "条批注"))
    found = "、".join(f"{count} {name}" for count, name in counted if count)
    if found:
        yield Fault(
            f"文件里还有 {found}，评审会看到。",
            "请在“审阅”里接受或拒绝修订、删除批注，保存后再发；其他检查按“接受全部修订”计算。",
            "没有修订和批注",
            found,
        )


RULE = Rule("E01", "tracked.changes", "修订与批注", Subject.WORD, NoParams, check, documentation=__doc__)
