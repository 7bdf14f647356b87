"""A stored file that has been read: what is known of it, kept as one value, and how it becomes a material of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from domain.demands import Category
from domain.notice import Notice
from domain.receipt import RANDOM_BYTES, new_receipt
from domain.replacing import Edition, doubts
from handlers.casework.editions import edition_kept, edition_of, instant_of
from handlers.contract import Attachment, Context
from handlers.said import one_line
from store import cases, checks
from store.cases import Arrived, Received
from store.schema.campaign import Case, Material
from validators import basic_info, judge
from validators.facts import FileFacts, FileKind
from validators.json_codec import to_json
from validators.report import Report, Verdict

UNNAMED = "未命名案例"
_WORD_KINDS = frozenset({FileKind.DOCX, FileKind.DOCM, FileKind.DOTX, FileKind.STRICT_DOCX})
_VIDEO_KINDS = frozenset({FileKind.MP4, FileKind.MOV, FileKind.OTHER_VIDEO})


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of a file once it has been read, fit to be kept as JSON (`validators.json_codec`).

    `title` is its main title, else the name its table of basic information gives, else its file name; `school` what
    that table says. `reports` has one for each category of the notice, `fitting` are the codes of those that its kind
    of file can be sent for. `modified` is ISO 8601.
    """

    name: str
    size: int
    sha256: str
    title: str
    school: str
    words: int | None
    modified: str
    text_sha256: str | None
    reports: tuple[Report, ...]
    fitting: tuple[str, ...]

    @property
    def edition(self) -> Edition:
        """What the file says of itself, to be compared with other versions."""
        return Edition(self.words, instant_of(self.modified), self.text_sha256)

    @property
    def is_word(self) -> bool:
        """Whether it is a Word file that could be read: of others no copies are made."""
        return self.words is not None

    def read_as(self, offered: Sequence[Category]) -> tuple[Report, ...]:
        """The reports for those of these categories that the file can be sent for; for all of these if it fits none."""
        codes = {category.code for category in offered}
        fitting = tuple(report for report in self.reports if report.category in codes & set(self.fitting))
        return fitting or tuple(report for report in self.reports if report.category in codes)


def look(file: Attachment, notice: Notice) -> Looked:
    """Judge the file for every category it can be sent for."""
    word = file.facts.word
    edition = edition_of(file.facts)
    info = None if word is None else basic_info(word, notice.template)
    title = "" if word is None or info is None else word.title.text or info.title
    return Looked(
        name=one_line(file.name) or UNNAMED,
        size=file.size,
        sha256=file.sha256,
        title=one_line(title) or one_line(PurePath(file.name).stem) or UNNAMED,
        school=one_line(info.school) if info is not None else "",
        words=edition.words,
        modified=edition.modified_at.isoformat() if edition.modified_at else "",
        text_sha256=edition.text_sha256,
        reports=tuple(judge(file.facts, category, notice) for category in notice.categories),
        fitting=tuple(category.code for category in _fitting(notice.categories, file.facts)),
    )


def receive(
    ctx: Context,
    looked: Looked,
    reports: Sequence[Report],
    *,
    position: int,
    owner_id: int | None = None,
    inbox_id: int | None = None,
    counted_at: datetime | None = None,
    arrived_at: datetime | None = None,
    school: str | None = None,
    contact: str | None = None,
) -> Received:
    """Make the file a material of one of the owner's cases, or of a new one; what was found about it is kept with it.

    `reports` are those for the categories in question: with one left, that is the new case's. `counted_at` is when the
    file first came, where it was lost then. `school` and `contact` are whose case it is, when somebody else sends it.
    """

    def receipt(category: str | None) -> str:
        return new_receipt(category, ctx.randomness(RANDOM_BYTES))

    def asks_first(current: Material, earlier: Sequence[Material]) -> bool:
        mends = _mends(ctx, current, looked.reports)
        return bool(doubts(edition, edition_kept(current), [edition_kept(each) for each in earlier], mends=mends))

    edition, came = looked.edition, arrived_at or ctx.arrived_at
    arrived = Arrived(
        owner_id=owner_id or ctx.actor.person_id,
        title=looked.title,
        category=reports[0].category if len(reports) == 1 else None,
        name=looked.name,
        size=looked.size,
        sha256=looked.sha256,
        arrived_at=came,
        on_time=ctx.is_on_time(counted_at or came),
        inbox_id=inbox_id or ctx.inbox_id,
        position=position,
        counted_at=counted_at,
        words=edition.words,
        modified_at=edition.modified_at,
        text_sha256=edition.text_sha256,
        school=school,
        contact=contact,
        written_school=looked.school,
        actor_id=ctx.actor.person_id,
    )
    return cases.receive_material(ctx.session, arrived, receipt, ctx.now, asks_first)


def keep_reports(ctx: Context, received: Received, looked: Looked) -> None:
    """Keep every reading that may matter: a category chosen later needs no second look at the file."""
    codes = {*looked.fitting, received.case.category}
    for report in looked.reports:
        if report.category is not None and report.category in codes:
            checks.record(
                ctx.session,
                material_id=received.material.id,
                category=report.category,
                verdict=report.verdict,
                report=to_json(report),
                rules_digest=ctx.notice.digest,
                now=ctx.now,
            )


def _mends(ctx: Context, current: Material, reports: Sequence[Report]) -> bool:
    """Whether the new file meets what the one in use does not: for the case's category or, untold, for any."""
    category = ctx.session.get_one(Case, current.case_id).category
    for report in reports:
        if report.category is None or category not in {None, report.category}:
            continue
        before = checks.latest(ctx.session, current.id, report.category)
        if before is not None and before.verdict == Verdict.FAIL and report.verdict is not Verdict.FAIL:
            return True
    return False


def _fitting(categories: Sequence[Category], facts: FileFacts) -> tuple[Category, ...]:
    """The categories a file of this kind can be sent for; all of them when its kind tells nothing."""
    if facts.word is not None or facts.kind in _WORD_KINDS:
        return tuple(each for each in categories if each.text is not None) or tuple(categories)
    if facts.video is not None or facts.kind in _VIDEO_KINDS:
        return tuple(each for each in categories if each.video is not None) or tuple(categories)
    return tuple(categories)
