"""A ZIP of cases from a coordinator: listed with what is known of each file and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from domain.chat import Choice, Reply
from domain.policy import Act, may
from domain.wording import show_instant
from handlers.casework.intake import Looked, look
from handlers.casework.matching import Told, told_by
from handlers.casework.prechecking import new_code
from handlers.casework.questions import for_teachers
from handlers.casework.report_text import show_title
from handlers.contract import UNPACKED, Attachment, Context, Inside
from store import particulars, zips
from store.schema.intake import Batch, BatchItem
from validators.facts import FileKind, Trouble
from validators.json_codec import from_json, to_json
from validators.report import Verdict

HEAD = (
    "压缩包《{name}》里有 {count} 个文件：可以提交 {ready}，要补信息 {open}，支撑材料 {support}，"
    "不能用 {useless}{left}。\n{page}"
)
LEFT = "，您不交的 {count}"
PAGE = "（第 {page}/{pages} 页）"
WAITS = "现在都还没有提交，留到 {until}。"
FIX = "要补或要改，请回复“ZIP 序号”加内容，例如“ZIP 2 B1”“ZIP 2 某某中学 张三”，不交的回复“ZIP 2 不交”。"
LINE = "{number}. {sign}{category}《{title}》{whose}{note}"
SUPPORT = "{number}. 📎{name}（《{title}》的支撑材料）"
TROUBLE = "{number}. ❌{name}：{trouble}。"
LEFT_OUT = "{number}. （不交）{name}"
NO_CATEGORY, NO_SCHOOL = "缺类别", "缺学校"
LONELY = "不知道是哪个案例的支撑材料，请和案例放进同一个文件夹再发"
NO_CASE_KIND = "这种文件不能作为案例"
REFUSED = "《{name}》没有收下：{trouble}"
NONE_INSIDE = "里面没有能作为案例的文件（Word 或 MP4）。"
_PAGE = 10
_SIGNS = {Verdict.PASS: "✅", Verdict.FAIL: "⚠️", Verdict.UNCHECKED: "⚠️"}
_CASES = frozenset({
    FileKind.DOCX, FileKind.DOCM, FileKind.DOTX, FileKind.STRICT_DOCX, FileKind.MP4, FileKind.MOV, FileKind.OTHER_VIDEO,
})  # fmt: skip
_SUPPORT = frozenset({FileKind.IMAGE, FileKind.PDF, FileKind.EXCEL, FileKind.POWERPOINT})
_USELESS = frozenset({Trouble.DAMAGED, Trouble.HOSTILE})


def is_batch(file: Attachment, ctx: Context) -> bool:
    """Whether this ZIP is to be listed: it comes from a coordinator, and something in it may be a case."""
    if not may(ctx.actor, Act.SUBMIT_FOR_UNIT).allowed or not file.unpacked:
        return False
    if zips.of_message(ctx.session, ctx.inbox_id, file.position) is not None:
        return True
    case_like = any(each.file is not None and each.file.facts.kind in _CASES for each in file.inside)
    return case_like or file.unpacked != UNPACKED


def take(file: Attachment, ctx: Context) -> Reply:
    """Keep the ZIP's files for a day and show the list; nothing of it is submitted yet."""
    known = zips.of_message(ctx.session, ctx.inbox_id, file.position)
    if file.unpacked != UNPACKED:
        return Reply(REFUSED.format(name=show_title(file.name), trouble=file.unpacked))
    if known is not None:
        return show(ctx, known, 1)
    batch = Batch(
        person_id=ctx.actor.person_id,
        unit_id=ctx.actor.unit_id or "",
        code=new_code(ctx),
        inbox_id=ctx.inbox_id,
        position=file.position,
        name=file.name,
        arrived_at=ctx.arrived_at,
        until=ctx.now + zips.KEPT_FOR,
    )
    items = [_item(ctx, number, each) for number, each in enumerate(file.inside, start=1)]
    return show(ctx, zips.keep(ctx.session, batch, items, ctx.now), 1)


