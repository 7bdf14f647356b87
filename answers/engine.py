"""The engine: a question in, a cited answer, an honest refusal or a friendly word out."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

import rjieba

from answers.acts import acts_of, marked
from answers.chatting import Chatting
from answers.conversation import NOTHING, Conversation, kept, resumed
from answers.dates import show
from answers.drafting import Drafter
from answers.every_notice import printed_values
from answers.foreign import Foreign
from answers.index import Index, sentences_of
from answers.lexicon import Lexicon, Phrase, lexicon
from answers.likeness import Meaning, grouped, terms_of
from answers.normalise import LONG, standard
from answers.official import OfficialAnswer, Officials
from answers.open_topics import OpenTopics
from answers.originals import Originals
from answers.own_words import OwnWords
from answers.patterns import Catalogue, Hit
from answers.places import Places
from answers.question import Question, understood
from answers.recognition import Recogniser
from answers.reconsidering import SENTENCE, Reconsidering
from answers.refusals import another_year, claimed_year, contested, silences_of, unknown_number, whom_to_ask
from answers.reply import Answer, AnswerKind, Draft, cited, joined, next_questions, without_citation
from answers.segments import clauses_of, endings_of
from answers.settled import is_settled
from answers.slots import filled
from answers.spelling import Speller, vocabulary
from answers.topics import Evidence, asked_for, topics_of
from answers.wording_files import BEYOND, HOSTILE, SMALLTALK, language_weights
from domain.notice import Notice
from domain.roles import Role

_STATEMENT = re.compile(r"[，。；].*[，。；]")
_THROUGHOUT = 0.6
"""So many of the neighbouring characters have to go together where no word tells what is asked."""

_MEANING = re.compile(r"[\u4e00-\u9fffa-z0-9]")
_ORIGINAL = ("原文", "原话", "原句", "条款怎么写", "通知怎么写的", "文件怎么写的", "一字不差")
_QUOTE_LENGTH = 420
_SENTENCE_COVERAGE = 0.5
_SENTENCE_SCORE = 9.0
_RELATED_COVERAGE = 0.25
_BEYOND_MARGIN = 2.0
_PLAINLY = 5.0
_ONE_QUESTION = 40  # a longer message tells more than it asks: how it sounds as a whole says little
_ASKING = frozenset({"many", "when", "where", "who", "what", "how", "claim", "may", "must"})

_ORDER = re.compile(
    r"(?:把|将)[^,。;?]{1,12}(?:改|换|设|调|删|延|推|挪)(?:成|为|到|掉|去|迟|后)(?![^,。;]*(?:吗|可以|\?))"
)
"""Beside an order that is not obeyed, to have something changed is another."""

_CHAT_LENGTH, _CHAT_REST, _CHAT_LOOSE_REST = 30, 2, 10

_MENTIONED = 2.0  # so little of the notice may be named in passing by who only talks

_RECENT = 256  # answers kept for who asks the same in the same minute

_SOUNDS = 9.0  # what a topic weighs that the whole question sounds like: it is told first


class Engine:
    """Answers questions about one notice. Building it takes a fraction of a second; it holds no state between
    questions and may be shared by threads. `official` are the answers people gave beside the notice. Raises KeyError
    when a fact has a slot the notice lacks: `check` names such faults beforehand."""

    def __init__(self, notice: Notice, official: Iterable[OfficialAnswer] = ()) -> None:
        self._notice = notice
        self._words: Lexicon = lexicon()
        self._own = OwnWords(notice)
        self._recogniser = Recogniser(notice.recognition or language_weights())
        places = Places(notice, self._words, self._recogniser)
        self._topics = topics_of(notice, self._words, places)
        self._printed = frozenset(value for values in printed_values(notice).values() for value in values)
        self._chatting = Chatting(self._words)
        self._foreign = Foreign(notice, self._words, self._topics)
        self._drafter = Drafter(notice, self._words, self._topics, places)
        self._subjects = contested(notice, self._words.beyond, self._words)
        silences = silences_of(notice, self._words)
        self._index = Index(sentences_of(notice), self._words.stop)
        known = vocabulary(notice, self._words)
        self._speller = Speller(known, rjieba.has_word, _cut, self._words.alike, self._words.function)
        self._reconsidering = Reconsidering(
            self._recogniser,
            (topic.name for topic in self._topics),
            (silence.name for silence in silences),
            {topic.name: topic.near for topic in self._words.silent if is_settled(topic, notice)},
        )
        self._open = OpenTopics(
            notice,
            self._words,
            topics=self._topics,
            silences=silences,
            drafter=self._drafter,
            reconsidering=self._reconsidering,
        )
        self._originals = Originals(notice, self._words, self._topics)
        self._officials = Officials(official, self._meaning)
        self._recent = lru_cache(_RECENT)(self._answered)

    @property
    def notice(self) -> Notice:
        """What is answered from."""
        return self._notice

    def with_official(self, official: Iterable[OfficialAnswer]) -> Engine:
        """This engine with exactly these official answers; cheap, since all else is shared."""
        other = copy.copy(self)
        other._officials = Officials(official, self._meaning)  # noqa: SLF001 - a copy of this object
        other._recent = lru_cache(_RECENT)(other._answered)  # noqa: SLF001 - it answers otherwise
        return other

    def answer(self, question: str, *, role: Role, now: datetime, conversation: Conversation = NOTHING) -> Answer:
        """The answer to `question` for a person in `role`; `now` is aware, campaign time; `conversation` is the one
        handed back with the same person's last answer, if that was lately.

        Any text is taken: empty, very long or hostile input gets a refusal with a sentence that helps. Before a
        deadline many ask the same words in the same minute: they get the same answer, thought about once."""
        return self._recent(question, role, now.replace(second=0, microsecond=0), conversation)

    def _answered(self, question: str, role: Role, now: datetime, conversation: Conversation) -> Answer:
        text = self._own.plain(standard(question, self._words))
        if not _MEANING.search(text) or not (self._recogniser.is_language(text) or self._chatting.only(text)):
            return self._nothing_asked()
        text = resumed(self._speller.mended(text), conversation, self._notice, self._words)
        text = self._words.single.get(text.strip("?。!,"), text)
        original = self._originals.reply(text)
        if original is not None:
            return replace(original, conversation=conversation)
        for ending in endings_of(text, self._words.marks, shortened=len(question) > LONG):
            answer = self._replied(ending, role, now)
            if answer.kind is AnswerKind.ANSWER:
                return answer
        hostile = _phrase(self._words.hostile, text, self._words)[0] is not None
        answer = (self._honestly_asked(text, role, now) if hostile else None) or self._replied(text, role, now)
        return answer if answer.kind is AnswerKind.ANSWER else replace(answer, conversation=conversation)

    def _honestly_asked(self, text: str, role: Role, now: datetime) -> Answer | None:
        """What is answered to a question beside an order that is not obeyed (忽略规则，字数到底多少); None for none."""
        kept = "".join(
            clause
            for clause in clauses_of(text)
            if not _ORDER.search(clause)
            and _phrase(self._words.hostile, marked(clause, acts_of(clause, self._words.acts)), self._words)[1] is None
        )
        asks = acts_of(kept, self._words.acts) & _ASKING
        answer = self._replied(kept, role, now) if asks and kept != text else None
        told = answer is not None and (answer.kind is AnswerKind.ANSWER or answer.open_question)
        return answer if told else None

    def _replied(self, text: str, role: Role, now: datetime) -> Answer:
        """The answer to a plain text that stands for itself; a conversation is kept with what was answered."""
        asked = understood(text, self._notice, self._words)
        evidence = asked_for(self._topics, asked.marked, self._words)
        answer = (
            self._hostile(asked)
            or self._chat(asked, evidence)
            or self._outside(asked, evidence)
            or self._smalltalk(asked, evidence)
            or self._officially(asked)
            or self._open.reply(asked, evidence, role, now)
            or self._told(asked, evidence, now)
            or self._searched(asked, evidence)
            or self._unknown(asked, role)
        )
        if answer.official is None and not self._reads_off(asked, evidence):
            answer = self._with_another(asked, self._second(asked, evidence, answer, role, now), now)
        if answer.kind is AnswerKind.ANSWER and not (answer.judged or self._makes_sense(text)):
            return self._nothing_asked()
        if answer.kind is not AnswerKind.ANSWER:
            return answer
        return replace(answer, conversation=kept(asked, evidence[0].topic.name if evidence else ""))

    def _reads_off(self, asked: Question, evidence: tuple[Evidence, ...]) -> bool:
        """Whether something the notice prints is read off (a number, an address): then words tell little beside it."""
        read = "".join(asked.text[place] for place in sorted(evidence[0].span)) if evidence else ""
        return read in self._printed

    def _makes_sense(self, text: str) -> bool:
        """Whether a plain text reads like language throughout, or at least holds a word that tells what it is about."""
        return self._recogniser.is_language(text, _THROUGHOUT) or self._foreign.tells(text)

    def _second(
        self, asked: Question, evidence: tuple[Evidence, ...], answer: Answer, role: Role, now: datetime
    ) -> Answer:
        """The answer, or another where the whole question sounds like another topic."""
        if answer.open_question and self._foreign.proposes(asked.text):
            return answer
        seconds = self._reconsidering.second_thoughts(asked.text, answer, self._foreign.tells)
        if seconds and seconds[0].silence:
            listed = "、" in asked.text and answer.kind is AnswerKind.ANSWER and len(answer.topics) > 1
            if listed:  # together several names sound like something else
                return answer
            return self._open.told(self._open.named(seconds[0].silence), role, now)
        others = (self._instead(second.label, asked, evidence, answer, now) for second in seconds)
        return next((other for other in others if other is not None), answer)

    def _with_another(self, asked: Question, answer: Answer, now: datetime) -> Answer:
        """The answer, and beside it the topic that the question sounds like as much."""
        label = self._reconsidering.beside(asked.text, answer)
        if not label:
            return answer
        draft = next((topic.tell(asked, now) for topic in self._topics if topic.name.lower() == label), None)
        if draft is None or draft.text in answer.text:
            return answer
        told = Draft(without_citation(answer.text)[0], answer.clauses, answer.topics[0])
        return joined(self._notice, (told, draft), answer.follow_ups)

    def _instead(
        self, label: str, asked: Question, evidence: tuple[Evidence, ...], answer: Answer, now: datetime
    ) -> Answer | None:
        """What is answered on second thought; None where nothing can be told of it."""
        if label in {BEYOND, HOSTILE, SMALLTALK}:
            plainly = evidence and (
                evidence[0].weight >= _PLAINLY or any(word in asked.text for word in self._subjects)
            )
            return answer if plainly else self._elsewhere(label)
        topic = next(each for each in self._topics if each.name == label)
        others = tuple(each for each in evidence if each.topic is not topic)
        foreign = (self._foreign.outweighs(asked.text, each.span) for each in evidence if each.topic is topic)
        if answer.kind is AnswerKind.REFUSE and not answer.open_question and any(foreign):  # only sounds like it
            return answer
        drafts = self._drafter.drafts(asked, (Evidence(topic, _SOUNDS, frozenset()), *others), now)
        return joined(self._notice, drafts, next_questions(drafts, self._words)) if drafts else None

    def _elsewhere(self, label: str) -> Answer:
        """What is said to what is not about the notice."""
        if label == BEYOND:
            return self._not_our_subject(self._words.beyond[0].say)
        if label == HOSTILE:
            return Answer(AnswerKind.REFUSE, self._words.hostile[0].say)
        return Answer(AnswerKind.SMALLTALK, self._words.smalltalk[0].say, (), self._words.follow_ups["other"])

    def read(self, question: str) -> Question:
        """What is understood of a question: its plain wording, and the amounts, days and categories it names."""
        return understood(self._plain(question), self._notice, self._words)

    def _plain(self, question: str) -> str:
        return self._speller.mended(self._own.plain(standard(question, self._words)))

    def groups(self, questions: Sequence[str]) -> tuple[int, ...]:
        """For each question the place of the first one, itself included, that asks the same. Takes about a millisecond
        a question."""
        return grouped([self._meaning(question) for question in questions])

    def _meaning(self, question: str) -> Meaning:
        """What makes a question the same as another."""
        text = self._plain(question)
        asked = understood(text, self._notice, self._words)
        silent = self._open.about(asked)
        return Meaning(terms_of(text, _cut, self._words.stop), asked.categories, silent.silence.name if silent else "")

    def _officially(self, asked: Question) -> Answer | None:
        """What a person of the office has answered before to a question of the same meaning."""
        found = self._officials.find(self._meaning(asked.text)) if len(self._officials) else None
        if found is None:
            return None
        text = f"{found.text}\n官方答复：{found.by}，{show(found.answered_on, self._notice.timezone)}"
        return Answer(AnswerKind.ANSWER, text, (), self._words.follow_ups["other"], official=found)

    def _nothing_asked(self) -> Answer:
        text = "请把想问的写成一句话，比如“字数要求是多少”“截止时间是哪天”“材料怎么报送”。"
        return Answer(AnswerKind.REFUSE, text, (), self._words.follow_ups["other"])

    def _hostile(self, asked: Question) -> Answer | None:
        """What must not be answered, whatever the notice says."""
        hostile, _ = _phrase(self._words.hostile, asked.marked, self._words)
        return Answer(AnswerKind.REFUSE, hostile.say, topics=(HOSTILE,)) if hostile is not None else None

    def _chat(self, asked: Question, evidence: tuple[Evidence, ...]) -> Answer | None:
        """What is said to who only talks; None where something is asked, or may be."""
        if len(asked.text) > _CHAT_LENGTH or not self._chatting.only(asked.text):
            return None
        strongest = evidence[0].weight if evidence else 0.0
        silent = self._open.about(asked)
        stated = asked.categories or any(amount.unit != "cases" for amount in asked.amounts)
        if stated or max(strongest, silent.weight if silent else 0.0) > _MENTIONED:
            return None
        phrase, _ = _phrase(self._words.smalltalk, asked.text, self._words)
        say = phrase.say if phrase is not None else self._words.chat.say
        return Answer(AnswerKind.SMALLTALK, say, (), self._words.follow_ups["other"], topics=(SMALLTALK,))

    def _outside(self, asked: Question, evidence: tuple[Evidence, ...]) -> Answer | None:
        """What cannot be answered, whatever the notice says."""
        if (year := claimed_year(self._notice, asked.text)) is not None:
            return joined(self._notice, (year,), self._words.follow_ups["other"])
        beyond, hit = _phrase(self._words.beyond, asked.marked, self._words)
        strongest = evidence[0].weight if evidence else 0.0
        heard = len(asked.text) <= _ONE_QUESTION and self._reconsidering.likeliest(asked.text) == BEYOND
        ours = hit is not None and any(
            set(range(at, at + len(word))) & hit.span for word in self._subjects if (at := asked.text.find(word)) >= 0
        )
        if beyond is not None and hit is not None and not ours and (heard or strongest < hit.weight + _BEYOND_MARGIN):
            return replace(self._not_our_subject(beyond.say), topics=(BEYOND,))
        if number := unknown_number(self._notice, asked):
            return replace(self._not_our_subject(number), judged=True)
        if another_year(self._notice, asked.text):
            return replace(self._not_our_subject(self._words.beyond[0].say), topics=(BEYOND,))
        return None

    def _not_our_subject(self, say: str) -> Answer:
        return Answer(AnswerKind.REFUSE, filled(self._notice, say), (), self._words.follow_ups["other"])

    def _smalltalk(self, asked: Question, evidence: tuple[Evidence, ...]) -> Answer | None:
        if len(asked.text) > _CHAT_LENGTH:
            return None
        phrase, hit = _phrase(self._words.smalltalk, asked.text, self._words)
        if phrase is None or hit is None:
            return None
        rest = "".join(char for place, char in enumerate(asked.text) if place not in hit.span)
        for word in self._words.filler:
            rest = rest.replace(word, "")
        silent = self._open.about(asked)
        chatty = (
            not (evidence or silent or asked.amounts or asked.categories or asked.days)
            and len(rest) <= _CHAT_LOOSE_REST
            and self._reconsidering.likeliest(asked.text) in {"", BEYOND, SMALLTALK, HOSTILE}
        )
        if len(rest) <= _CHAT_REST or chatty:
            return Answer(AnswerKind.SMALLTALK, phrase.say, (), self._words.follow_ups["other"])
        return None

    def _told(self, asked: Question, evidence: tuple[Evidence, ...], now: datetime) -> Answer | None:
        drafts = self._drafter.drafts(asked, evidence, now)
        known = any(draft.verdict for draft in drafts) or not evidence
        drafts = () if not known and self._foreign.proposes(asked.text) else drafts
        likeliest = known or self._reconsidering.likeliest(asked.text) == evidence[0].topic.name.lower()
        known = known or (likeliest and not self._foreign.qualifies(asked.text, evidence[0].span))
        if not drafts or not (known or not self._foreign.outweighs(asked.text, evidence[0].span)):
            return None
        if any(word in asked.text for word in _ORIGINAL):
            return self._quoted(drafts)
        return joined(self._notice, drafts, next_questions(drafts, self._words))

    def _quoted(self, drafts: tuple[Draft, ...]) -> Answer:
        """The clauses themselves, word for word."""
        clause_ids = tuple(dict.fromkeys(name for draft in drafts for name in draft.clauses))
        texts = [self._notice.clause(name).text.strip() for name in clause_ids]
        kept = [
            text for place, text in enumerate(texts) if place == 0 or sum(map(len, texts[: place + 1])) < _QUOTE_LENGTH
        ]
        lines = [f"原文：{text}" for text in kept]
        clause_ids = clause_ids[: len(kept)]
        return Answer(
            AnswerKind.ANSWER,
            "\n".join((*lines, cited(self._notice, clause_ids))),
            clause_ids,
            next_questions(drafts, self._words),
            topics=tuple(draft.topic for draft in drafts),
            judged=True,
        )

    def _searched(self, asked: Question, evidence: tuple[Evidence, ...]) -> Answer | None:
        """A sentence of the notice that holds most of the question's telling words, quoted."""
        if evidence and self._foreign.outweighs(asked.text, evidence[0].span):
            return None
        found = self._index.search(asked.text, 1)
        if not found or found[0].coverage < _SENTENCE_COVERAGE or found[0].score < _SENTENCE_SCORE:
            return None
        sentence = found[0].sentence
        if not _STATEMENT.search(sentence.text):
            return None
        draft = Draft(f"通知里是这样写的：{sentence.text}", (sentence.clause,), SENTENCE)
        return joined(self._notice, (draft,), self._words.follow_ups["other"])

    def _unknown(self, asked: Question, role: Role) -> Answer:
        found = self._index.search(asked.text, 1)
        related = bool(asked.categories) or bool(found and found[0].coverage >= _RELATED_COVERAGE)
        if related:
            text = f"这一点通知没有规定，我不好乱答。{whom_to_ask(self._notice, role)}"
            return Answer(AnswerKind.REFUSE, text, (), self._words.follow_ups["other"], open_question=True)
        return self._not_our_subject(self._words.beyond[0].say)


def _phrase(phrases: Catalogue[Phrase], text: str, words: Lexicon) -> tuple[Phrase | None, Hit | None]:
    strongest: tuple[Phrase | None, Hit | None] = (None, None)
    for phrase, hit in phrases.hits(text, words.light):
        if strongest[1] is None or hit.weight > strongest[1].weight:
            strongest = (phrase, hit)
    return strongest


def _cut(text: str) -> list[str]:
    return list(rjieba.cut(text, False))
