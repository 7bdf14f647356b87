"""A question about the notice, typed or spoken, is answered with its clause or honestly refused."""

from __future__ import annotations

from dataclasses import replace

from answers import Answer, AnswerKind, Conversation
from domain.chat import ChatType, Choice, Incoming, MediaRef, MessageKind, Reply
from domain.roles import Role
from handlers.casework.choosing import not_with_this_case
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import one_line, receipt_in, spoken
from store import questions, talks
from store.schema.questions import Why
from store.talks import Spoken

TOO_LONG = (
    "这段文字有 {count} 字，太长了，我没有当作问题来答。"
    "如果这是案例，请存成 Word 文件（.docx）发给我；如果是问题，请用一两句话再问一次。"
)
PICTURE_NOT_KEPT = "随文字发来的图片我没有存。案例里的插图请放进 Word 文件再发；作支撑材料的图片请单独发。"
PASSED_ON = "我也把您的问题转给了管理员，有正式答复会告诉您。"
UNDERSTOOD = "我按“{question}”来答："
_LONGEST = 600
_LONGEST_KEPT = 300
_MOST_FOLLOW_UPS = 2


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """Anything said in words that nobody else took."""
    return bool(spoken(message))


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The engine's answer, understood with what was spoken of before; the clause and its follow-up questions become
    choices. What nobody has decided yet is kept for the admins. In a group only public things."""
    in_group = message.chat is ChatType.GROUP
    role = Role.TEACHER if in_group else ctx.actor.role
    before = Conversation.read(ctx.recall(message).about)
    answer = ctx.engine.answer(message.text.strip(), role=role, now=ctx.now, conversation=before)
    if answer.kind is AnswerKind.REFUSE and not in_group and receipt_in(message.text) is not None:
        return [not_with_this_case(message, ctx)]
    if len(message.text) > _LONGEST and answer.kind is not AnswerKind.ANSWER:
        return [Reply(TOO_LONG.format(count=len(message.text)))]
    answer = _with_suggestion(ctx, answer, role)
    _remember(message, ctx, answer)
    lines = [answer.text]
    if answer.open_question:
        _keep(message, ctx)
        lines.append(PASSED_ON)
    if _has_picture(message.media):
        lines.append(PICTURE_NOT_KEPT)
    return [Reply("\n".join(lines), () if in_group else _choices(answer))]


def _with_suggestion(ctx: Context, answer: Answer, role: Role) -> Answer:
    """The answer as the language model, if there is one, words it; or the one to the question it has understood."""
    if ctx.suggestion is None:
        return answer
    if ctx.suggestion.text and ctx.suggestion.of == answer.text:
        return replace(answer, text=ctx.suggestion.text)
    question = ctx.suggestion.question
    if question and answer.kind is AnswerKind.REFUSE:
        understood = ctx.engine.answer(question, role=role, now=ctx.now)
        if understood.kind is AnswerKind.ANSWER:
            return replace(understood, text=f"{UNDERSTOOD.format(question=question)}\n{understood.text}")
    return answer


def _remember(message: Incoming, ctx: Context, answer: Answer) -> None:
    about = answer.conversation.written()
    if about or answer.clauses:
        ctx.write(lambda session: talks.remember(session, message, Spoken(about, answer.clauses), ctx.now))


def _keep(message: Incoming, ctx: Context) -> None:
    questions.keep(
        ctx.session,
        inbox_id=ctx.inbox_id,
        person_id=ctx.actor.person_id,
        text=one_line(message.text)[:_LONGEST_KEPT],
        why=Why.NOT_KNOWN,
        now=ctx.now,
    )


def _choices(answer: Answer) -> tuple[Choice, ...]:
    choices = [Choice("看原文", f"看原文 {' '.join(answer.clauses)}")] if answer.clauses else []
    if answer.kind is not AnswerKind.REFUSE or answer.follow_ups:
        choices += [Choice(question, question) for question in answer.follow_ups[:_MOST_FOLLOW_UPS]]
    return tuple(choices)


def _has_picture(media: tuple[MediaRef, ...]) -> bool:
    return any(ref.kind is MessageKind.IMAGE for ref in media)


HANDLER = Handler(
    name="answer_question",
    usage="直接问通知里的要求，例如字数、字体、截止时间、交到哪里",
    roles=EVERYBODY,
    mode=Mode.INLINE,
    matches=matches,
    run=run,
    public=True,
    asks_engine=True,
)
