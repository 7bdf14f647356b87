"""A font may be named rightly in the file and yet never have been seen by its author.

Programs that lack a font show another one and note that in the file. The name counts, so nothing is wrong; but the
author should know that the page looks different where the font is installed.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.notice import Severity
from validators.facts import FileFacts, WordFacts
from validators.fonts import Likeness, is_substitute, likeness
from validators.report import Status
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, word_of


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """One fault for all fonts of the notice that were shown as others."""
    word, notice = word_of(facts), context.notice
    demands = (notice.title_font, notice.heading_font, notice.body_font)
    shown = dict(pair for demand in demands for pair in _shown(word, demand.font))
    if shown:
        pairs = "、".join(f"“{name}”显示成了“{other}”" for name, other in shown.items())
        yield Fault(
            f"字体名写对了，但排版的电脑可能没有装这些字体：{pairs}。",
            "不用改；想看真实的版面，请换一台装有这些字体的电脑打开。",
            "、".join(dict.fromkeys(demand.font for demand in demands)),
            pairs,
            status=Status.UNCHECKED,
            severity=Severity.WARNING,
        )


def _shown(word: WordFacts, wanted: str) -> Iterator[tuple[str, str]]:
    used = {look.east_asian for look in word.formats}
    for font in word.fonts:
        right = likeness(font.name, wanted) is Likeness.SAME and font.name in used
        if right and is_substitute(font.alternative) and likeness(font.alternative, wanted) is Likeness.OTHER:
            yield font.name, font.alternative


RULE = Rule("Y09", "font.substitute", "字体是否装了", Subject.WORD, NoParams, check, documentation=__doc__)
