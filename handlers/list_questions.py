"""待答问题: what people asked and nobody has answered yet, questions of the same meaning together, for the admins."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from domain.wording import show_day
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import questions
from store.questions import Group

NONE = "现在没有待答的问题。"
NO_SUCH_PAGE = "没有第 {page} 页，待答问题共 {pages} 页。"
HEAD = "待答问题 {count} 组（第 {page}/{pages} 页）："
LINE = "Q{id}　{people} 人问，最近{day}：{text}"
DOUBTED = "（{count} 人觉得我答得不准）"
HOW = "回复“答复 Q{id}：”加上答案，我先给您看一遍再发。"
_PAGE = 6
_SHOWN = 60
_SAID = re.compile(
    r"(?:查?看|看看)?(?:待答|未答|没答|没人答|待回答|未回答)的?(?:问题)?(?:列表)?\s*(?:第?(?P<page>\d{1,3})页?)?"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """待答问题, 待答问题 第2页."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """One page of the groups, most asked first."""
    decision = may(ctx.actor, Act.ANSWER_OFFICIALLY)
    if not decision.allowed:
        return [Reply(decision.reason)]
    found = _SAID.fullmatch(spoken(message))
    page = int(found["page"]) if found and found["page"] else 1
    _compare_new_ones(ctx)
    groups, total = questions.waiting(ctx.session, limit=_PAGE, offset=max(0, page - 1) * _PAGE)
    pages = -(-total // _PAGE)
    if not total:
        return [Reply(NONE)]
    if not 1 <= page <= pages:
        return [Reply(NO_SUCH_PAGE.format(page=page, pages=pages))]
    lines = [HEAD.format(count=total, page=page, pages=pages), *(_line(ctx, group) for group in groups)]
    lines.append(HOW.format(id=groups[0].id))
    choices = [Choice(f"答 Q{group.id}", f"答复 Q{group.id}") for group in groups]
    if page < pages:
        choices.append(Choice("下一页", f"待答问题 第{page + 1}页"))
    return [Reply("\n".join(lines), tuple(choices))]


def _line(ctx: Context, group: Group) -> str:
    day = show_day(group.last_asked_at, ctx.notice.timezone)
    text = group.text if len(group.text) <= _SHOWN else f"{group.text[:_SHOWN]}…"
    doubted = DOUBTED.format(count=group.doubted) if group.doubted else ""
    return LINE.format(id=group.id, people=group.people, day=day, text=text) + doubted


def _compare_new_ones(ctx: Context) -> None:
    """Put each question that came since the last look to the group that asks the same, or make it one."""
    new = questions.ungrouped(ctx.session)
    if not new:
        return
    known = [*questions.firsts(ctx.session), *new]
    for question, place in zip(known, ctx.engine.groups([each.text for each in known]), strict=True):
        if question.group_id is None:
            questions.put_to(ctx.session, question, known[place].group_id or known[place].id)


HANDLER = Handler(
    name="list_questions",
    usage="发“待答问题”，看大家问了而还没有答复的问题",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
