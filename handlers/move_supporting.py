"""支撑材料改给…: supporting files that were sent last go to another case, or a video becomes a case of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from domain.chat import Incoming, Reply
from domain.receipt import RANDOM_BYTES, new_receipt
from handlers.casework.case_text import NO_CATEGORY
from handlers.casework.choosing import UNKNOWN_RECEIPT, own_case
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE, decided, settle
from handlers.casework.support import others, takes_support
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import awaited_files, cases, checks, people, supporting
from store.schema.campaign import Case, Material

NONE_SENT = "您最近没有发过支撑材料。"
ASK_WHICH = "要改给哪一个案例？"
NO_OTHER = "您没有别的案例可以收支撑材料。"
NOT_THIS_ONE = "《{title}》{category}现在不能补交支撑材料：这一类不要求，或者已经有了结论。"
MOVED = "刚才的 {count} 份支撑材料改给《{title}》{category}了。接下来发的支撑材料也给它。"
NO_VIDEO = "刚才发的支撑材料里没有可以单独作为案例的视频。"
SEPARATED = "已从支撑材料改为单独的案例。"
_TO = re.compile(r"(?:把)?(?:刚才的)?支撑材料(?:改给|改到|移到|换到|换给)(?:另一个案例|别的案例)?")
_SEPARATE = re.compile(r"(?:这个|刚才的)?视频(?:是|作为|改为)(?:一个)?单独的?案例")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """支撑材料改给 with a receipt number, 视频作为单独的案例."""
    said = without_receipt(spoken(message))
    return _TO.fullmatch(said) is not None or _SEPARATE.fullmatch(said) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Correct where the last supporting files belong."""
    if _SEPARATE.fullmatch(without_receipt(spoken(message))) is not None:
        return [_separate(ctx)]
    files = supporting.last_batch(ctx.session, ctx.actor.person_id)
    if not files:
        return [Reply(NONE_SENT, (MINE,))]
    if receipt_in(message.text) is None:
        offered = others(ctx, cases.get(ctx.session, files[-1].case_id))
        return [Reply(ASK_WHICH if offered else NO_OTHER, (*offered, MINE))]
    case = own_case(message.text, ctx)
    return [Reply(UNKNOWN_RECEIPT, (MINE,)) if case is None else _give(ctx, case, files)]


def _give(ctx: Context, case: Case, files: Sequence[Material]) -> Reply:
    shown = {"title": show_title(case.title), "category": case.category or f"（{NO_CATEGORY}）"}
    if not takes_support(ctx.notice, ctx.actor, case):
        return Reply(NOT_THIS_ONE.format(**shown), (MINE,))
    source = cases.get(ctx.session, files[-1].case_id)
    if not supporting.move_to(ctx.session, case, files, actor_id=ctx.actor.person_id, now=ctx.now):
        return decided(ctx.notice, source)
    if awaited_files.supported(ctx.session, ctx.actor.person_id, ctx.now) is not None:
        awaited_files.expect_support(ctx.session, ctx.actor.person_id, case, ctx.now)
    return Reply(MOVED.format(count=len(files), **shown), (*others(ctx, case), MINE))


def _separate(ctx: Context) -> Reply:
    """The newest video among the last supporting files; only videos were checked when they came."""

    def receipt(category: str | None) -> str:
        return new_receipt(category, ctx.randomness(RANDOM_BYTES))

    files = supporting.last_batch(ctx.session, ctx.actor.person_id)
    found = next(
        ((each, codes) for each in reversed(files) if (codes := checks.categories(ctx.session, each.id))), None
    )
    if found is None:
        return Reply(NO_VIDEO, (MINE,))
    video, codes = found
    source = cases.get(ctx.session, video.case_id)
    case = supporting.separate(
        ctx.session,
        video,
        title=PurePath(video.name).stem or video.name,
        category=codes[0] if len(codes) == 1 else None,
        new_receipt=receipt,
        now=ctx.now,
    )
    if case is None:
        return decided(ctx.notice, source)
    return settle(ctx, people.get(ctx.session, ctx.actor.person_id), case, SEPARATED)


HANDLER = Handler(
    name="move_supporting",
    usage="",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
