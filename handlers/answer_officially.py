"""答复: an admin answers a waiting question officially: shown first, confirmed, then told to all who asked."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.contract import Context, Handler, Mode
from handlers.said import one_line, plain, spoken
from store import audit, official, questions
from store.schema.questions import OpenQuestion

ASK = "Q{id}（{count} 人问）：{question}\n请回复“答复 Q{id}：”加上答案，不超过 {most} 字。发出前我会先给您看一遍。"
PREVIEW = (
    "将作为正式答复发给 {count} 位提问的人，以后有人这样问，我也这样答：\n"
    "——\n问：{question}\n答：{answer}\n——\n署名：{by}"
)
DONE = "已答复 Q{id}，通知了 {count} 人。以后有人这样问，我也这样答。要收回请回复“撤销答复 A{official}”。"
GONE = "Q{id} 已经答复过，或者没有这个编号。发“待答问题”看还有哪些。"
TOO_LONG = "答案有 {count} 字，请控制在 {most} 字以内，再发一次。"
DISMISSED = "Q{id} 不再列在待答问题里。"
TOLD = "您问过：{question}\n{by}答复：{answer}"
LIST = Choice("待答问题", "待答问题")
_MOST = 300
_SAID = re.compile(
    r"(?P<sure>确认)?答复?\s*q\s*(?P<id>\d{1,9})(?!\d)\s*[:,，：、]?\s*(?P<answer>.*)", re.IGNORECASE | re.DOTALL
)
_NOT = re.compile(r"(?:不答|不用答|忽略)\s*q\s*(?P<id>\d{1,9})", re.IGNORECASE)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """答复 Q12, 答复 Q12：…, 确认答复 Q12：…, 不答 Q12."""
    said = spoken(message)
    return _SAID.fullmatch(said) is not None or _NOT.fullmatch(said) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Show the question, show the answer as it would go out, or give it."""
    decision = may(ctx.actor, Act.ANSWER_OFFICIALLY)
    if not decision.allowed:
        return [Reply(decision.reason)]
    said = spoken(message)
    refused = _NOT.fullmatch(said)
    if refused is not None:
        return [_dismiss(ctx, int(refused["id"]))]
    found = _SAID.fullmatch(message.text.strip()) or _SAID.fullmatch(said)
    question = questions.first_of(ctx.session, int(found["id"])) if found else None
    if found is None or question is None:
        return [Reply(GONE.format(id=found["id"] if found else ""), (LIST,))]
    answer = one_line(found["answer"])
    if len(answer) > _MOST:
        return [Reply(TOO_LONG.format(count=len(answer), most=_MOST))]
    if not plain(answer):
        return [_ask(ctx, question)]
    return _give(ctx, question, answer) if found["sure"] else [_preview(ctx, question, answer)]


def _ask(ctx: Context, question: OpenQuestion) -> Reply:
    count = len(questions.askers(ctx.session, question.id))
    text = ASK.format(id=question.id, count=count, question=question.text, most=_MOST)
    return Reply(text, (Choice(f"不用答 Q{question.id}", f"不答 Q{question.id}"), LIST))


def _preview(ctx: Context, question: OpenQuestion, answer: str) -> Reply:
    count = len(questions.askers(ctx.session, question.id))
    text = PREVIEW.format(count=count, question=question.text, answer=answer, by=_signed(ctx))
    return Reply(
        text, (Choice(f"确认发给 {count} 人", f"确认答复 Q{question.id}：{answer}"), Choice("不发", "待答问题"))
    )


def _give(ctx: Context, question: OpenQuestion, answer: str) -> list[Reply]:
    given = official.add(
        ctx.session, question=question.text, text=answer, person_id=ctx.actor.person_id, now=ctx.now
    )  # fmt: skip
    asked = questions.close(ctx.session, question.id, given.id)
    detail = {"question": question.id, "official": given.id, "told": len(asked)}
    audit.write(ctx.session, at=ctx.now, actor_id=ctx.actor.person_id, act="question.answered", detail=detail)
    told = [
        Reply(
            TOLD.format(question=each.text, by=_signed(ctx), answer=answer),
            to=each.person_id,
            cause=f"official:{given.id}",
        )
        for each in asked
    ]
    return [Reply(DONE.format(id=question.id, count=len(asked), official=given.id), (LIST,)), *told]


def _dismiss(ctx: Context, group_id: int) -> Reply:
    if not questions.dismiss(ctx.session, group_id, ctx.now):
        return Reply(GONE.format(id=group_id), (LIST,))
    detail = {"question": group_id}
    audit.write(ctx.session, at=ctx.now, actor_id=ctx.actor.person_id, act="question.dismissed", detail=detail)
    return Reply(DISMISSED.format(id=group_id), (LIST,))


def _signed(ctx: Context) -> str:
    return f"{ctx.notice.issued_by}{ctx.actor.name or ''}"


HANDLER = Handler(
    name="answer_officially",
    usage="",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
