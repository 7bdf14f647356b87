"""A summary table that a coordinator made by hand: compared row by row with the unit's recommended cases."""

from __future__ import annotations

from collections.abc import Mapping

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.report_text import show_title
from handlers.contract import Attachment, Context, Handler, Mode
from handlers.said import one_line
from store import people, summaries
from validators.summary_tables import Difference, Fault, WrittenRow, compare, written_rows

SAME = "✅《{name}》已和{unit}的案例对照：{count} 行，和已推荐的案例完全一致。"
DIFFERS = "《{name}》已和{unit}的案例对照：表里 {rows} 行，已推荐 {cases} 个，有 {count} 处不一致："
EMPTY = "《{name}》是汇总表，但里面没有填案例。请填好再发，或发“汇总表”，我按已推荐的案例生成。"
MORE = "其余 {count} 处没有列出，请先改上面这些再发一次。"
NOT_KEPT = "我只作对照，没有改动案例。电话和姓名以谁为准，请您核对。"
NOT_FOR_YOU = "《{name}》是案例汇总表，由单位的协调员报送，没有作为案例收下。您的案例请发 Word 正文或视频。"
TEXTS: Mapping[Fault, str] = {
    Fault.MISSING: "表里没有：《{title}》",
    Fault.UNKNOWN: "第 {place} 行《{title}》：不在已推荐的案例里",
    Fault.TWICE: "第 {place} 行《{title}》：同一个案例写了两次",
    Fault.DIFFERENT: "第 {place} 行《{title}》：{column}写的是“{written}”，登记的是“{known}”",
    Fault.ORDER: "第 {place} 行《{title}》：类型的顺序不对，同类要集中，按通知的顺序排",
    Fault.NUMBER: "第 {place} 行：序号写的是“{written}”，应为 {known}",
}
BLANK = "空"
_MOST = 12
_SHOWN = 30


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the file decides
    """A Word file with the columns of annex 1."""
    return _table_of(ctx) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - the file decides
    """The differences, the first ones named."""
    found = _table_of(ctx)
    decision = may(ctx.actor, Act.REPORT_UNIT)
    if found is None or not decision.allowed or ctx.actor.unit_id is None:
        return [Reply(decision.reason)]
    file, rows = found
    head = people.get(ctx.session, ctx.actor.person_id)
    sheet = summaries.sheet_of(ctx.session, ctx.notice, ctx.actor.unit_id, head)
    name = show_title(file.name)
    own = Choice("生成汇总表", "汇总表")
    if not rows:
        return [Reply(EMPTY.format(name=name), (own,))]
    differences = compare(rows, sheet.rows, ctx.notice.summary_table.columns)
    if not differences:
        return [
            Reply(SAME.format(name=name, unit=sheet.unit, count=len(rows)), (Choice("发盖章扫描版", "发盖章扫描版"),))
        ]
    head_line = DIFFERS.format(
        name=name, unit=sheet.unit, rows=len(rows), cases=len(sheet.rows), count=len(differences)
    )
    lines = [head_line, *(f"{number}. {_line(each)}" for number, each in enumerate(differences[:_MOST], start=1))]
    if len(differences) > _MOST:
        lines.append(MORE.format(count=len(differences) - _MOST))
    return [Reply("\n".join((*lines, NOT_KEPT)), (own, Choice("已推荐", "已推荐")))]


def say_not_for_you(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - the file decides
    """Somebody else than a coordinator sent one: it is no case."""
    found = _table_of(ctx)
    return [Reply(NOT_FOR_YOU.format(name=show_title(found[0].name) if found else ""))]


def _table_of(ctx: Context) -> tuple[Attachment, tuple[WrittenRow, ...]] | None:
    """The only file of the message, when it is a summary table."""
    if len(ctx.attachments) != 1 or ctx.attachments[0].facts.word is None:
        return None
    file = ctx.attachments[0]
    rows = written_rows(file.facts.word, ctx.notice.summary_table.columns) if file.facts.word else None
    return None if rows is None else (file, rows)


def _line(each: Difference) -> str:
    return TEXTS[each.fault].format(
        place=each.place,
        title=show_title(each.title),
        column=each.column,
        written=_short(each.written),
        known=_short(each.known),
    )


def _short(text: str) -> str:
    shown = one_line(text) or BLANK
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"


HANDLER = Handler(
    name="compare_table",
    usage="把自己做的汇总表（Word）发给我，我和已推荐的案例逐行对照",
    roles=frozenset({Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
NOT_ALLOWED = Handler(
    name="refuse_table",
    usage="",
    roles=frozenset({Role.TEACHER, Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=say_not_for_you,
)
