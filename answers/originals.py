"""The notice word for word: the clause that a question names by its label."""

from __future__ import annotations

import re
import unicodedata

from answers.acts import marked
from answers.lexicon import Lexicon
from answers.patterns import Catalogue
from answers.question import acts_in
from answers.reply import Answer, AnswerKind, cited
from answers.topics import Topic, asked_for
from domain.notice import Clause, Notice

_WANTED = re.compile("原文|原话|原句|条款|看看|看一下|念|全文|怎么写的")
_SHOWN = re.compile("发我|发给我|给我|发一下|看|怎么说|说了什么|写了什么")
_SHORTEST = 3
_NAMED = 2.0  # what a topic weighs that is named
_OF_NOTICE = re.compile(r"通知|文件|这个文|原件")
_WHOLE = re.compile(
    r"(?:通知|文件)?(?:的)?(?:全文|整份|整篇|完整的?通知|通知原件|原文件)|(?:通知|文件)(?:的)?原文|^原文$"
    r"|把(?:这个|这份)?(?:通知|文件)[^,。;?]{0,3}(?:发|传|转|给)(?:我|一下|来|过来)"
    r"|(?:通知|文件)发(?:我|给我|一下|来)|发(?:我)?(?:一)?份(?:通知|文件)"
)


class Originals:
    """Shows who asks for it what one notice says, word for word."""

    def __init__(self, notice: Notice, words: Lexicon, topics: Catalogue[Topic]) -> None:
        self._notice = notice
        self._words = words
        self._topics = topics

    def reply(self, text: str) -> Answer | None:
        """The clause that the plain `text` names by its label, word for word; how to name one for who wants the whole
        notice; None for who wants neither."""
        others = self._words.follow_ups["other"]
        clause = named_clause(self._notice, text)
        if clause is not None:
            lines = (f"原文：{clause.text.strip()}", cited(self._notice, (clause.id,)))
            return Answer(AnswerKind.ANSWER, "\n".join(lines), (clause.id,), others)
        if not wants_whole(text) or self._names_part(text):
            return None
        example = next((item.clause for item in self._notice.categories), self._notice.clauses[0].id)
        label = self._notice.clause(example).label
        say = f"通知较长，请写明想看哪一条的原文，比如“看原文 {label}”，我逐字发给您。"
        return Answer(AnswerKind.SMALLTALK, say, (), others)

    def _names_part(self, text: str) -> bool:
        """Whether what is wanted in full is one thing the notice tells of (六高全文)."""
        evidence = asked_for(self._topics, marked(text, acts_in(text, self._words)), self._words)
        return bool(evidence) and evidence[0].weight >= _NAMED and not _OF_NOTICE.search(text)


def named_clause(notice: Notice, text: str) -> Clause | None:
    """The clause whose label (二、材料要求 1, or short 二、1) stands in the plain `text` of somebody who wants to read
    it, the most exact one; None when none is named."""
    plainly = _WANTED.search(text) is not None
    if not plainly and not _SHOWN.search(text):
        return None
    bare = _plain(text)
    found: list[tuple[int, Clause]] = []
    for clause in notice.clauses:
        label = _plain(clause.label)
        if not plainly and "、" not in label:
            continue
        names = (label, re.sub(r"(?<=、)[\u4e00-\u9fff]+(?=\d)", "", label))
        if any(len(name) >= _SHORTEST and name in bare for name in names):
            found.append((len(label), clause))
    return max(found, key=lambda item: item[0])[1] if found else None


def wants_whole(text: str) -> bool:
    """Whether the whole notice is wanted, or "the original" without saying of what."""
    return _WHOLE.search(text.strip("?。!,")) is not None and not re.search(
        r"[那这]一?[条句段点]|仿宋|宋体|黑体|字体|都用|统一|字号|[一二三四五六初小]号|磅|号字|黑|楷", text
    )


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()
