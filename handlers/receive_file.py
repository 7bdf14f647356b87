"""A file arrives: it is checked, kept as a case or as a case's new version, and answered with receipt and verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.chat import Choice, Incoming, MessageKind, Reply
from domain.policy import Act, may
from domain.wording import show_instant
from handlers.casework import batching, prechecking, questions, support
from handlers.casework.case_text import state_name
from handlers.casework.copies import readings_of, with_copies
from handlers.casework.deputing import Whose, receive_for, whose_said
from handlers.casework.intake import Looked, keep_reports, look, receive
from handlers.casework.news import decision_choices
from handlers.casework.particulars import taken_lines
from handlers.casework.replacing import NEW_VERSION, ask_to_replace, restore_choice
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE, case_choices, decided, settle
from handlers.casework.verdicts import report_of
from handlers.contract import EVERYBODY, Attachment, Context, Handler, LostFile, Mode
from handlers.said import spoken
from store import awaited_files, cases, lost_files, people, prechecks, versions
from store.cases import Became, Received
from store.moves import OPEN
from store.schema.campaign import CaseState, MaterialKind
from store.schema.campaign import LostFile as LostBefore
from store.schema.intake import AwaitedFile, Purpose
from validators.report import Reading, Report

LOST = "{name}没有存下。{reason}"
UNREADABLE = "《{name}》没有作为案例收下：{trouble}"
NOTHING_CAME = "没有看到文件，请重新发送一次。"
AGAIN = "这份文件您在{when}已经发过，还是同一个案例，不用重发。\n《{title}》：{state}\n回执 {receipt}"
OLDER = "\n注意：这是第 {version} 版，现在用的是第 {latest} 版。"
NOT_TAKEN = "刚发的文件没有收进这个案例，退回以后请再发一次。"
AGAIN_SHORT = "这份文件您在{when}已经发过，还是同一个案例。"
SENT_AGAIN = "您{when}第一次发来，当时没有取到；是否按时按那一刻算。"
PICTURE = (
    "《{name}》没有用上：您现在没有可以补交支撑材料的案例，图片也不能单独作为案例。"
    "插图请放进 Word 文件里，再把文件发给我。"
)
FOR = "替 {whose} 交的。"
NOT_CHECKED = "《{name}》是图片，没有可以预检的规定。请发 Word 或 MP4 文件。"
UNCHECKABLE = "《{name}》没能预检：{trouble}"
SAY_AGAIN = "您同时写的“{said}”我还没有照办，这里只处理了文件。请单独再发一次这句话。"
_ORDER = re.compile(
    r"^(?:类别|报|选)?\s*[A-Za-z]\d?\s*类?$|类别|撤回|撤销|恢复|替换|换成|推荐|退回|代交|替\S+交|支撑材料|改题目|改学校|电话|上报"
)
PRECHECK = "您是管理员，《{name}》只作检查，不计入任何单位。"


def matches(message: Incoming, ctx: Context) -> bool:
    """Files and videos, alone, among text, or quoted."""
    if ctx.attachments or ctx.lost_files:
        return True
    refs = (*message.media, *message.quoted_media)
    return any(ref.kind in {MessageKind.FILE, MessageKind.VIDEO} for ref in refs)


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """One block of text a file; what can be done next is offered for the last one that leaves something to do. Of what
    was said with the files 预检 is heeded, any other order has to be said again."""
    said = spoken(message)
    asked = prechecking.ASKED.fullmatch(said.upper())
    if asked is not None and ctx.attachments and may(ctx.actor, Act.PRECHECK).allowed:
        prechecking.await_file(ctx, asked["code"])
    lost = [Reply(_lost(file, ctx)) for file in ctx.lost_files]
    blocks = [*lost, *(_take(file, ctx) for file in ctx.attachments)]
    if not blocks:
        return [Reply(NOTHING_CAME)]
    if any(block.choices for block in blocks):
        awaited_files.expect_no_more(ctx.session, ctx.actor.person_id, Purpose.PRECHECK, Purpose.DEPUTED)
    choices: Sequence[Choice] = next((block.choices for block in reversed(blocks) if block.choices), ())
    files = tuple(file for block in blocks for file in block.files)
    texts = [block.text for block in blocks]
    if asked is None and _ORDER.search(said):
        texts.append(SAY_AGAIN.format(said=show_title(said)))
    return [Reply("\n\n".join(texts), tuple(choices), files)]


def _lost(file: LostFile, ctx: Context) -> str:
    """Say so, and note when it came: sent again soon, it counts from then."""
    lost_files.note(
        ctx.session,
        person_id=ctx.actor.person_id,
        inbox_id=ctx.inbox_id,
        position=file.position,
        arrived_at=ctx.arrived_at,
    )
    unnamed = "图片" if file.kind is MessageKind.IMAGE else "文件"
    return LOST.format(name=f"《{show_title(file.name)}》" if file.name else unnamed, reason=file.reason)


def _take(file: Attachment, ctx: Context) -> Reply:
    awaited = awaited_files.expected(ctx.session, ctx.actor.person_id, ctx.now)
    if awaited is not None and awaited.purpose == Purpose.PRECHECK:
        return _precheck(file, ctx, awaited.category)
    if prechecks.of_message(ctx.session, ctx.inbox_id, file.position) is not None:
        return _precheck(file, ctx, None)  # this very message once more
    if batching.is_batch(file, ctx) and awaited_files.supported(ctx.session, ctx.actor.person_id, ctx.now) is None:
        return batching.take(file, ctx)
    whose = _awaited_for(awaited)
    supported = support.case_for(file, ctx) if whose is None else None
    if supported is not None:
        return support.attach(file, ctx, supported)
    return _unfit(file) or (_take_case(file, ctx) if whose is None else _take_deputed(file, ctx, whose))


def _unfit(file: Attachment) -> Reply | None:
    """Why the file cannot be a case, None if it may be one."""
    if file.kind is MessageKind.IMAGE:
        return Reply(PICTURE.format(name=show_title(file.name)))
    if not file.facts.readable and file.facts.certain:
        return Reply(UNREADABLE.format(name=show_title(file.name), trouble=file.facts.trouble))
    return None


def _awaited_for(awaited: AwaitedFile | None) -> Whose | None:
    """For whom the file is sent, as a coordinator said before."""
    if awaited is None or awaited.purpose != Purpose.DEPUTED:
        return None
    return whose_said(f"{awaited.school or ''} {awaited.contact or ''}")


def _take_deputed(file: Attachment, ctx: Context, whose: Whose) -> Reply:
    """Somebody else's case: its reply goes to the coordinator, its owner hears of it if the service knows them."""
    looked = look(file, ctx.notice)
    received = receive_for(ctx, looked, whose, position=file.position)
    if received.became is Became.DECIDED:
        return decided(ctx.notice, received.case)
    if received.became in {Became.SAME_BYTES, Became.REPEATED}:
        return _again(ctx, received)
    if received.became is Became.ASKS_FIRST:
        return ask_to_replace(ctx, received.case, received.material)
    note = FOR.format(whose=whose.shown)
    reply = settle(ctx, people.get(ctx.session, received.case.owner_id), received.case, note)
    reports = looked.read_as(questions.for_teachers(ctx.notice))
    own = received.case.owner_id == ctx.actor.person_id
    shown = (
        reply
        if own or received.case.state != CaseState.SUBMITTED
        else replace(reply, choices=decision_choices(received.case))
    )
    return _with_copies(ctx, shown, looked, _readings(ctx, received, reports))


