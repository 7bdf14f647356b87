"""正式答复: what the bureau has answered beside the notice; an admin adds one of their own accord or takes one back."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.wording import show_day
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import one_line, spoken
from store import audit, official

NONE = "还没有正式答复。通知里的要求可以直接问我。"
HEAD = "正式答复 {count} 条："
LINE = "A{id}　{day}\n问：{question}\n答：{text}"
MORE = "更早的还有 {count} 条，直接问我就能看到。"
NO_SUCH = "没有编号为 A{id} 的正式答复，或者已经撤销。"
SURE = "撤销后，有人再问“{question}”，我不再这样答；已经通知过的人不会另行通知。"
TAKEN_BACK = "已撤销 A{id}。"
PREVIEW = "将加一条正式答复，以后有人这样问，我就这样答：\n——\n问：{question}\n答：{text}\n——"
ADDED = "已加上，编号 A{id}。要收回请回复“撤销答复 A{id}”。"
TOO_LONG = "问题和答案请各控制在 {most} 字以内，再发一次。"
_MOST = 150
_LISTED = 6
_LIST = re.compile(r"(?:查?看|看看|有哪些|有没有)?(?:正式|官方)(?:的)?(?:答复|回答|答疑)(?:有哪些|列表)?")
_BACK = re.compile(r"(?P<sure>确认)?(?:撤销|撤回|收回)(?:正式)?答复\s*a\s*(?P<id>\d{1,9})", re.IGNORECASE)
_ADD = re.compile(
    r"(?P<sure>确认)?(?:正式|官方)答复\s*问\s*[:：]\s*(?P<question>.+?)\s*答\s*[:：]\s*(?P<text>.+)", re.DOTALL
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """正式答复; 正式答复 问：… 答：…; 撤销答复 A3."""
    said = spoken(message)
    return any(form.fullmatch(said) for form in (_LIST, _BACK, _ADD))


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """List for everybody; adding and taking back are the admin's, each after a second word."""
    said = spoken(message)
    if _LIST.fullmatch(said):
        return [_listed(ctx)]
    decision = may(ctx.actor, Act.ANSWER_OFFICIALLY)
    if not decision.allowed:
        return [Reply(decision.reason)]
    back = _BACK.fullmatch(said)
    if back is not None:
        return [_take_back(ctx, int(back["id"]), sure=bool(back["sure"]))]
    new = _ADD.fullmatch(message.text.strip()) or _ADD.fullmatch(said)
    return [_add(ctx, one_line(new["question"]), one_line(new["text"]), sure=bool(new["sure"]))] if new else []


def _listed(ctx: Context) -> Reply:
    answers = official.in_force(ctx.session)
    if not answers:
        return Reply(NONE)
    lines = [HEAD.format(count=len(answers))]
    for each in reversed(answers[-_LISTED:]):
        day = show_day(each.answered_at, ctx.notice.timezone)
        lines.append(LINE.format(id=each.id, day=day, question=each.question, text=each.text))
    if len(answers) > _LISTED:
        lines.append(MORE.format(count=len(answers) - _LISTED))
    return Reply("\n".join(lines))


def _take_back(ctx: Context, answer_id: int, *, sure: bool) -> Reply:
    answer = official.find(ctx.session, answer_id)
    if answer is None:
        return Reply(NO_SUCH.format(id=answer_id))
    if not sure:
        text = SURE.format(question=answer.question)
        return Reply(text, (Choice("确认撤销", f"确认撤销答复 A{answer_id}"), Choice("不撤销", "正式答复")))
    official.take_back(ctx.session, answer, person_id=ctx.actor.person_id, now=ctx.now)
    _audited(ctx, "official.taken_back", answer_id)
    return Reply(TAKEN_BACK.format(id=answer_id))


def _add(ctx: Context, question: str, text: str, *, sure: bool) -> Reply:
    if max(len(question), len(text)) > _MOST:
        return Reply(TOO_LONG.format(most=_MOST))
    if not sure:
        again = f"确认正式答复 问：{question} 答：{text}"
        return Reply(PREVIEW.format(question=question, text=text), (Choice("确认", again), Choice("不加", "正式答复")))
    added = official.add(ctx.session, question=question, text=text, person_id=ctx.actor.person_id, now=ctx.now)
    _audited(ctx, "official.added", added.id)
    return Reply(ADDED.format(id=added.id))


def _audited(ctx: Context, act: str, answer_id: int) -> None:
    audit.write(ctx.session, at=ctx.now, actor_id=ctx.actor.person_id, act=act, detail={"official": answer_id})


HANDLER = Handler(
    name="official_answers",
    usage="发“正式答复”，看主办单位对通知以外问题的答复",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
    public=False,
)
