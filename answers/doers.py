"""Who does what: somebody who is claimed to do a deed, beside those who do it by the notice."""

from __future__ import annotations

import re
from collections.abc import Iterable

from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from answers.slots import filled
from domain.notice import Fact, Notice, UnitKind

_TOWARDS = "往给到交报发送向对为被从跟替"
"""Whoever stands behind one of these is dealt with and does nothing."""

_HIMSELF = r"(?:自己|自行|直接|来|去|先|统一|负责|组织|派人|[请找让]专家|请人|就|都|那边|上面|的)*"
_BETWEEN = r"[^,。;?!]{0,6}?"
_IS = r"(?:就|都|应该|还)?(?:是|归|由|让|请|找|靠)"


_COUNTY = "county"
_IS_IT = re.compile(r"是[^,。;?]{1,14}吗\??$")
"""是…吗 wants to hear whether it is so, as a claim does."""

_SUPPORTING = "支撑"
"""What is handed in beside the case has nobody who does it."""

_PROPOSED = ("stamping", "selection")
"""What people propose to do; of all else they only hear who does it."""

_OPEN = frozenset({"who", "which", "where", "when", "many", "how", "why", "section"})


class Doers:
    """Knows who does what by the facts of one notice, and how deeds and bodies are spoken of."""

    def __init__(self, notice: Notice, words: Lexicon) -> None:
        self._facts = tuple((fact, _draft(fact, notice)) for fact in notice.facts if fact.deed)
        counties = tuple(unit for unit in notice.units if unit.kind is UnitKind.COUNTY)
        named = sorted((name for unit in counties for name in (unit.name, *unit.aliases)), key=len, reverse=True)
        own = {_COUNTY: tuple(map(re.escape, named)) + words.bodies[_COUNTY]}
        bodies = "|".join(f"(?P<{name}>{'|'.join(said)})" for name, said in ({**own, **words.bodies, **own}).items())
        self._body = re.compile(f"(?<![{_TOWARDS}])(?:{bodies})")
        self._deeds = {name: re.compile("|".join(said)) for name, said in words.deeds.items()}
        self._acting = {
            name: re.compile(f"{_HIMSELF}{_BETWEEN}(?:{deed.pattern})") for name, deed in self._deeds.items()
        }
        self._done_by = {name: re.compile(f"(?:{deed.pattern}){_BETWEEN}{_IS}$") for name, deed in self._deeds.items()}

    def judge(self, question: Question) -> Draft | None:
        """The verdict on somebody claimed to do a deed; None when nobody is, or a day or number is claimed with it.

        Directly managed schools do themselves what counties do: of them nothing is judged."""
        if question.direct or question.days or question.amounts or question.acts & _OPEN or "还是" in question.text:
            return None
        if _SUPPORTING in question.text:
            return None
        claims = question.claims or _IS_IT.search(question.text) is not None
        right = None
        for fact, draft in self._facts:
            proposed = fact.deed in _PROPOSED and "may" in question.acts
            said = set(self._agents(question.text, fact.deed)) if claims or proposed else set()
            if fact.deed == "issuing" and "experts" in said:  # who calls them together is told by the review
                continue
            if said - set(fact.by):
                return _verdict("不是。" if claims else "不行。", draft)
            right = right or (_verdict("是的，", draft) if said and claims else None)
        return right

    def _agents(self, text: str, deed: str) -> Iterable[str]:
        """Who is said to do a deed: 省里评, 评奖的是省里."""
        if deed not in self._deeds or not self._deeds[deed].search(text):
            return
        for match in self._body.finditer(text):
            acts = self._acting[deed].match(text, match.end())
            if match.lastgroup and (acts or self._done_by[deed].search(text[: match.start()])):
                yield match.lastgroup


def _verdict(head: str, draft: Draft) -> Draft:
    return Draft(head + draft.text, draft.clauses, "doers", verdict=True)


def _draft(fact: Fact, notice: Notice) -> Draft:
    return Draft(filled(notice, fact.say), fact.clauses, fact.id)
