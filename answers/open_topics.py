"""What is said where the notice leaves something open: that it does, whom to ask, and what it does say beside it."""

from __future__ import annotations

import re
from datetime import datetime

from answers.drafting import Drafter
from answers.lexicon import Lexicon
from answers.patterns import Catalogue
from answers.question import Question, understood
from answers.reconsidering import Reconsidering
from answers.refusals import (
    CLEARLY,
    Silence,
    SilenceHit,
    margin,
    settles,
    silent_about,
    whom_to_ask,
    without_segments,
)
from answers.reply import Answer, AnswerKind, Draft, cited, joined, next_questions
from answers.topics import Evidence, Topic, asked_for, told
from answers.wording_files import OPEN
from domain.notice import Notice
from domain.roles import Role

_PHRASE = 3
_ABOUT_AS_PLAIN = 0.5

_PLAINLY = 4.0
"""What the rest of a question asks for by itself, even if it is near the open topic."""

_ATTRIBUTE = re.compile(r"[的版][吗呢?,]*$")
_JUDGED = (
    "words",
    "pictures",
    "video",
    "formats",
    "fonts",
    "deadline",
    "quota",
    "locate",
    "table",
    "supporting",
    "place",
    "doers",
    "routes",
    "table-field",
    "table-order",
)
"""Verdicts on what somebody states: they are given even where something else said with it is left open."""

_ALWAYS = ("supporting", "place", "doers", "routes", "table-field", "table-order")
"""Verdicts that stand whatever else is asked with them."""

_MEASURED = ("words", "pictures", "video", "formats", "fonts")
"""Where something stated is measured and found wanting, that is said in any case."""

_OF_CATEGORIES = frozenset({"what", "how", "which", "differ"})
"""What is asked of a category itself."""

_OPEN = frozenset({"when", "many", "who", "where", "how", "why", "what"})
"""Acts that ask for something left open, not for a verdict."""


