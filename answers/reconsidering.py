"""Whether what patterns and judges made of a question agrees with what wordings say it is about, and what to do if not.

Patterns see words, wordings see whole questions. Where a question sounds much more like another topic than the one that
was answered, that topic is answered instead. How much more is needed depends on what is at stake: least for giving an
answer where there was none, more for falling silent, most for telling something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from answers.recognition import Recogniser
from answers.reply import Answer, AnswerKind
from answers.wording_files import BEYOND, HOSTILE, OPEN, SMALLTALK

_TO_ANSWER = 0.15
_TO_SPEAK = 0.4
_TO_SILENCE = 0.25
_TO_ANOTHER = 0.1
_FOR_EACH = 0.05
"""More is needed to fall silent where several things were asked and told: each sounds like its own topic only."""

_CLEARLY_OPEN = 0.7
"""By so much the whole question sounds more like an open topic than like anything settled, if a verdict on something
stated in passing is not what was asked for."""

_MEASURED = frozenset({"words", "pictures", "video", "formats", "fonts", "deadline"})
"""Where something stated is measured and found wanting, that is said in any case."""

_REMEMBERED = 8
"""One question is weighed several times on the way to its answer."""

_LONGEST = 80
"""Of a longer message more is told than asked: as a whole it sounds like anything."""

_NEARLY = 0.125
"""What is so little less likely comes next where the likeliest has nothing to tell."""

SENTENCE = "sentence"
"""What an answer tells that only quotes the nearest sentence of the notice."""

_LEAST_BESIDE, _EQUAL = 0.5, 0.1
"""What has to speak for a second topic, and how far it may be behind, to be told beside the first."""

_LEAST, _LEAST_UNTOLD = 0.4, 0.55
"""What has to speak for a topic by itself; and where no word tells of anything."""


@dataclass(frozen=True, slots=True)
class Second:
    """What a question should be answered as instead: the label of a topic, see `wording_files`; `silence` is the name
    of one that this notice leaves open, "" for any other."""

    label: str
    silence: str = ""


@dataclass(frozen=True, slots=True)
class _Sound:
    """What a question sounds like: how much speaks for each label that something can be said of, and the label most is
    said for; empty for noise."""

    scores: Mapping[str, float]
    likeliest: str


class Reconsidering:
    """Knows the wordings of one notice; `topics` and `silences` are the names of what it settles and leaves open,
    `meant` tells the topic that is asked for by what other notices leave open and this one does not."""

    def __init__(
        self, recogniser: Recogniser, topics: Iterable[str], silences: Iterable[str], meant: Mapping[str, str]
    ) -> None:
        self._recogniser = recogniser
        self._sound = lru_cache(_REMEMBERED)(self._weigh)
        self._settled = frozenset(topics)
        known = self._settled | {OPEN + name for name in silences} | {BEYOND, SMALLTALK, HOSTILE}
        asked = {OPEN + name: topic for name, topic in meant.items()}
        names = (label if label in known else asked.get(label, "") for label in recogniser.labels)
        self._names = tuple((place, name) for place, name in enumerate(names) if name in known)

    def second_thoughts(self, text: str, answer: Answer, tells: Callable[[str], bool]) -> tuple[Second, ...]:
        """What to answer instead of `answer` to the plain question `text`, the likeliest first; nothing to leave it.
        `tells` says whether a word of a text tells what it is about: where none does, more has to speak."""
        rambles = len(text) > _LONGEST and answer.kind is AnswerKind.ANSWER
        if rambles or not (answer.judged or self._heard(answer)):
            return ()
        sound = self._sound(text)
        best, scores = sound.likeliest, sound.scores
        if answer.judged:
            return (self._second(best),) if self._clearly_open(best, scores) and not _found_wanting(answer) else ()
        hardly = not best or scores[best] < _LEAST
        if hardly or (scores[best] < _LEAST_UNTOLD and not (answer.topics or tells(text))):
            return ()
        behind = max(self._agreeing(answer, scores), default=0.0)
        if best in self._settled:
            silent = answer.kind is not AnswerKind.ANSWER
            needed = _TO_ANOTHER if not silent else _TO_SPEAK if answer.topics else _TO_ANSWER
            needed += _TO_SPEAK if BEYOND in answer.topics else 0.0
        elif answer.kind is AnswerKind.ANSWER:
            needed = _TO_SILENCE + _FOR_EACH * (len(answer.topics) - 1)
        else:
            return ()
        enough = behind + needed
        if scores[best] < enough:
            return ()
        enough = max(enough, scores[best] - _NEARLY)
        near = [label for label, score in scores.items() if score >= enough and label in self._settled - {best}]
        return (self._second(best), *map(Second, sorted(near, key=scores.__getitem__, reverse=True)))

    def _second(self, label: str) -> Second:
        is_open = label.startswith(OPEN) and label not in self._settled
        return Second(label, label.removeprefix(OPEN) if is_open else "")

    def beside(self, text: str, answer: Answer) -> str:
        """The label of what the plain `text` sounds like about as much as like the one thing that was told; empty when
        that is plain, or something was judged."""
        if answer.kind is not AnswerKind.ANSWER or answer.judged or len(answer.topics) != 1 or len(text) > _LONGEST:
            return ""
        told, scores = answer.topics[0].lower(), self._sound(text).scores
        if told not in self._settled:
            return ""
        best = max((label for label in scores if label != told), key=scores.__getitem__, default="")
        near = best in self._settled and scores[best] >= max(_LEAST_BESIDE, scores.get(told, 0.0) - _EQUAL)
        return best if near else ""

    def prefers(self, text: str, label: str, other: str) -> bool:
        """Whether the plain `text` sounds most like `label`, and clearly more so than like `other`."""
        sound = self._sound(text)
        needed = max(_LEAST, sound.scores.get(other, 0.0) + _TO_ANOTHER)
        return sound.likeliest == label and sound.scores[label] >= needed

    def has_heard_of(self, label: str) -> bool:
        """Whether there are wordings for this label: else no question can sound like it."""
        return label in self._recogniser.labels

    def likeliest(self, text: str) -> str:
        """The label the plain `text` sounds most like; empty when it sounds like nothing known."""
        sound = self._sound(text)
        return sound.likeliest if sound.scores.get(sound.likeliest, 0.0) >= _LEAST else ""

    def _clearly_open(self, best: str, scores: Mapping[str, float]) -> bool:
        """Whether `best` is an open topic that everything settled is far behind."""
        settled = (score for label, score in scores.items() if label in self._settled)
        return best.startswith(OPEN) and scores[best] >= max(settled, default=0.0) + _CLEARLY_OPEN

    def _weigh(self, text: str) -> _Sound:
        scores: dict[str, float] = {}
        by_place = self._recogniser.by_place(text)
        for place, name in self._names if by_place else ():
            score = by_place[place]
            if score and (name not in scores or score > scores[name]):
                scores[name] = score
        return _Sound(scores, max(scores, key=scores.__getitem__, default=""))

    def _heard(self, answer: Answer) -> bool:
        """Whether there are wordings for what was told: else nothing can be compared with it."""
        return all(topic.lower() in self._recogniser.labels for topic in answer.topics if topic != SENTENCE)

    def _agreeing(self, answer: Answer, scores: Mapping[str, float]) -> Iterable[float]:
        """The scores of what was answered: of the topics told, or, when nothing was told, of silence."""
        if answer.kind is AnswerKind.ANSWER:
            return [scores[label] for label in {topic.lower() for topic in answer.topics} & scores.keys()]
        return [score for label, score in scores.items() if label not in self._settled]


def _found_wanting(answer: Answer) -> bool:
    """Whether something that was measured is not as demanded."""
    return answer.text.startswith("不") and not _MEASURED.isdisjoint(answer.topics)
