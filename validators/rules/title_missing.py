"""The text begins with its main title: a line of its own before the body, before or after the basic-information table.

The caption of the table, an attachment number, a date or the first section heading is not a title.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, where, word_of
from validators.rules.titles import has_title


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """One fault when there is no title."""
    word = word_of(facts)
    if has_title(word, context.notice.template):
        return
    first = next((p.index for p in word.paragraphs if p.visible.strip()), 0)
    yield Fault(
        "没有找到主标题。",
        "请在正文最前面单独写一行案例标题并居中，再发给我。",
        "正文前有一行主标题",
        word.title.text,
        where(word, first),
    )


RULE = Rule("H01", "title.missing", "主标题", Subject.WORD, NoParams, check, documentation=__doc__)
