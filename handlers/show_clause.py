"""原文: a clause of the notice in its own words."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.notice import Clause, Notice
from domain.wording import show_moved
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import plain, spoken

WHICH = "想看哪一条？请点选，或回复“看原文”加条款号，例如“看原文 {example}”。"
NO_SUCH = "通知里没有编号为“{written}”的条款。{which}"
QUOTE = "{label}\n{text}"
_SAID = re.compile(r"(?:查?看|显示|给我看?)?(?:一下)?(?:通知)?(?:的)?原文\s*:?\s*(?P<which>.*)")
_IDS = re.compile(r"[\s,、;和]+")
_MOST_CHAPTERS = 8


def matches(message: Incoming, ctx: Context) -> bool:
    """原文, 看原文 2.1, 看原文 二、材料要求 1. Other words after it make it a question."""
    found = _SAID.fullmatch(spoken(message))
    if found is None:
        return False
    which = found["which"]
    return not which or bool(_named(which, ctx.notice)) or re.fullmatch(r"[a-z]?[\d.,、\s]+", which) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The named clauses in the notice's words; without a name those of the last answer, or the chapters."""
    found = _SAID.fullmatch(spoken(message))
    which = found["which"] if found else ""
    clauses = _named(which, ctx.notice) if which else _last_named(message, ctx)
    if clauses:
        return [Reply("\n\n".join((*(_quote(each) for each in clauses), *_moved(clauses, ctx.notice))))]
    chapters = [clause for clause in ctx.notice.clauses if clause.id.isdigit()][:_MOST_CHAPTERS]
    text = WHICH.format(example=chapters[0].id if chapters else "")
    if which:
        text = NO_SUCH.format(written=which, which=text)
    return [Reply(text, tuple(Choice(each.label, f"看原文 {each.id}") for each in chapters))]


def _last_named(message: Incoming, ctx: Context) -> list[Clause]:
    """The clauses of the answer this person had last: 原文 alone asks for them."""
    ids = ctx.recall(message).clauses
    return [clause for clause in ctx.notice.clauses if clause.id in ids]


def _moved(clauses: list[Clause], notice: Notice) -> tuple[str, ...]:
    """That a deadline printed in one of the clauses holds no more."""
    stage = notice.intake_stage
    printed = any(clause.id == stage.clause for clause in clauses)
    moved = show_moved(stage, notice.timezone, notice.issued_by_short) if printed else ""
    return (f"{moved}。",) if moved else ()


def _quote(clause: Clause) -> str:
    return clause.text if clause.text.startswith(clause.label) else QUOTE.format(label=clause.label, text=clause.text)


def _named(which: str, notice: Notice) -> list[Clause]:
    by_label = [clause for clause in notice.clauses if plain(clause.label) == which]
    if by_label:
        return by_label
    wanted = [part for part in _IDS.split(which) if part]
    found = [clause for clause in notice.clauses if clause.id in wanted]
    if len(found) < len(set(wanted)):
        return []
    return [each for clause in found for each in _with_parts(clause, notice)]


def _with_parts(clause: Clause, notice: Notice) -> list[Clause]:
    """A chapter that has no words of its own is shown with its parts."""
    if len(clause.text) > len(clause.label):
        return [clause]
    return [clause, *(each for each in notice.clauses if each.id.startswith(f"{clause.id}."))]


HANDLER = Handler(
    name="show_clause",
    usage="发“看原文”加条款号，看通知原文",
    roles=EVERYBODY,
    mode=Mode.INLINE,
    matches=matches,
    run=run,
    public=True,
)
