"""Whether somebody only chats: speaks to the one who answers, or tells how they are, and asks nothing of the world.

"今天监考站了一天，你吃饭没" names an exam and is no question about exams: nothing in it asks for anything but how the
other is. A message is looked at clause by clause; one clause that asks or wants something else makes it a question.
"""

from __future__ import annotations

import re

from answers.acts import acts_of
from answers.lexicon import Lexicon

_CLAUSE = re.compile(r"[^,。;?!:~…\n]+[?]?")
_ASKS = re.compile(r"[?吗]|[没不]$|呢$|多[少大高长久]|哪|谁|什么|怎么|几|([\u4e00-\u9fff])[不没]\1|还是|是否|有没有")
_ACTS = frozenset({"who", "when", "where", "how", "why", "many", "which", "may", "must", "claim", "section", "differ"})
_SHORTEST = 2


class Chatting:
    """Knows how people speak to whom they ask, and of themselves."""

    def __init__(self, words: Lexicon) -> None:
        self._acts = words.acts
        self._words = words.chat

    def only(self, text: str) -> bool:
        """Whether a plain text is talk and no question: each clause tells something or asks after the one who answers,
        and at least one is either said to them or tells how somebody is. What tells of oneself (放学了) will do where
        nothing is named that people come for."""
        clauses = [clause for clause in _CLAUSE.findall(text) if len(clause) >= _SHORTEST]
        words = self._words
        spoken = words.own.search(text) is not None and not words.business.search(text)
        for clause in clauses:
            talk = words.you.search(clause) is not None or words.play.search(clause) is not None
            if words.errand.search(clause) or (self._asks(clause) and (not talk or words.business.search(clause))):
                return False
            spoken = spoken or talk or words.mood.search(clause) is not None
        return spoken

    def _asks(self, clause: str) -> bool:
        return _ASKS.search(clause) is not None or bool(acts_of(clause, self._acts) & _ACTS)
