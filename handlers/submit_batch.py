"""确认提交 ZIP…: the files of a listed ZIP become cases, each with its receipt; before that each can be put right."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.batching import is_ready, show, supported
from handlers.casework.case_text import route_sentence, state_name
from handlers.casework.deputing import Whose, receive_for, whose_said
from handlers.casework.intake import Looked
from handlers.casework.questions import for_teachers
from handlers.casework.report_text import show_title
from handlers.casework.settling import settle
from handlers.contract import Context, Handler, Mode
from handlers.said import one_line, plain, spoken
from store import cases, particulars, people, supporting, zips
from store.cases import Became
from store.schema.campaign import Case
from store.schema.intake import Batch, BatchItem
from validators.json_codec import from_json

GONE = "没有找到等您确认的 ZIP：清单只留 24 小时。请重新发送压缩包。"
NO_SUCH = "清单里没有第 {number} 个文件，共 {count} 个。"
NOT_A_CASE = "第 {number} 个文件不能作为案例，不用补信息。"
NOT_UNDERSTOOD = (
    "没有看懂要改什么。请回复“ZIP {number} B1”（类别）、“ZIP {number} 某某中学 张三”（学校和老师）"
    "或“ZIP {number} 不交”。"
)
WRONG_CATEGORY = "第 {number} 个文件不能报 {code} 类，可以报：{codes}。"
SEALED = "这个 ZIP 已经提交过了，清单不能再改。看结果请发“本单位案例”。"
NOTHING_READY = "清单里还没有可以提交的文件，请先补类别和学校。"
DROPPED = "好，《{name}》里的文件都不交，24 小时后删除。"
DONE = "《{name}》：{count} 个案例已办理，{left} 个没有办。"
LINE = "{number}. 《{title}》{category}　回执 {receipt}　{state}{support}"
SUPPORTED = "，支撑材料 {count} 份"
SAME = "（以前交过，还是同一个案例）"
DECIDED = "{number}. 《{title}》没有办：同名案例现在是“{state}”，不能再换文件。"
OPEN = "{number}. {name} 没有办：{why}。"
WHY_OPEN, WHY_LEFT, WHY_ALONE = "缺类别或学校，请单独发来", "您选了不交", "不知道是哪个案例的支撑材料"
_MOST_LINES = 40
_CONFIRM = re.compile(r"(?P<do>确认提交|确定提交|不交|取消)\s*ZIP\s*(?P<code>[A-Z2-7]{8})?")
_PAGE = re.compile(r"(?:看)?ZIP\s*(?P<code>[A-Z2-7]{8})?\s*(?:第\s*(?P<page>\d{1,2})\s*页|清单)")
_FIX = re.compile(r"ZIP\s*(?P<number>\d{1,3})\s*[:：,，]?\s*(?P<what>\S.*)")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """确认提交 ZIP…, ZIP 2 B1, ZIP 第2页."""
    said = _said(message)
    return any(pattern.fullmatch(said) for pattern in (_CONFIRM, _PAGE, _FIX))


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Show, put right, or submit."""
    decision = may(ctx.actor, Act.SUBMIT_FOR_UNIT)
    if not decision.allowed:
        return [Reply(decision.reason)]
    said = _said(message)
    found = _CONFIRM.fullmatch(said) or _PAGE.fullmatch(said)
    batch = zips.by_code(ctx.session, ctx.actor.person_id, found["code"] if found else None, ctx.now)
    if batch is None or batch.unit_id != ctx.actor.unit_id:
        return [Reply(GONE)]
    if batch.sealed_at is not None:
        return [Reply(SEALED, (Choice("本单位案例", "本单位案例"),))]
    return [_act(ctx, batch, said)]


def _act(ctx: Context, batch: Batch, said: str) -> Reply:
    page, confirm, fix = _PAGE.fullmatch(said), _CONFIRM.fullmatch(said), _FIX.fullmatch(said)
    if page is not None:
        return show(ctx, batch, int(page["page"] or 1))
    if confirm is None and fix is not None:
        return _fix(ctx, batch, int(fix["number"]), fix["what"])
    keep = confirm is not None and confirm["do"] in {"确认提交", "确定提交"}
    return _submit(ctx, batch) if keep else _drop(ctx, batch)