def _precheck(file: Attachment, ctx: Context, category: str | None) -> Reply:
    if file.kind is MessageKind.IMAGE:
        return Reply(NOT_CHECKED.format(name=show_title(file.name)))
    if not file.facts.readable and file.facts.certain:
        return Reply(UNCHECKABLE.format(name=show_title(file.name), trouble=file.facts.trouble))
    return prechecking.take(file, ctx, category)


def _take_case(file: Attachment, ctx: Context) -> Reply:
    offered = questions.submittable(ctx.notice, ctx.actor)
    looked = look(file, ctx.notice)
    if not offered:
        reports = looked.read_as(ctx.notice.categories)
        checked = Reply("\n".join((PRECHECK.format(name=show_title(file.name)), *questions.reading_lines(reports))))
        return _with_copies(ctx, checked, looked, readings_of(reports))
    reports = looked.read_as(offered)
    first = lost_files.first_arrival(
        ctx.session, person_id=ctx.actor.person_id, inbox_id=ctx.inbox_id, arrived_at=ctx.arrived_at
    )
    received = receive(ctx, looked, reports, position=file.position, counted_at=first.arrived_at if first else None)
    if received.became is Became.DECIDED:
        refused = decided(ctx.notice, received.case)
        return replace(refused, text=f"{refused.text}\n{NOT_TAKEN}")
    keep_reports(ctx, received, looked)
    if received.became in {Became.SAME_BYTES, Became.REPEATED}:
        return _again(ctx, received)
    if first is not None:
        lost_files.found(ctx.session, first, received.material.id)
    return _with_copies(ctx, _answer(ctx, received, looked, first), looked, _readings(ctx, received, reports))


