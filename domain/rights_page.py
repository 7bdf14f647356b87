"""The page docs/rights.md, made of the table that decides."""

from __future__ import annotations

from collections.abc import Mapping

from domain.rights import RIGHTS, Act, Reach

_HEAD = """# Who may do what

Made from `domain.rights.RIGHTS`, which is asked at every action; do not edit. *own* is what is one's own; *own unit*
whatever belongs to the unit one is in; *all* everything of the campaign. A teacher who has told the unit without being
on the roster has the teacher's rights. Whoever has left keeps only what a teacher may do to *all*.

What a coordinator sent for somebody (代交) is its owner's, and every coordinator of the unit may do with it what an
owner may: submit it anyway (仍然提交), withdraw and revive it, send files for it, doubt a finding. What teachers sent
themselves is theirs alone: whether a case goes in below the demands, or is taken back, its author decides; the
coordinator returns it (退回) or does not recommend it.

| act | in the code | teacher 教师 | coordinator 协调员 | admin 管理员 |
|---|---|---|---|---|
"""
_NAMES: Mapping[Act, str] = {
    Act.ASK: "ask about the notice",
    Act.PRECHECK: "have a file checked (预检)",
    Act.SUBMIT_CASE: "submit a case (提交)",
    Act.SUBMIT_FOR_UNIT: "submit for somebody of the unit (代交), and look after what was sent so",
    Act.WITHDRAW_CASE: "withdraw and revive (撤回、恢复)",
    Act.SEE_OWN_CASES: "see one's own cases",
    Act.SEE_UNIT_CASES: "see a unit's cases and progress (进度)",
    Act.SEE_ALL: "see all units",
    Act.RECOMMEND: "recommend, take back (推荐、撤回推荐)",
    Act.RETURN_CASE: "return (退回)",
    Act.MAKE_SUMMARY: "make the summary table (汇总表)",
    Act.REPORT_UNIT: "report the unit's cases (上报)",
    Act.REOPEN_UNIT: "reopen a unit's report (重开)",
    Act.TICK_ROUTE: "tick 已上传平台, 已发邮箱",
    Act.BROADCAST: "broadcast (群发)",
    Act.CHANGE_DEADLINE: "move the deadline",
    Act.SEE_REMINDERS: "see planned reminders and who has acknowledged (接下来的提醒、谁没确认)",
    Act.APPOINT: "appoint and dismiss (任命、免去)",
    Act.IMPORT_ROSTER: "import the roster (导入名单)",
    Act.ANSWER_OFFICIALLY: "answer officially (答复)",
    Act.GIVE_AWARDS: "give awards",
    Act.SEE_FAILURES: "see failed messages (失败消息)",
    Act.RETRY_MESSAGES: "set failed messages going again",
    Act.DOUBT_FINDING: "doubt a finding (报告误判)",
    Act.SEE_DOUBTED_FINDINGS: "see doubted findings",
    Act.CLOSE_DOUBTED_FINDINGS: "close doubted findings",
    Act.SEE_PHONE: "see a telephone number whole",
    Act.GIVE_BINDING_CODE: "have a binding code made (绑定)",
}


def markdown() -> str:
    """The page. An act without a name of its own here is shown by its code."""
    return _HEAD + "".join(_row(act, reaches) for act, reaches in RIGHTS.items())


def _row(act: Act, reaches: tuple[Reach, Reach, Reach]) -> str:
    return f"| {_NAMES.get(act, act.value.replace('_', ' '))} | `{act.name}` | {' | '.join(reaches)} |\n"