class OpenTopics:
    """Knows what one notice leaves open, `silences`, and what it settles, `topics`."""

    def __init__(
        self,
        notice: Notice,
        words: Lexicon,
        *,
        topics: Catalogue[Topic],
        silences: Catalogue[Silence],
        drafter: Drafter,
        reconsidering: Reconsidering,
    ) -> None:
        self._notice = notice
        self._words = words
        self._topics = topics
        self._silences = silences
        self._drafter = drafter
        self._reconsidering = reconsidering

    def about(self, asked: Question) -> SilenceHit | None:
        """The open topic a question asks for most clearly, or None."""
        return silent_about(self._silences, asked.marked, self._words)

    def named(self, name: str) -> SilenceHit:
        """The open topic of that name, which no word of a question carried. Raises StopIteration for no such name."""
        return SilenceHit(next(each for each in self._silences if each.name == name), 0.0, frozenset())

    def reply(self, asked: Question, evidence: tuple[Evidence, ...], role: Role, now: datetime) -> Answer | None:
        """The notice leaves it open: said so; what else was asked in other parts of the question is answered."""
        hit = self.about(asked)
        if hit is None or (evidence and self._is_settled(hit, evidence[0], asked.text)):
            return None
        drafts = self._drafter.drafts(asked, evidence, now)
        standing = _ALWAYS if asked.acts & _OPEN or "还是" in asked.text else _JUDGED
        over = hit.silence.over
        drafts = tuple(draft for draft in drafts if draft.topic not in over)
        faulty = any(draft.verdict and draft.topic in _MEASURED and draft.text.startswith("不") for draft in drafts)
        if faulty or any(
            draft.verdict and draft.topic in standing and settles(draft, asked, self._notice, hit.silence)
            for draft in drafts
        ):
            note = Draft(f"通知没有规定{hit.silence.name}。", (), "silent")
            judged = tuple(draft for draft in drafts if draft.verdict)
            return joined(self._notice, (*judged, note), next_questions(judged, self._words))
        alternative = self._alternative(asked, hit, now)
        if alternative is not None:
            return alternative
        rest = without_segments(asked.text, hit)
        if rest and any(mark in rest for mark in self._words.marks):
            other = understood(rest, self._notice, self._words)
            beside = asked_for(self._topics, other.marked, self._words)
            near = bool(other.acts & _OPEN and beside) and beside[0].weight >= _PLAINLY
            drafts = self._drafter.drafts(other, beside, now)
            drafts = tuple(
                draft
                for draft in drafts
                if (near or draft.topic != hit.silence.near) and draft.topic not in over and self._tells(draft, other)
            )
            if drafts and (near or not self._continues(hit, rest, evidence)):
                note = Draft(f"通知没有规定{hit.silence.name}。", (), "silent")
                return joined(self._notice, (*drafts, note), next_questions(drafts, self._words))
        return self.told(hit, role, now)

    def _is_settled(self, hit: SilenceHit, strongest: Evidence, text: str) -> bool:
        """Whether the strongest topic is asked for rather than the open one. Words are one witness, how the whole
        sounds is another: both for the one or both for the other decide."""
        label = OPEN + hit.silence.name
        if not self._reconsidering.has_heard_of(strongest.topic.name.lower()):
            return strongest.weight + _ABOUT_AS_PLAIN >= hit.weight
        if self._reconsidering.likeliest(text) == label:
            return False
        agreed = strongest.weight + _ABOUT_AS_PLAIN >= hit.weight and self._reconsidering.prefers(
            text, strongest.topic.name.lower(), label
        )
        return agreed or strongest.weight > hit.weight + margin(hit, strongest)

    def _alternative(self, asked: Question, hit: SilenceHit, now: datetime) -> Answer | None:
        """What the notice does say where the open topic is only one of two alternatives (奖金还是证书)."""
        cut = asked.text.find("还是")
        if cut < 0 or not hit.span:
            return None
        start, end = (cut + 2, len(asked.text)) if max(hit.span) < cut else (0, cut)
        alike = asked.text[cut - 1] == asked.text.rstrip("吗呢?,。")[-1]  # …的章还是…的章
        both_open = alike or _ATTRIBUTE.search(asked.text[start:end])  # 纸质的还是电子的
        if both_open or end - start < _PHRASE:
            return None
        other = understood(asked.text[start:end], self._notice, self._words)
        evidence = asked_for(self._topics, other.marked, self._words)
        if evidence and {place + start for place in evidence[0].span} <= hit.span:  # it is the open topic itself
            return None
        drafts = tuple(draft for draft in told(evidence, other, now).drafts[:1] if draft.topic not in hit.silence.over)
        note = Draft(f"通知没有规定{hit.silence.name}。", (), "silent")
        return joined(self._notice, (*drafts, note), next_questions(drafts, self._words)) if drafts else None

    def _tells(self, draft: Draft, asked: Question) -> bool:
        """Whether a draft answers what is asked: what a category is about is no answer to who may take part in it."""
        described = draft.topic in {name for item in self._notice.categories for name in (item.code, item.code.lower())}
        return not described or bool(asked.acts & _OF_CATEGORIES)

    def _continues(self, hit: SilenceHit, rest: str, whole: tuple[Evidence, ...]) -> bool:
        """Whether the other part only carries on with the open topic (…是谁，电话多少)."""
        evidence = asked_for(self._topics, rest, self._words)
        same = evidence and whole and whole[0].topic is evidence[0].topic and whole[0].span & hit.span
        return (
            bool(same)
            or not evidence
            or evidence[0].weight < hit.weight - CLEARLY
            or hit.silence.near == evidence[0].topic.name
        )

    def told(self, hit: SilenceHit, role: Role, now: datetime) -> Answer:
        """That the notice leaves the topic open, whom to ask, and the nearest it does say."""
        lines = [f"通知没有规定{hit.silence.name}。{whom_to_ask(self._notice, role)}"]
        topics = (OPEN + hit.silence.name,)
        near = next((topic for topic in self._topics if topic.name == hit.silence.near), None)
        empty = understood("", self._notice, self._words)
        draft = near.tell(empty, now) if near is not None else None
        if draft is None:
            other = self._words.follow_ups["other"]
            return Answer(AnswerKind.REFUSE, lines[0], (), other, topics=topics, open_question=True)
        lines.append(f"相近的规定：{draft.text}")
        lines.append(cited(self._notice, draft.clauses))
        text = "\n".join(lines)
        other = next_questions((draft,), self._words)
        return Answer(AnswerKind.REFUSE, text, draft.clauses, other, topics=topics, open_question=True)