def _item(ctx: Context, number: int, inside: Inside) -> BatchItem:
    item = BatchItem(number=number, path=inside.path, sha256=None, size=0, trouble=inside.trouble, left_out=False)
    file = inside.file
    if file is None:
        return item
    facts = file.facts
    if facts.kind in _SUPPORT:
        item.sha256, item.size = file.sha256, file.size
        return item
    if facts.kind not in _CASES or facts.trouble_kind in _USELESS:
        item.trouble = (facts.trouble or NO_CASE_KIND).rstrip("。")
        return item
    looked = look(file, ctx.notice)
    told = _told(ctx, inside.path)
    fitting = {each.code for each in for_teachers(ctx.notice)} & set(looked.fitting)
    item.sha256, item.size, item.looked = file.sha256, file.size, to_json(looked)
    item.category = told.category if told.category in fitting else next(iter(fitting)) if len(fitting) == 1 else None
    item.school = told.school or looked.school or None
    item.contact = told.person
    existing = particulars.same_title(ctx.session, ctx.actor.unit_id or "", looked.title, told.school)
    if existing is not None:
        item.category, item.school = existing.category or item.category, existing.school or item.school
    return item


def _told(ctx: Context, path: str) -> Told:
    unit_id = ctx.actor.unit_id or ""
    schools = {school.name for must in ctx.notice.must_report for school in must.schools if school.unit == unit_id}
    names, known = particulars.people_of(ctx.session, unit_id)
    return told_by(path, [each.code for each in for_teachers(ctx.notice)], schools | known, names)


def is_ready(item: BatchItem) -> bool:
    """Whether it can become a case as it stands."""
    return not item.left_out and item.looked is not None and item.category is not None and bool(item.school)


def supported(items: Sequence[BatchItem]) -> dict[int, BatchItem]:
    """For each supporting file, by its number, the one case that lies in the same folder."""
    folders = defaultdict(list)
    for item in items:
        if item.looked is not None and not item.left_out:
            folders[PurePosixPath(item.path).parent].append(item)
    found = {}
    for item in items:
        near = folders.get(PurePosixPath(item.path).parent, [])
        if item.looked is None and item.sha256 is not None and not item.left_out and len(near) == 1:
            found[item.number] = near[0]
    return found


def show(ctx: Context, batch: Batch, page: int) -> Reply:
    """One page of the list with what can be done."""
    items = zips.items_of(ctx.session, batch.id)
    if not any(item.looked is not None for item in items):
        return Reply(REFUSED.format(name=show_title(batch.name), trouble=NONE_INSIDE))
    support = supported(items)
    ready = [item for item in items if is_ready(item)]
    waiting = [item for item in items if item.looked is not None and not item.left_out and not is_ready(item)]
    left = sum(item.left_out for item in items)
    pages = max(1, -(-len(items) // _PAGE))
    page = min(max(1, page), pages)
    head = HEAD.format(
        name=show_title(batch.name),
        count=len(items),
        ready=len(ready),
        open=len(waiting),
        support=len(support),
        useless=len(items) - len(ready) - len(waiting) - len(support) - left,
        left=LEFT.format(count=left) if left else "",
        page=PAGE.format(page=page, pages=pages) if pages > 1 else "",
    ).rstrip()
    lines = [_line(item, support) for item in items[(page - 1) * _PAGE : page * _PAGE]]
    until = show_instant(batch.until, ctx.notice.timezone)
    choices = [Choice(f"确认提交 {len(ready)} 个", f"确认提交 ZIP{batch.code}")] if ready else []
    if page < pages:
        choices.append(Choice("下一页", f"ZIP{batch.code} 第{page + 1}页"))
    choices.append(Choice("都不交", f"不交 ZIP{batch.code}"))
    return Reply("\n".join((head, *lines, WAITS.format(until=until), FIX)), tuple(choices))


def _line(item: BatchItem, support: dict[int, BatchItem]) -> str:
    name = show_title(item.path)
    if item.left_out:
        return LEFT_OUT.format(number=item.number, name=name)
    if item.trouble:
        return TROUBLE.format(number=item.number, name=name, trouble=item.trouble)
    if item.looked is None:
        of = support.get(item.number)
        if of is None or of.looked is None:
            return TROUBLE.format(number=item.number, name=name, trouble=LONELY)
        title = show_title(from_json(Looked, of.looked).title)
        return SUPPORT.format(number=item.number, name=name, title=title)
    looked = from_json(Looked, item.looked)
    report = next((each for each in looked.reports if each.category == item.category), None)
    missing = [said for said, there in ((NO_CATEGORY, item.category), (NO_SCHOOL, item.school)) if not there]
    must = sum(finding.must_fix for finding in report.findings) if report is not None else 0
    notes = [*missing, *([f"{must} 处必须改"] if must else [])]
    return LINE.format(
        number=item.number,
        sign="❓" if missing else _SIGNS[report.verdict] if report is not None else "",
        category=item.category or "",
        title=show_title(looked.title),
        whose="".join(f"　{part}" for part in (item.school, item.contact) if part),
        note=f"　{'，'.join(notes)}" if notes else "",
    )
