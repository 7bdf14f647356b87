"""预检: a file is only checked. What is said of it, and how its owner turns it into a case within a day."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from domain.chat import Choice, Reply
from domain.wording import show_instant
from handlers.casework import questions
from handlers.casework.copies import readings_of, with_copies
from handlers.casework.intake import Looked, look
from handlers.casework.report_text import checked_line, finding_lines, headline, show_title
from handlers.contract import Attachment, Context
from store import awaited_files, prechecks
from store.blobs import StoredBlob
from store.schema.intake import Precheck, Purpose
from validators.json_codec import to_json
from validators.report import Report, Verdict

HEAD = "预检结果（没有提交）"
READINGS = "《{title}》可以报几类，要求不一样："
KEPT = "这只是预检：没有提交，不计入任何数量，没有回执。文件和结果留到 {until}，之后删除。"
SUBMIT = "要交请在这之前选“正式提交”，交的时间按那一刻算；改好的文件也可以直接发给我，那就是提交。"
NOT_YOURS = "您的身份不提交案例，这里只作检查。"
ANOTHER = Choice("再预检一份", "预检")
ASKED = re.compile(
    r"(?:我要|我想|请|先)?(?:做(?:个|一?次)?|帮我)?(?:预检|预检查|(?:只|先)检查(?:一下)?,?(?:不|先不)提交)(?:一下|一份|文件)?"
    r"\s*(?P<code>[A-Z]\d?)?\s*类?"
)
_CODE_BYTES = 5


def await_file(ctx: Context, code: str | None) -> str | None:
    """The next file is only checked, as a case of this category if there is one. The category."""
    known = code if code in {category.code for category in ctx.notice.categories} else None
    awaited_files.expect(ctx.session, ctx.actor.person_id, Purpose.PRECHECK, ctx.now, category=known)
    return known


def take(file: Attachment, ctx: Context, category: str | None) -> Reply:
    """Check the file, as a case of `category` if one was wished for, keep it for a day and offer to submit it; nothing
    of it counts."""
    looked = look(file, ctx.notice)
    offered = questions.submittable(ctx.notice, ctx.actor)
    reports = looked.read_as(offered or ctx.notice.categories)
    wished = tuple(report for report in reports if report.category == category)
    kept = prechecks.keep(
        ctx.session,
        person_id=ctx.actor.person_id,
        inbox_id=ctx.inbox_id,
        position=file.position,
        code=new_code(ctx),
        blob=StoredBlob(file.sha256, file.size),
        looked=to_json(looked),
        now=ctx.now,
    )
    shown = wished or reports
    until = show_instant(kept.until, ctx.notice.timezone)
    lines = [HEAD, *_result(ctx, looked, shown), KEPT.format(until=until), SUBMIT if offered else NOT_YOURS]
    choices = submit_choices(ctx, kept, shown) if offered else ()
    reply = Reply("\n".join(lines), (*choices, ANOTHER))
    return with_copies(ctx, reply, looked.sha256, looked.name, readings_of(shown)) if looked.is_word else reply


def submit_choices(ctx: Context, kept: Precheck, reports: Sequence[Report]) -> tuple[Choice, ...]:
    """One choice for each category the file may be submitted in."""
    names = {category.code: category.name for category in ctx.notice.categories}
    codes = [report.category for report in reports if report.category is not None]
    if len(codes) == 1:
        return (Choice("正式提交", f"正式提交 预检{kept.code} {codes[0]}"),)
    return tuple(Choice(f"正式提交 {code} {names[code]}", f"正式提交 预检{kept.code} {code}") for code in codes)


def _result(ctx: Context, looked: Looked, reports: Sequence[Report]) -> list[str]:
    if len(reports) != 1:
        return [READINGS.format(title=show_title(looked.title)), *questions.reading_lines(reports)]
    (report,) = reports
    passed = [checked_line(report)] if report.verdict is Verdict.PASS else []
    return [headline(looked.title, report), *finding_lines(ctx.notice, report), *passed]


def new_code(ctx: Context) -> str:
    """Eight letters and digits by which a person names one of their own files: never twice, never to be guessed."""
    return base64.b32encode(ctx.randomness(_CODE_BYTES)).decode()
