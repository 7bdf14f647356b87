"""From a question understood to the pieces of its answer: verdicts first, then facts, then what single segments ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from answers import (
    awards,
    fields,
    formats,
    forms,
    handing_in,
    lengths,
    must_report,
    quotas,
    same_day,
    sameness,
    schedule,
    structure,
    table_order,
    typography,
    video,
)
from answers.acts import marked
from answers.claims import confirmed, unbound
from answers.doers import Doers
from answers.fitting import Fitting
from answers.lexicon import Lexicon
from answers.measures import judge_measures
from answers.naming import mentions
from answers.patterns import Catalogue
from answers.places import Places
from answers.question import Question, acts_in, understood
from answers.reply import Draft
from answers.routes import Routes
from answers.segments import Segment, clauses_of, segments_of
from answers.topics import Evidence, Topic, asked_for, told
from domain.notice import Notice

_SEGMENT = re.compile(r"[^,。;?!\n]+[,。;?!\n]*")
_AKIN: tuple[frozenset[str], ...] = (
    frozenset({"video", "formats", "c-form", "supporting-none"}),
    frozenset({"template", "must-template-use"}),
    frozenset({"attachments", "template-where", "must-template-use"}),
    frozenset({"deadline", "opening"}),
    frozenset({"must-report", "report-skip", "schools-anywhere", "levels"}),
    frozenset({"doers", "review-by", "who-reports", "issuer"}),
    frozenset(
        {
            "routes",
            "materials-by-mail",
            "table-by-platform",
            "table-not-platform",
            "how-to-report",
            "must-table-mail",
            "mail",
            "mail-sign",
        }
    ),
    frozenset({"table-field", "table-order", "table-order-else", "must-table-order", "columns", "table-fields"}),
    frozenset(
        {
            "table",
            "must-summary-stamp",
            "table-word-missing",
            "table-scan-missing",
            "table-by-platform",
            "must-table-mail",
        }
    ),
    frozenset({"supporting", "supporting-none", "supporting-purpose", "one-plus-n"}),
    frozenset({"template", "place", "section", "info"}),
    frozenset({"awards", "quota"}),
)
"""Topics that say the same: after a verdict on one, the others are not told as well."""


_OF_CATEGORIES = frozenset({"what", "how", "which", "who", "differ"})
"""What is asked of a category itself."""

_ASKED_OF_ALL = re.compile(
    r"(?:各自?|分别|都|一起|一并)?(?:是|要|有)?(?:什么|多少|怎么|哪些)?(?:要求|规定)?(?:说|讲|给|列|告诉)?(?:一?下|我|一讲|说|讲)?[吗呢]?$"
)
"""What stands behind the last item of a list and is asked of all of them."""

_OF_ITS_OWN = 2.4
_NAME = 2
_RAMBLING = 80
"""Of so long a message what is judged is told, and nothing that is only mentioned."""

_REFUSING = ("不行", "不可以", "不符合", "不合适")
_MEASURED = ("words", "pictures", "video", "formats", "fonts", "quota")
_BY_PARTS = ("fonts",)
"""Topics of which a second segment may ask another part."""

_SENDS = re.compile(r"[发交传寄]|报送|上报|下载|邮箱")
"""Where something is sent is not where it is written."""


_UNFIT = "不合适。"


class Drafter:
    """Drafts answers about one notice; `topics` are what can be told of it."""

    def __init__(self, notice: Notice, words: Lexicon, topics: Catalogue[Topic], places: Places) -> None:
        self._notice = notice
        self._words = words
        self._topics = topics
        self._fitting = Fitting(notice, words)
        self._places = places
        self._doers = Doers(notice, words)
        self._routes = Routes(notice, words)

    def drafts(self, asked: Question, evidence: tuple[Evidence, ...], now: datetime) -> tuple[Draft, ...]:
        """Verdicts on what the question states, then what it asks beyond that, then what single segments ask."""
        alike = sameness.judge_same(asked, self._notice, self._words)
        if alike:
            return (*alike, *self._besides(asked, alike, now))
        verdicts = tuple(self._verdicts(asked, now))
        if len(asked.text) > _RAMBLING:
            return tuple(draft for draft in verdicts if draft.topic in _MEASURED) or self._asked_last(asked, now)
        topics = {draft.topic for draft in verdicts}
        topics |= {name for group in _AKIN if topics & group for name in group}
        located = "locate" in topics
        tabled = {clause for draft in verdicts if draft.topic == "table" for clause in draft.clauses}
        others = tuple(
            item
            for item in evidence
            if item.topic.name not in topics
            and not (located and self._describes_category(item.topic.clauses))
            and not (tabled and set(item.topic.clauses) <= tabled and item.topic.clauses)
        )
        others = tuple(item for item in others if not self._refuses_another(item, asked, now))
        said = told(others, asked, now, _stated(asked) if verdicts else frozenset())
        drafts = said.drafts
        if drafts and not verdicts:
            drafts = (confirmed(drafts[0], asked, self._notice), *drafts[1:])
        drafts = (*_unless_refused(verdicts, drafts), *drafts)
        return (*drafts, *self._asked_beside(asked, drafts, said.covered, now)) if drafts else ()

    def _besides(self, asked: Question, alike: tuple[Draft, ...], now: datetime) -> tuple[Draft, ...]:
        """What is asked in other clauses than those that compare two things."""
        rest = "".join(clause for clause in clauses_of(asked.text) if not sameness.is_compared(clause))
        other = understood(rest, self._notice, self._words)
        evidence = asked_for(self._topics, other.marked, self._words)
        if not other.acts or not evidence or evidence[0].weight < _OF_ITS_OWN:
            return ()
        topics = {draft.topic for draft in alike}
        return tuple(draft for draft in self.drafts(other, evidence, now) if draft.topic not in topics)

    def _asked_beside(
        self, asked: Question, drafts: tuple[Draft, ...], covered: frozenset[int], now: datetime
    ) -> Iterator[Draft]:
        """What segments of the question ask that the drafts do not answer yet."""
        topics = {draft.topic for draft in drafts}
        texts = {draft.text for draft in drafts}
        segments = segments_of(asked, self._notice, self._words)
        subject = _subject(asked.text, covered, segments[0]) if segments else ""
        for piece in segments:
            segment = self._item(piece, asked)
            evidence = asked_for(self._topics, segment.marked, self._words)
            if not evidence and subject and segment.asks and segment.start:
                evidence = self._asked_of(subject, segment)
            answered = covered & set(range(segment.start, segment.end))
            if answered and not (evidence and evidence[0].weight >= _OF_ITS_OWN and segment.asks):
                continue
            judged = {draft.topic for draft in drafts if draft.verdict}
            akin = {name for group in _AKIN if judged & group for name in group} | topics
            again = evidence and evidence[0].topic.name in _BY_PARTS and not answered
            if not evidence or (evidence[0].topic.name in akin and not again):
                continue
            if self._only_names(evidence[0], segment):
                continue
            if judged & set(_MEASURED) and evidence[0].span <= _enough(segment.text):
                continue
            draft = evidence[0].topic.tell(understood(segment.text, self._notice, self._words), now)
            if draft is not None and (draft.topic not in akin or again) and draft.text not in texts:
                topics.add(draft.topic)
                texts.add(draft.text)
                yield draft

    def _item(self, segment: Segment, asked: Question) -> Segment:
        """The segment; where it is an item of a list that only names a thing (字数、插图、格式各是什么), with what
        is meant by that name alone."""
        text = asked.text[segment.start : segment.end]
        meant = self._words.single.get(_ASKED_OF_ALL.sub("", text)) if "、" in asked.text else None
        if meant is None:
            return segment
        whole = f"{segment.text.removesuffix(text)}{meant}"
        return replace(segment, text=whole, acts=acts_in(whole, self._words), asks=True)

    def _asked_of(self, subject: str, segment: Segment) -> tuple[Evidence, ...]:
        """What a segment asks that leaves out the subject of the message (汇总表填什么、怎么排), as far as it stands on
        words of the segment too."""
        whole = subject + segment.text
        found = asked_for(self._topics, marked(whole, acts_in(whole, self._words)), self._words)
        return tuple(item for item in found if any(place >= len(subject) for place in item.span))

    def _asked_last(self, asked: Question, now: datetime) -> tuple[Draft, ...]:
        """What the last segment that asks for something we know asks for, in a message that rambles."""
        for segment in reversed(segments_of(asked, self._notice, self._words)):
            evidence = asked_for(self._topics, segment.marked, self._words) if segment.asks else ()
            if evidence and evidence[0].weight >= _OF_ITS_OWN:
                return told(evidence, understood(segment.text, self._notice, self._words), now).drafts
        return ()

    def _only_names(self, evidence: Evidence, segment: Segment) -> bool:
        """Whether a segment only names a category, asking nothing of it: what is meant stands elsewhere."""
        named = any(evidence.topic.name.lower() == item.code.lower() for item in self._notice.categories)
        return (named or self._describes_category(evidence.topic.clauses)) and not segment.acts & _OF_CATEGORIES

    def _refuses_another(self, item: Evidence, asked: Question, now: datetime) -> bool:
        """Whether a fact refuses (不合适) what is proposed for another category than those asked about."""
        if not asked.exact or not item.topic.clauses:
            return False
        draft = item.topic.tell(asked, now)
        if draft is None or not draft.text.startswith(_UNFIT):
            return False
        spoken_of = re.split("[，；。]", draft.text.removeprefix(_UNFIT))[0]
        about = {code for _, _, codes in mentions(spoken_of.lower(), self._notice) for code in codes}
        return bool(about) and not about & set(asked.categories)

    def _describes_category(self, clauses: tuple[str, ...]) -> bool:
        """Whether all that a topic rests on are descriptions of categories."""
        owners = tuple(item.clause for item in self._notice.categories)
        return bool(clauses) and all(
            any(clause == owner or clause.startswith(f"{owner}.") for owner in owners) for clause in clauses
        )

    def _verdicts(self, asked: Question, now: datetime) -> list[Draft]:
        notice, words = self._notice, self._words
        judges: tuple[Callable[[], Draft | None], ...] = (
            lambda: self._fit(asked),
            lambda: self._places.misplaced(asked),
            lambda: self._places.section(asked) if "section" in asked.acts and not _SENDS.search(asked.text) else None,
            lambda: self._doers.judge(asked),
            lambda: self._routes.judge(asked),
            lambda: lengths.judge_words(asked, notice, words),
            lambda: lengths.judge_pictures(asked, notice, words),
            lambda: self._judge_unbound(asked, now),
            lambda: forms.judge_form(asked, notice),
            lambda: forms.judge_all_video(asked, notice),
            lambda: forms.judge_template(asked, notice),
            lambda: formats.judge_formats(asked, notice, words),
            lambda: video.judge_resolution(asked, notice, words),
            lambda: judge_measures(asked, notice, words),
            lambda: video.judge_subtitles(asked, notice, words),
            lambda: video.judge_music(asked, notice, words),
            lambda: video.judge_quality(asked, notice, words),
            lambda: must_report.judge_must_report(asked, notice),
            lambda: fields.judge_category_field(asked, notice),
            lambda: table_order.judge_order(asked, notice),
            lambda: handing_in.judge_table(asked, notice, words),
            lambda: handing_in.judge_supporting(asked, notice, words),
            lambda: typography.judge_fonts(asked, notice, words),
            lambda: structure.judge_left_out(asked, notice),
            lambda: structure.judge_attachment(asked, notice),
            lambda: awards.judge_awards(asked, notice, words),
            lambda: quotas.judge_counts(asked, notice, words),
            lambda: same_day.judge_same_day(asked, notice),
            lambda: schedule.judge_days(asked, notice, now),
        )
        return [draft for judge in judges if (draft := judge()) is not None]

    def _judge_unbound(self, asked: Question, now: datetime) -> Draft | None:
        """The verdict on something claimed to be free that the notice regulates; None when nothing is."""
        name = unbound(asked)
        topic = next((item for item in self._topics if item.name == name), None)
        draft = topic.tell(asked, now) if topic is not None else None
        if draft is None or "不限" in draft.text:
            return None
        return replace(draft, text=f"不是。{draft.text}", verdict=True)

    def _fit(self, asked: Question) -> Draft | None:
        """Which category is meant, or whether the one named fits."""
        choice = asked.exact and len(asked.categories) > 1 and "还是" in asked.text
        if ("which" in asked.acts or choice) and (draft := self._fitting.tell(asked)) is not None:
            return draft
        return self._fitting.judge_group(asked) or self._fitting.judge(asked)


def _subject(text: str, covered: frozenset[int], first: Segment) -> str:
    """What the first segment of a message speaks of: the longest run of its characters that was told of."""
    spoken = "".join(text[place] if place in covered else " " for place in range(first.start, first.end))
    longest = max(spoken.split(), key=len, default="")
    return longest if len(longest) >= _NAME else ""


_ENOUGH = re.compile(r"够不够|够不|够吗|够了?没|够了吗|够了吧|够吧|够")


def _unless_refused(verdicts: tuple[Draft, ...], others: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """The verdicts, without a category's assent to what is refused for another reason."""
    refused = any(draft.text.startswith(_REFUSING) for draft in (*verdicts, *others))
    return tuple(
        draft for draft in verdicts if not (refused and draft.topic == "locate" and draft.text.startswith("可以"))
    )


def _stated(asked: Question) -> frozenset[int]:
    """The characters of the segments in which amounts were stated."""
    places = {place for amount in asked.amounts for place in range(amount.start, amount.end)}
    covered: set[int] = {-1}
    for match in _SEGMENT.finditer(asked.text):
        span = set(range(*match.span()))
        if span & places:
            covered |= span
    return frozenset(covered | _enough(asked.text))


def _enough(text: str) -> set[int]:
    """The characters that ask whether something is enough, whatever it is."""
    return {place for match in _ENOUGH.finditer(text) for place in range(*match.span())}