def _with_copies(ctx: Context, reply: Reply, looked: Looked, readings: Sequence[Reading]) -> Reply:
    return with_copies(ctx, reply, looked.sha256, looked.name, readings) if looked.is_word else reply


def _readings(ctx: Context, received: Received, reports: Sequence[Report]) -> tuple[Reading, ...]:
    """What the copies are about: the case's category, or every reading while it has none."""
    report = report_of(ctx, received.case, received.material)
    return readings_of(reports if report is None else [report])


def _answer(ctx: Context, received: Received, looked: Looked, first: LostBefore | None) -> Reply:
    case, material = received.case, received.material
    notes = []
    if first is not None:
        notes.append(SENT_AGAIN.format(when=show_instant(first.arrived_at, ctx.notice.timezone)))
    if received.became is Became.ASKS_FIRST:
        asked = ask_to_replace(ctx, case, material)
        return Reply("\n".join((asked.text, *notes)), asked.choices)
    if received.became is Became.NEW_CASE:
        notes += taken_lines(ctx, case, looked)
    if received.became is Became.NEW_VERSION:
        notes.append(NEW_VERSION.format(title=show_title(case.title), version=material.version))
    return settle(ctx, people.get(ctx.session, ctx.actor.person_id), case, "\n".join(notes))


def _again(ctx: Context, received: Received) -> Reply:
    case, material = received.case, received.material
    open_still = CaseState(case.state) in OPEN
    if material.kind != MaterialKind.MAIN and open_still:
        if material.kind == MaterialKind.SET_ASIDE:
            versions.wait_again(ctx.session, case, material, ctx.now)
        return ask_to_replace(ctx, case, material)
    when = show_instant(material.arrived_at, ctx.notice.timezone)
    text = AGAIN.format(
        when=when,
        title=show_title(case.title),
        state=state_name(ctx.notice, case),
        receipt=case.receipt,
    )
    latest = cases.latest_material(ctx.session, case.id)
    if material.sha256 != latest.sha256 and material.kind == MaterialKind.MAIN:
        choices = (restore_choice(case, material.version),) if open_still else ()
        return Reply(text + OLDER.format(version=material.version, latest=latest.version), (*choices, MINE))
    if case.state == CaseState.RECEIVED:
        return settle(ctx, people.get(ctx.session, ctx.actor.person_id), case, AGAIN_SHORT.format(when=when))
    return Reply(text, (*case_choices(ctx, case), MINE))


HANDLER = Handler(
    name="receive_file",
    usage="把案例文件直接发给我：马上检查，给您回执和修改意见",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