def _fix(ctx: Context, batch: Batch, number: int, what: str) -> Reply:
    items = zips.items_of(ctx.session, batch.id)
    item = next((each for each in items if each.number == number), None)
    if item is None:
        return Reply(NO_SUCH.format(number=number, count=len(items)))
    if what in {"不交", "不要", "去掉", "删除"}:
        item.left_out = True
    elif what in {"交", "要", "恢复"}:
        item.left_out = False
    elif item.looked is None:
        return Reply(NOT_A_CASE.format(number=number))
    else:
        refused = _set(ctx, item, what)
        if refused:
            return Reply(refused)
    ctx.session.flush()
    return show(ctx, batch, (number - 1) // 10 + 1)


def _set(ctx: Context, item: BatchItem, what: str) -> str:
    """Category, school and teacher as they were written; why not, if that cannot be."""
    found = re.match(r"([A-Z]\d?)类?(?:\s+|$)", what)
    fitting = [each.code for each in for_teachers(ctx.notice) if each.code in from_json(Looked, item.looked).fitting]
    rest = what
    if found is not None:
        if found[1] not in fitting:
            return WRONG_CATEGORY.format(number=item.number, code=found[1], codes="、".join(fitting))
        item.category, rest = found[1], what[found.end() :].strip()
    if not rest:
        return ""
    whose = whose_said(rest)
    if whose is None:
        return NOT_UNDERSTOOD.format(number=item.number)
    item.school, item.contact = whose.school or item.school, whose.name or item.contact
    item.left_out = False
    return ""


def _drop(ctx: Context, batch: Batch) -> Reply:
    for item in zips.items_of(ctx.session, batch.id):
        item.left_out = True
    zips.seal(ctx.session, batch, submitted=0, now=ctx.now)
    return Reply(DROPPED.format(name=show_title(batch.name)))


def _submit(ctx: Context, batch: Batch) -> Reply:
    items = zips.items_of(ctx.session, batch.id)
    if not any(is_ready(item) for item in items):
        return Reply(NOTHING_READY, show(ctx, batch, 1).choices)
    support = supported(items)
    lines: list[str] = []
    for item in items:
        if is_ready(item):
            files = [each for each in items if support.get(each.number) is item]
            lines.append(_case_line(ctx, batch, item, files))
        elif item.number not in support:
            lines.append(OPEN.format(number=item.number, name=show_title(item.path), why=_why(item)))
    done = sum(item.case_id is not None and item.looked is not None for item in items)
    left = len(items) - done - sum(each.case_id is not None and each.looked is None for each in items)
    zips.seal(ctx.session, batch, submitted=done, now=ctx.now)
    head = DONE.format(name=show_title(batch.name), count=done, left=left)
    more = [f"另有 {len(lines) - _MOST_LINES} 行没有列出，请发“本单位案例”查看。"] if len(lines) > _MOST_LINES else []
    shown = (head, *lines[:_MOST_LINES], *more, route_sentence(ctx.notice))
    return Reply("\n".join(line for line in shown if line), (Choice("待推荐", "待推荐"), Choice("进度", "进度")))


def _case_line(ctx: Context, batch: Batch, item: BatchItem, support: list[BatchItem]) -> str:
    looked = from_json(Looked, item.looked)
    position = _place(batch, item)
    existing = particulars.same_title(ctx.session, batch.unit_id, looked.title, item.school)
    whose = Whose(item.school, item.contact)
    received = receive_for(
        ctx, looked, whose, position=position, category=item.category, inbox_id=batch.inbox_id,
        arrived_at=batch.arrived_at, existing=existing,
    )  # fmt: skip
    case = received.case
    slots = {"number": item.number, "title": show_title(case.title)}
    if received.became is Became.DECIDED:
        return DECIDED.format(state=state_name(ctx.notice, case), **slots)
    item.case_id = case.id
    if case.category is None and item.category is not None:
        cases.set_category(ctx.session, case, item.category, actor_id=ctx.actor.person_id, now=ctx.now)
    again = received.became in {Became.SAME_BYTES, Became.REPEATED}
    if not again and received.became is not Became.ASKS_FIRST:
        settle(ctx, people.get(ctx.session, case.owner_id), case)
    attached = sum(_attach(ctx, batch, case, each) for each in support)
    return LINE.format(
        category=case.category or "",
        receipt=case.receipt,
        state=state_name(ctx.notice, case) + (SAME if again else ""),
        support=SUPPORTED.format(count=attached) if attached else "",
        **slots,
    )


def _attach(ctx: Context, batch: Batch, case: Case, item: BatchItem) -> bool:
    if item.sha256 is None:
        return False
    support = supporting.Support(
        name=one_line(item.path.rsplit("/", 1)[-1]),
        size=item.size,
        sha256=item.sha256,
        arrived_at=batch.arrived_at,
        on_time=ctx.is_on_time(batch.arrived_at),
        inbox_id=batch.inbox_id,
        position=_place(batch, item),
    )
    if supporting.attach(ctx.session, case, support, actor_id=ctx.actor.person_id, now=ctx.now) is None:
        return False
    item.case_id = case.id
    return True


def _place(batch: Batch, item: BatchItem) -> int:
    """A position in the message of the ZIP that no other file of it has."""
    return (batch.position + 1) * 1000 + item.number


def _why(item: BatchItem) -> str:
    if item.left_out:
        return WHY_LEFT
    return item.trouble or (WHY_ALONE if item.looked is None else WHY_OPEN)


def _said(message: Incoming) -> str:
    return plain(spoken(message)).upper()


HANDLER = Handler(
    name="submit_batch",
    usage="发 ZIP，一次交几个学校或老师的案例；一个一个交，发“代 学校 姓名 提交”",
    roles=frozenset({Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
