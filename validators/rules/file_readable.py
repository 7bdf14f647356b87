"""The file has to open: not empty, not cut off, not protected by a password, not dangerous to open.

A file that is too large or too complicated for the automatic check, whose check did not end, or which could not be
opened on this computer counts as not checked: a person looks at it, and nothing is said against it. A broken file of a
kind that is not accepted anyway is told once, by `file.kind`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts, FileKind, Trouble
from validators.report import Status
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject
from validators.rules.formats import is_refused

_OWN_KINDS = {FileKind.ENCRYPTED: "加了打开密码", FileKind.EMPTY: "空文件"}
_KIND_RULE = "file.kind"
_TROUBLES = {
    Trouble.DAMAGED: "已损坏",
    Trouble.HOSTILE: "含有异常内容",
    Trouble.LIMIT: "超出自动检查的范围",
    Trouble.TIMEOUT: "检查超时",
    Trouble.CRASH: "检查中断",
    Trouble.NOT_OPENED: "没能打开",
}


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """One fault when the contents were not read for another reason than their kind."""
    if facts.readable or (facts.trouble_kind is Trouble.OTHER_KIND and facts.kind not in _OWN_KINDS):
        return
    if facts.certain and _told_by_kind(facts.kind, context):
        return
    message, _, advice = facts.trouble.partition("。")
    status = Status.WRONG if facts.certain else Status.UNCHECKED
    found = _OWN_KINDS.get(facts.kind) or _TROUBLES.get(facts.trouble_kind, "")
    yield Fault(f"{message}。", advice, "能正常打开的文件", found, status=status)


def _told_by_kind(kind: FileKind, context: Context) -> bool:
    """Whether `file.kind` is in force for the category and refuses this kind."""
    in_force = any(use.rule == _KIND_RULE and context.category.code in use.categories for use in context.notice.rules)
    return in_force and is_refused(kind, context)


RULE = Rule("F02", "file.readable", "文件能打开", Subject.FILE, NoParams, check, documentation=__doc__)
