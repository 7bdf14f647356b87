"""Before an older or much shorter file replaces the version in use, its owner is asked."""

from __future__ import annotations

from domain.chat import Choice, Reply
from domain.replacing import Doubt, doubts
from domain.wording import show_instant, show_instant_year
from handlers.casework.case_text import NO_CATEGORY
from handlers.casework.editions import edition_kept
from handlers.casework.report_text import show_title
from handlers.contract import Context
from store import cases
from store.schema.campaign import Case, Material, MaterialKind

NEW_VERSION = "已作为《{title}》的第 {version} 版收下，以前的版本都留着。"
ASK = (
    "您刚发的文件{reasons}，确定替换？\n"
    "《{title}》{category}　回执 {receipt}\n"
    "没有确定以前，第 {version} 版继续有效；刚发的文件已经存好，不用重发。"
)
SHORTER = "比上一版少 {fewer} 字（{new} 字，上一版 {old} 字）"
OLDER = "的修改时间（{new}）比上一版的（{old}）早"
EARLIER_TEXT = "和第 {version} 版内容相同，现在用的是第 {current} 版"
UNLIKE = "和现在用的第 {current} 版不一样，上次您没有采用"


def ask_to_replace(ctx: Context, case: Case, waiting: Material) -> Reply:
    """The question, with everything that speaks against replacing, and both answers."""
    *earlier, current = cases.of_kind(ctx.session, case.id, MaterialKind.MAIN)
    text = ASK.format(
        reasons="，".join(_reasons(ctx, waiting, current, earlier)),
        title=show_title(case.title),
        category=case.category or NO_CATEGORY,
        receipt=case.receipt,
        version=current.version,
    )
    return Reply(text, (Choice("确定替换", f"确定替换 {case.receipt}"), Choice("不替换", f"不替换 {case.receipt}")))


def restore_choice(case: Case, version: int) -> Choice:
    """The choice to use an earlier version again."""
    return Choice(f"换回第 {version} 版", f"换回第 {version} 版 {case.receipt}")


def _reasons(ctx: Context, waiting: Material, current: Material, earlier: list[Material]) -> list[str]:
    new, old = edition_kept(waiting), edition_kept(current)
    zone = ctx.notice.timezone
    said = []
    for doubt in doubts(new, old, [edition_kept(each) for each in earlier]):
        if doubt is Doubt.SHORTER and new.words is not None and old.words is not None:
            said.append(SHORTER.format(fewer=old.words - new.words, new=new.words, old=old.words))
        if doubt is Doubt.OLDER and new.modified_at is not None and old.modified_at is not None:
            years = {each.astimezone(zone).year for each in (new.modified_at, old.modified_at, ctx.now)}
            show = show_instant if len(years) == 1 else show_instant_year
            shown = {"new": show(new.modified_at, zone), "old": show(old.modified_at, zone)}
            said.append(OLDER.format(**shown))
        if doubt is Doubt.EARLIER_TEXT:
            same = next(each for each in earlier if each.text_sha256 == new.text_sha256)
            said.append(EARLIER_TEXT.format(version=same.version, current=current.version))
    return said or [UNLIKE.format(current=current.version)]
